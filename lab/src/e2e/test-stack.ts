import { blocksDatabaseOf } from '@recargas/contracts'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import mongoose from 'mongoose'
import { acquireServers, backendNamed, type Servers } from '@recargas/stack/backend'
import { createGuard } from '@recargas/stack/guard'
import { keepLogs, keepMetrics, tracesFolder } from '@recargas/check/privacy/traces'
import { createVhost, deleteVhost } from '@recargas/stack/rabbitmq-management'
import type { Environment, ServiceProcess } from '@recargas/stack/service-process'
import {
  databaseOf,
  stackDatabases,
  startStack,
  testSecrets,
  unlimitedRates,
  userPasswords,
  type Stack,
  type StackOptions,
} from '@recargas/stack/supervisor'
import { control, moveBalance, readCalls } from '../till/carrier-control.ts'
import { proveStack, type Proof } from '../till/proof.ts'
import { eventually } from '../till/shop.ts'

export type TestStack = {
  readonly gateway: { readonly url: () => string; readonly jwtSecret: string }
  /** The ledger's address for its own tools. */
  readonly ledger: { readonly url: string; readonly serviceToken: string }
  readonly processes: Stack['processes']
  /** Places where a sale leaves traces. */
  readonly traces: Pick<Stack, 'ledgerUri' | 'adapterUri' | 'logFolder'> & {
    readonly amqpUrl: string
  }
  /** The same databases with the administrator's user: a restore writes documents that no service may. */
  readonly administration: { readonly ledger: string; readonly adapter: string }
  /** The ledger's database with the read-only user. */
  readonly auditUri: string
  readonly adapterUrl: string
  readonly sandboxUrl: string
  /** Calls of one sale that reached the carrier. */
  readonly carrierCalls: (topupId: string) => Promise<number>
  readonly carrierCallsTo: (number: string) => Promise<number>
  /** The carrier debits this number's sales at once and answers that late. */
  readonly slowDown: (number: string, delayMs: number) => Promise<void>
  /** Moves the merchant's balance at the carrier, other than by our sales. */
  readonly moveCarrierBalance: (by: number) => Promise<void>
  /** A hash for each collection of the ledger's and the adapter's databases: equal when nothing was written. */
  readonly databaseHashes: () => Promise<Readonly<Record<string, string>>>
  readonly restartBroker: () => Promise<void>
  /** Servers of its own, to make faults with; null where they are shared. */
  readonly native: Servers['native']
  /** Another gateway on the same broker, not started yet. */
  readonly anotherGateway: (name: string) => Promise<ServiceProcess>
  /** Another ledger on the same database and broker, not started yet. */
  readonly anotherLedger: (name: string, env?: Environment) => Promise<ServiceProcess>
  /** Stops everything and proves the ledger first. */
  readonly close: () => Promise<Proof>
}

type Options = {
  /** Servers of its own, for tests that end them. */
  readonly ownServers?: boolean
  readonly env?: StackOptions['env']
}

/** Every service as a process of its own, on databases and a virtual host of its own. */
export const openTestStack = async (name: string, options: Options = {}): Promise<TestStack> => {
  const folder = await mkdtemp(join(tmpdir(), `recargas-${name}-`))
  const servers = options.ownServers ? await ownServers(folder) : await sharedServers()
  const suffix = `_${name}_${randomBytes(4).toString('hex')}`
  const databases = stackDatabases(suffix)
  const vhost = `test${suffix}`
  await createVhost(servers.managementUrl, vhost)
  const amqpUrl = `${servers.amqpUrl.replace(/\/$/, '')}/${vhost}`
  const guard = createGuard()
  const stack = await startStack({
    folder,
    mongodbUri: servers.mongodbUri,
    amqpUrl,
    managementUrl: servers.managementUrl,
    databaseSuffix: suffix,
    guard,
    env: talkative(options.env),
  })
  const further: ServiceProcess[] = []

  const { ledgerUri, adapterUri, logFolder } = stack
  const sandbox = stack.urls.sandbox
  return {
    gateway: { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret },
    ledger: { url: stack.urls.ledger, serviceToken: stack.serviceToken },
    processes: stack.processes,
    traces: { ledgerUri, adapterUri, logFolder, amqpUrl },
    administration: {
      ledger: databaseOf(servers.mongodbUri, databases.ledger),
      adapter: databaseOf(servers.mongodbUri, databases.adapter),
    },
    auditUri: stack.auditUri,
    adapterUrl: stack.urls.adapter,
    sandboxUrl: sandbox,
    ...carrierOf(sandbox),
    databaseHashes: () =>
      restingHashesOf(servers.mongodbUri, [
        ...Object.values(databases),
        blocksDatabaseOf(databases.ledger),
      ]),
    restartBroker: async () => {
      if (servers.restartBroker === null) throw new Error('this backend cannot restart its broker')
      await servers.restartBroker()
    },
    anotherLedger: async (title, env = {}) => {
      const ledger = await stack.another('ledger', title, env)
      further.push(ledger)
      return ledger
    },
    native: servers.native,
    anotherGateway: async (title) => {
      const gateway = await stack.another('gateway', title)
      further.push(gateway)
      return gateway
    },
    close: async () => {
      const proof = await proveStack(stack.auditUri, sandbox)
      const keepRest = await keepTraces(stack, suffix)
      await Promise.all(further.map((service) => service.stop()))
      await stack.stop()
      await guard.close()
      if (!options.ownServers) await deleteVhost(servers.managementUrl, vhost)
      await servers.stop()
      await keepRest()
      await rm(folder, { recursive: true, force: true })
      return proof
    },
  }
}

/** The carrier's call log and its controls. */
type CarrierSide = Pick<
  TestStack,
  'carrierCalls' | 'carrierCallsTo' | 'slowDown' | 'moveCarrierBalance'
>

const carrierOf = (sandbox: string): CarrierSide => ({
  carrierCalls: async (topupId) =>
    (await readCalls(sandbox)).filter(({ token }) => token === topupId).length,
  carrierCallsTo: async (number) =>
    (await readCalls(sandbox)).filter((call) => call.number === number).length,
  slowDown: async (number, delayMs) => {
    const scenario = { scenario: 'answer-after', delayMs, match: { number } }
    await control(sandbox, 'POST', '/_scenario', scenario)
  },
  moveCarrierBalance: (by) => moveBalance(sandbox, by),
})

/** Logs at debug level, because the scan for secrets covers every line of a service. */
const talkative = (env: StackOptions['env'] = {}): NonNullable<StackOptions['env']> => ({
  ...env,
  gateway: { LOG_LEVEL: 'debug', ...unlimitedRates, ...env.gateway },
  ledger: { LOG_LEVEL: 'debug', ...env.ledger },
  adapter: { LOG_LEVEL: 'debug', ...env.adapter },
})

/** Stores the traces for the scan after all tests. @returns a function that stores the logs, once everything has ended */
const keepTraces = async (stack: Stack, suffix: string): Promise<() => Promise<void>> => {
  const kept = tracesFolder()
  if (kept === undefined) return () => Promise.resolve()
  const { gateway, ledger, adapter, sandbox } = stack.urls
  const numbers = (await readCalls(sandbox)).flatMap(({ number }) => number ?? [])
  const { broker, database } = userPasswords(testSecrets.usersSecret)
  const secrets = [testSecrets, broker, database].flatMap((each) => Object.values<string>(each))
  const canaries = { numbers: [...new Set(numbers)], secrets }
  const trace = join(kept, `stack${suffix}`)
  await keepMetrics(trace, { gateway, ledger, adapter })
  return () => keepLogs(trace, stack.logFolder, canaries)
}

/** Equal readings in a row: more than two seconds, in which projections and the first reconciliation come to rest. */
const restingReadings = 25

/** Hashes of the collections once the projections show the log and nothing else is written. */
const restingHashesOf = async (uri: string, databases: readonly string[]) => {
  let last: Readonly<Record<string, string>> = {}
  let same = 0
  await eventually(
    async () => {
      const hashes = await hashesOf(uri, databases)
      same = isDeepStrictEqual(hashes, last) ? same + 1 : 0
      last = hashes
      return same
    },
    (count) => count >= restingReadings,
  )
  return last
}

const hashesOf = async (
  uri: string,
  databases: readonly string[],
): Promise<Readonly<Record<string, string>>> => {
  const connection = await mongoose.createConnection(uri).asPromise()
  try {
    const hashes: Record<string, string> = {}
    for (const database of databases) {
      const { collections } = await connection.getClient().db(database).command({ dbHash: 1 })
      for (const [name, hash] of Object.entries(collections as Record<string, string>)) {
        // Instances write a heartbeat there every second or two.
        if (name !== 'leases') hashes[`${database}.${name}`] = hash
      }
    }
    return hashes
  } finally {
    await connection.close()
  }
}

type TestServers = Pick<Servers, 'mongodbUri' | 'amqpUrl' | 'native' | 'stop'> & {
  readonly managementUrl: string
  readonly restartBroker: (() => Promise<void>) | null
}

const ownServers = async (folder: string): Promise<TestServers> => {
  const servers = await acquireServers({
    folder,
    log: () => undefined,
    backend: backendNamed(process.env['TEST_BACKEND'] ?? 'native'),
  })
  const { native, managementUrl } = servers
  if (managementUrl === null) throw new Error('the broker has no management API')
  return {
    ...servers,
    managementUrl,
    restartBroker: native === null ? null : () => native.rabbitmq.restart(),
  }
}

const sharedServers = (): Promise<TestServers> => {
  const mongodbUri = process.env['TEST_MONGODB_URI']
  const amqpUrl = process.env['TEST_AMQP_URL']
  const managementUrl = process.env['TEST_RABBIT_MANAGEMENT_URL']
  if (!mongodbUri || !amqpUrl || !managementUrl) {
    throw new Error('no test servers: run through `npm test` or `npm run jest`')
  }
  const stop = () => Promise.resolve()
  return Promise.resolve({
    mongodbUri,
    amqpUrl,
    managementUrl,
    restartBroker: null,
    native: null,
    stop,
  })
}
