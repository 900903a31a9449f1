/**
 * npm start and npm run dev. Plain JavaScript without dependencies, since it runs before any is installed: installs the
 * lockfile's packages, builds, then starts the stack in this same process.
 */
import { clearInterval, setInterval } from 'node:timers'
// Imported first for its handlers of signals; the stack takes the signals over once it is loaded.
import { prepare, repository } from './prepare.mjs'

// npm passes SIGHUP and SIGKILL on to nobody: only its end is visible.
const starter = process.ppid
if (process.env.npm_lifecycle_event !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === starter) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}

const help = `Starts everything on this machine: MongoDB, RabbitMQ, the three services, the carrier's sandbox, demo data.

  npm start -- [--reset] [--port-base 3000] [--backend docker|native|external] [--correlation ID]
               [--inspect SERVICE] [--watch] [--servers-only]

  --reset        delete the data of earlier runs first
  --port-base    the gateway's port; the others follow it (also PORT_BASE)
  --backend      where MongoDB and RabbitMQ come from (also STACK_BACKEND); the first that serves when not said
  --correlation  show only the log lines of that X-Request-Id or sale; past ones: npm run --silent logs -- --help
  --inspect      a debugger may attach to that service: gateway, ledger, adapter or sandbox; may be given again. Its port
                 is printed: 3016 for the sandbox, 3017 ledger, 3018 adapter, 3019 gateway, shifted as the others
  --watch        build whenever a source changes, and restart the services whose code changed; npm run dev is this
  --servers-only MongoDB and RabbitMQ without a service, for npm run ops -- restore

STACK_NODES=3 starts three members of MongoDB and of RabbitMQ 4.3 each, in clusters, and two of each service behind one
address. STACK_MONGODB=6.0.27 and STACK_RABBITMQ=4.3 take those versions, from packages (docs/operating.md, "Versions").

A service that dies is started again, later each time (0.5 s to 30 s); one that cannot start at all ends the stack.
SIGTERM, SIGINT (Ctrl-C) and SIGHUP, to npm or to this process, stop everything. NODE_OPTIONS reach the services too.

Examples:
  npm start -- --help
  npm start -- --port-base 4000 --reset
  npm start -- --inspect ledger
  STACK_NODES=3 npm start -- --port-base 5000 --reset
  npm run dev

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

process.chdir(repository)
await prepare(console.log)
await import('./dist/main.js')
