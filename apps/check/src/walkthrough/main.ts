import { linesOf, readWalkthrough } from './walkthrough.ts'

/** Counts the files and lines of one sale's way. Run in any folder of the repository. */
const { way } = readWalkthrough()
for (const file of way) console.log(`${String(linesOf(file)).padStart(5)}  ${file}`)
const lines = way.reduce((sum, file) => sum + linesOf(file), 0)
console.log(`${way.length} files, ${lines} lines`)
