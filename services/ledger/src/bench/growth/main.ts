import { simulateGrowth } from './points.ts'

/** Simulates every point and prints JSON; the names of those that are done go to standard error. */
const found = await simulateGrowth((name) => process.stderr.write(`${name}\n`))
process.stdout.write(`${JSON.stringify(found)}\n`)
