import { existsSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { errorText } from '@recargas/contracts'
import { createLineOutput, stackSecretsFile } from '@recargas/runtime'
import { followLogs } from './logs/follow.ts'
import { correlationsOf } from './logs/correlations.ts'
import { showLine, wantsColour } from './logs/show.ts'
import { readArguments, type StartArguments } from './arguments.ts'
import {
  acquireServers,
  backendAsked,
  chooseBackend,
  type Choice,
  type Servers,
} from './backend.ts'
import { cashierSale, screenAddresses } from './demo-tokens.ts'
import { clusterSettings } from './cluster.ts'
import { developmentSecrets, keepAddresses, stackFolder } from './development-values.ts'
import { environmentValue } from './given-value.ts'
import { claimFolder, layoutFile } from './folder-layout.ts'
import { createGuard, type Guard } from './guard.ts'
import { memberPorts } from './native-ports.ts'
import { keepStack, type KeptStack } from './keep-stack.ts'
import { lockFolder } from './lock.ts'
import { describePortInUse, portsInUse } from './ports.ts'
import { endPrograms } from './run-program.ts'
import { seed } from './seed.ts'
import { databaseOf, stackDatabases } from './stack-access.ts'
import { startStack, type Stack, type StackSecrets } from './supervisor.ts'
import { summary } from './summary.ts'
import { watchSources } from './watch-sources.ts'

/** npm forwards the Ctrl-C that the terminal has sent here already: two so close together are one. */
const samePressMs = 1_000

const say = (line: string) => console.log(line)
const done = (name: string, tookMs: number) => say(`✓ ${name} ${(tookMs / 1000).toFixed(1)}s`)
const fail = (line: string) => console.error(`✗ ${line}`)

type Running = {
  readonly guard: Guard
  acquiring: Promise<Servers> | null
  servers: Servers | null
  stack: Stack | null
  kept: KeptStack | null
  stopWatching: () => void
  /** Ends the log lines on the screen, after the last that was written. */
  hush: () => Promise<void>
}

const run = async (): Promise<number> => {
  const interrupted = interruption()
  const args = readArguments(process.argv.slice(2))
  const folder = resolve(stackFolder())
  const lock = await lockFolder(folder)
  if (lock.kind === 'taken') {
    fail(`a stack runs already: pid ${lock.pid}, since ${lock.startedAt} (${folder})`)
    return 1
  }
  const running: Running = {
    guard: createGuard(),
    acquiring: null,
    servers: null,
    stack: null,
    kept: null,
    stopWatching: () => undefined,
    hush: () => Promise.resolve(),
  }
  try {
    const ended = await Promise.race([interrupted, startAndWatch(args, folder, running)])
    if (ended.code !== 0) fail(ended.cause)
    return ended.code
  } catch (error) {
    fail(errorText(error))
    return 1
  } finally {
    say('stopping')
    await stopAll(running)
    lock.release()
    say('stopped')
  }
}

const stopAll = async (running: Running): Promise<void> => {
  const { guard, acquiring, servers, stack, kept, hush } = running
  running.stopWatching()
  kept?.stop()
  // For example an installation.
  endPrograms()
  await stack?.stop()
  await hush()
  await servers?.stop()
  // Ends servers that were still starting when the stack was stopped; the guard cannot see containers.
  await guard.close()
  if (servers === null) await acquiring?.then((late) => late.stop()).catch(() => undefined)
}

type Death = readonly [name: string, cause: string]
type End = { readonly code: number; readonly cause: string }

/** Resolves at the first signal; a second one ends this process at once, and the guards end the others. */
const interruption = (): Promise<End> =>
  new Promise((resolveEnd) => {
    let pressedAt: number | null = null
    const pressed = () => {
      if (pressedAt === null) resolveEnd({ code: 0, cause: '' })
      else if (performance.now() - pressedAt > samePressMs) process.exit(1)
      pressedAt ??= performance.now()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // The launcher's own handler ends this process without stopping anything.
      process.removeAllListeners(signal)
      process.on(signal, pressed)
    }
  })

const startAndWatch = async (
  args: StartArguments,
  folder: string,
  running: Running,
): Promise<End> => {
  const startedAt = performance.now()
  const choice = await chooseServers(args)
  const taken = await portsInUse(neededPorts(args, choice))
  if (taken.length > 0) {
    const named = taken.map(describePortInUse).join('\n  ')
    return { code: 1, cause: `${named}\n  Other ports: npm start -- --port-base 4000` }
  }
  await prepareFolder(args, folder, choice)
  const secrets = developmentSecrets(folder)
  say(`MongoDB and RabbitMQ: ${choice.backend} (${choice.why})`)
  running.acquiring = acquireServers({
    guard: running.guard,
    folder,
    choice,
    log: say,
    ports: args.servers,
    keepData: true,
    nodes: args.nodes,
    onReady: done,
  })
  const servers = await running.acquiring
  running.servers = servers
  if (args.serversOnly) {
    keepAddresses(folder, administrationOf(servers))
    done('ready', performance.now() - startedAt)
    say('\nNo service runs: npm run ops -- restore FOLDER --replace. Ctrl-C stops the servers.\n')
    return { code: 1, cause: await servers.died }
  }
  const deaths: Death[] = []
  const onDeath = (...death: Death) => {
    if (running.kept === null) deaths.push(death)
    else running.kept.ended(...death)
  }
  const stack = await services(args, folder, running.guard, servers, secrets, onDeath)
  running.stack = stack
  const kept = keepStack(stack, say)
  running.kept = kept
  // A service may have ended while the others were still starting.
  for (const death of deaths) kept.ended(...death)
  keepAddresses(folder, {
    GATEWAY_URL: stack.urls.gateway,
    LEDGER_URL: stack.urls.ledger,
    ADAPTER_URL: stack.urls.adapter,
    ...administrationOf(servers),
    AUDIT_MONGODB_URI: stack.auditUri,
  })
  const seededAt = performance.now()
  const sessions = await seed(stack.urls.gateway, secrets.jwtSecret)
  done('demo data', performance.now() - seededAt)
  done('ready', performance.now() - startedAt)
  say(`\n${summary(stack, servers, folder, args.inspect)}\n`)
  say(`${screenAddresses(stack.urls.gateway, secrets.jwtSecret)}\n`)
  say(cashierSale(stack.urls.gateway, secrets.jwtSecret, sessions))
  say('\nCtrl-C stops everything; data are kept until npm start -- --reset.\n')
  running.hush = await showLogs(stack, args.correlation)
  if (args.watch) {
    running.stopWatching = await watchSources({
      guard: running.guard,
      say,
      onChange: kept.replace,
    })
    say('watching: the services whose code changes are restarted')
  }
  return { code: 1, cause: await Promise.race([stack.died, servers.died]) }
}

/** A restore writes as the administrator, because no service may write its documents. */
const administrationOf = ({ backend, mongodbUri, amqpUrl }: Servers) => ({
  STACK_SERVERS: backend,
  LEDGER_MONGODB_URI: databaseOf(mongodbUri, stackDatabases().ledger),
  ADAPTER_MONGODB_URI: databaseOf(mongodbUri, stackDatabases().adapter),
  AMQP_URL: amqpUrl,
})

const showLogs = async ({ logFolder }: Stack, correlation: string | undefined) => {
  const wanted = correlation === undefined ? null : await correlationsOf(correlation)
  if (wanted?.problem)
    say(`${wanted.problem.message}: ${correlation ?? ''} is taken as an X-Request-Id`)
  const isColoured = wantsColour(process.stdout)
  // A terminal that does not read must not fill this process's memory.
  const screen = createLineOutput({
    stream: process.stdout,
    resumedLine: (lines) => `… ${lines} lines were not shown; all are in ${logFolder}`,
  })
  return followLogs(logFolder, { correlations: wanted?.ids }, (line) =>
    screen.write(showLine(line, isColoured)),
  )
}

const services = (
  args: StartArguments,
  folder: string,
  guard: Guard,
  servers: Servers,
  secrets: StackSecrets,
  onDeath: (...death: Death) => void,
): Promise<Stack> =>
  startStack({
    folder,
    guard,
    mongodbUri: servers.mongodbUri,
    amqpUrl: servers.amqpUrl,
    // Users of servers that are not ours are their owner's to make: npm run users.
    managementUrl:
      servers.backend === 'external' ? undefined : (servers.managementUrl ?? undefined),
    secrets,
    ports: args.services,
    ...(args.nodes === 1 ? {} : { instances: 2, env: clusterSettings }),
    acceptUntilMs: environmentValue('ACCEPT_UNTIL_MS'),
    tpagaBaseUrl: environmentValue('TPAGA_BASE_URL'),
    keepSandboxState: true,
    inspectPorts: args.inspect,
    onReady: done,
    onDeath,
  })

/** A cluster consists of programs of this machine. @throws where another backend is asked for with it */
const chooseServers = ({ nodes, backend }: StartArguments): Promise<Choice> => {
  if (nodes === 1) return chooseBackend(backend, say)
  const asked = backend ?? backendAsked(process.env['STACK_BACKEND'])
  if (asked === undefined || asked === 'native') return chooseBackend('native', say)
  throw new Error(
    `STACK_NODES=${nodes} starts programs of this machine: leave out the backend ${asked} (--backend, STACK_BACKEND)`,
  )
}

const neededPorts = (
  { services, servers, inspect, serversOnly, nodes }: StartArguments,
  { backend }: Choice,
) => [
  ...(serversOnly ? [] : [...Object.values(services), ...Object.values(inspect)]),
  ...(backend === 'native' ? memberPorts(servers, nodes).flatMap((own) => Object.values(own)) : []),
]

/** Empties the folder where that is asked for. @throws where its data are not of this version */
const prepareFolder = async (
  args: StartArguments,
  folder: string,
  choice: Choice,
): Promise<void> => {
  // Data of containers lie in volumes: only the secrets show an earlier start.
  const isUsed = existsSync(
    choice.backend === 'native' ? join(folder, 'mongodb') : stackSecretsFile(folder),
  )
  if (args.reset) await reset(folder, choice)
  // Data of servers that are not ours are refused by the ledger alone.
  if (choice.backend !== 'external') claimFolder(folder, isUsed && !args.reset, args.nodes)
}

/** Forgets all data; the secrets stay, so that tokens handed out still count. */
const reset = async (folder: string, choice: Choice): Promise<void> => {
  if (choice.backend === 'external') {
    throw new Error('--reset: the data of external servers are not ours to delete')
  }
  if (choice.backend === 'docker') {
    const { removeVolumes } = await import('./docker.ts')
    await removeVolumes(folder)
  }
  for (const name of ['mongodb', 'rabbitmq', 'logs', 'tpaga-sandbox.json', layoutFile]) {
    rmSync(join(folder, name), { recursive: true, force: true })
  }
  say('data deleted')
}

process.exitCode = await run().catch((error: unknown) => {
  fail(errorText(error))
  return 1
})
// Whatever still holds the event loop has been stopped or belongs to a guard.
process.exit()
