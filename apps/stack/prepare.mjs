/**
 * Installs the lockfile's packages where they are missing or older, and builds: `npm run build`, and the first step of whatever
 * runs on a fresh clone. Plain JavaScript without dependencies, since it
 * runs before any is installed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../..', import.meta.url))

let child = null
let isEnding = false
const endTimeoutMs = 3_000
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

// Set at once, since process 1 of a container ignores a signal that has no handler.
for (const signal of signals) process.on(signal, end)

/** Leaves the signals to the program that follows. */
export const releaseSignals = () => {
  for (const signal of signals) process.off(signal, end)
}

/** @param log receives a line for each step; a step's own output goes to stderr */
export const prepare = async (log) => {
  if (isStale()) {
    await step(log, 'dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'])
  }
  await step(log, 'client types', process.execPath, ['packages/client/generate.mjs'])
  await step(log, 'build', process.execPath, ['node_modules/typescript/bin/tsc', '-b'])
  await step(log, 'screen', process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web'])
}

// npm writes both files in one go, so a moment's difference means nothing.
const toleranceMs = 5_000

function isStale() {
  const [wanted, installed] = ['package-lock.json', 'node_modules/.package-lock.json'].map((file) =>
    join(repository, file),
  )
  return (
    !existsSync(installed) || statSync(wanted).mtimeMs > statSync(installed).mtimeMs + toleranceMs
  )
}

/** In a group of its own, so that all of it can be ended. */
async function step(log, name, command, args) {
  const startedAt = Date.now()
  child = spawn(command, args, { cwd: repository, stdio: ['ignore', 2, 2], detached: true })
  const ended = await once(child, 'exit').catch((error) => [null, null, error])
  child = null
  if (isEnding) process.exit(0)
  const [status, , error] = ended
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  if (status !== 0) {
    console.error(`✗ ${name} ${seconds}s${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
  log(`✓ ${name} ${seconds}s`)
}

/** Ends the one child, and this process with it. */
function end() {
  if (child === null || isEnding) process.exit(isEnding ? 1 : 0)
  isEnding = true
  endChild('SIGTERM')
  setTimeout(() => endChild('SIGKILL'), endTimeoutMs)
}

function endChild(signal) {
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The process has ended already.
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prepare(console.error)
