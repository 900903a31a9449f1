/**
 * Runs a program of this repository; the npm scripts call it. On a fresh clone it installs the dependencies and builds
 * first. After a change of the sources: npm run build.
 *
 *   node apps/stack/run.mjs apps/ops/dist/main.js status --json
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [node, , program = '', ...args] = process.argv
const file = resolve(root, program)

if (!existsSync(file)) {
  if (!existsSync(resolve(root, 'node_modules/.package-lock.json')))
    prepare('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'])
  prepare('npm', ['run', '--silent', 'build'])
}
process.argv = [node, file, ...args]
await import(pathToFileURL(file))

/** Its output goes to stderr: stdout belongs to the program, whose JSON others read. */
function prepare(command, commandArgs) {
  console.error(`${[command, ...commandArgs].join(' ')} …`)
  const { status } = spawnSync(command, commandArgs, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(1)
}
