/**
 * Runs a program of this repository; the npm scripts call it. On a fresh clone it installs the dependencies and builds
 * first. After a change of the sources: npm run build.
 *
 *   node apps/stack/run.mjs apps/ops/dist/main.js status --json
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [node, , program = '', ...args] = process.argv
const file = resolve(fileURLToPath(new URL('../..', import.meta.url)), program)

if (!existsSync(file)) {
  const { prepare, releaseSignals } = await import('./prepare.mjs')
  // Not to stdout: that belongs to the program, whose JSON others read.
  await prepare(console.error)
  releaseSignals()
}
process.argv = [node, file, ...args]
await import(pathToFileURL(file))
