/**
 * npm start. Plain JavaScript without dependencies, since it runs before there are any: installs what the lockfile
 * names, builds, then starts the stack in this same process.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'

const help = `Starts everything on this machine: MongoDB, RabbitMQ, the three services, the carrier's sandbox, demo data.

  npm start -- [--reset] [--port-base 3000] [--backend docker|native|external] [--correlation ID]

  --reset        delete the data of earlier runs first
  --port-base    the gateway's port; the others follow it (also PORT_BASE)
  --backend      where MongoDB and RabbitMQ come from (also STACK_BACKEND); the first that serves when not said
  --correlation  show only the log lines of that X-Request-Id or sale; past ones: npm run --silent logs -- --help

Names read from the environment: docs/operating.md.`

if (process.argv.includes('--help') || process.argv.includes('-h')) {
  console.log(help)
  process.exit(0)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`✗ Node 20.19 or later is needed; this is ${process.versions.node}`)
  process.exit(1)
}

process.chdir(new URL('..', import.meta.url).pathname)

const installed = 'node_modules/.package-lock.json'
// npm writes both files in one go, so a moment's difference means nothing.
const toleranceMs = 5_000
const stale =
  !existsSync(installed) ||
  statSync('package-lock.json').mtimeMs > statSync(installed).mtimeMs + toleranceMs
if (stale) step('dependencies', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'])
step('build', process.execPath, ['node_modules/typescript/bin/tsc', '-b'])
await import('./dist/stack/main.js')

function step(name, command, args) {
  const startedAt = Date.now()
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  if (status !== 0) {
    console.error(`✗ ${name} ${seconds}s${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
  console.log(`✓ ${name} ${seconds}s`)
}
