import { blocksDatabaseOf } from '@recargas/contracts'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { keepLogs, keepMetrics, tracesFolder } from '@recargas/check/privacy/traces'
import { backendNamed } from '@recargas/stack/backend'
import type { Environment, ServiceProcess } from '@recargas/stack/service-process'
import { stackDatabases, userPasswords } from '@recargas/stack/stack-access'
import {
  testSecrets,
  unlimitedRates,
  type Stack,
  type StackOptions,
} from '@recargas/stack/supervisor'
import type { Proof } from '../runner/judge.ts'
import { withDatabase, type LedgerDb } from '../runner/ledger-database.ts'
import { placesOn, startServers, type LabServers } from '../runner/servers.ts'
import { startSystem } from '../runner/system.ts'
import { answerBy, moveBalance, readCalls } from '../till/carrier-control.ts'
import { eventually } from '../till/shop.ts'

type Options = {
  /** Servers of its own, for tests that end them. */
  readonly ownServers?: boolean
  readonly env?: StackOptions['env']
}

export type TestStack = Awaited<ReturnType<typeof openTestStack>>

/** Every service as a process of its own, on databases and a virtual host of its own. */
export const openTestStack = async (name: string, options: Options = {}) => {
  const folder = await mkdtemp(join(tmpdir(), `recargas-${name}-`))
  const servers = options.ownServers ? await ownServers(folder) : sharedServers(folder)
  const unique = `${name}_${randomBytes(4).toString('hex')}`
  const system = await startSystem(servers, unique, {
    isPrepared: true,
    managementUrl: servers.managementUrl,
    env: talkative(options.env),
  })
  const databases = stackDatabases(`_${unique}`)
  const administration = {
    ledger: servers.databaseUri(databases.ledger),
    adapter: servers.databaseUri(databases.adapter),
  }
  const further: ServiceProcess[] = []
  /** One more instance on the same servers, not started yet. */
  const another = async (service: 'gateway' | 'ledger', title: string, env: Environment = {}) => {
    const instance = await system.another(service, title, env)
    further.push(instance)
    return instance
  }
  const { ledgerUri, adapterUri, logFolder, amqpUrl, urls, serviceToken, auditUri } = system
  return {
    gateway: system.gateway,
    /** The ledger's address for its own tools. */
    ledger: { url: urls.ledger, serviceToken },
    processes: system.processes,
    traces: { ledgerUri, adapterUri, logFolder, amqpUrl },
    administration,
    /** The ledger's database with the read-only user. */
    auditUri,
    adapterUrl: urls.adapter,
    sandboxUrl: urls.sandbox,
    ...carrierOf(urls.sandbox),
    firstReconciliation: () => firstReconciliationOf(urls.ledger, serviceToken),
    /** A hash for each collection of the ledger's and the adapter's databases: equal when nothing was written. */
    databaseHashes: async () => {
      await firstReconciliationOf(urls.ledger, serviceToken)
      const names = [...Object.values(databases), blocksDatabaseOf(databases.ledger)]
      return restingHashesOf(servers, names)
    },
    restartBroker: async () => {
      if (servers.native === null) throw new Error('this backend cannot restart its broker')
      await servers.native.rabbitmq.restart()
    },
    /** Servers of its own, to make faults with; null where they are shared. */
    native: servers.native,
    anotherGateway: (title: string, env?: Environment) => another('gateway', title, env),
    anotherLedger: (title: string, env?: Environment) => another('ledger', title, env),
    /** Stops everything and proves the ledger first. */
    close: async (): Promise<Proof> => {
      const proof = await system.prove()
      const keepRest = await keepTraces(system, unique)
      await Promise.all(further.map((service) => service.stop()))
      await system.stop()
      await servers.stop()
      await keepRest()
      await rm(folder, { recursive: true, force: true })
      return proof
    },
  }
}

const carrierOf = (sandbox: string) => {
  const countCalls = async (
    holds: (call: { token: string | null; number: string | null }) => boolean,
  ) => (await readCalls(sandbox)).filter(holds).length
  return {
    /** Calls of one sale that reached the carrier. */
    carrierCalls: (topupId: string) => countCalls(({ token }) => token === topupId),
    carrierCallsTo: (called: string) => countCalls(({ number }) => number === called),
    /** The carrier debits this number's sales at once and answers that late. */
    slowDown: (number: string, delayMs: number) =>
      answerBy(sandbox, { scenario: 'answer-after', delayMs, match: { number } }),
    /** Moves the merchant's balance at the carrier, other than by our sales. */
    moveCarrierBalance: (by: number) => moveBalance(sandbox, by),
  }
}

/** Logs at debug level, because the scan for secrets covers every line of a service. */
const talkative = (env: StackOptions['env'] = {}): NonNullable<StackOptions['env']> => ({
  ...env,
  gateway: { LOG_LEVEL: 'debug', ...unlimitedRates, ...env.gateway },
  ledger: { LOG_LEVEL: 'debug', ...env.ledger },
  adapter: { LOG_LEVEL: 'debug', ...env.adapter },
})

/** Stores the traces for the scan after all tests. @returns a function that stores the logs, once everything has ended */
const keepTraces = async (stack: Stack, unique: string): Promise<() => Promise<void>> => {
  const kept = tracesFolder()
  if (kept === undefined) return () => Promise.resolve()
  const { gateway, ledger, adapter, sandbox } = stack.urls
  const numbers = (await readCalls(sandbox)).flatMap(({ number }) => number ?? [])
  const { broker, database } = userPasswords(testSecrets.usersSecret)
  const secrets = [testSecrets, broker, database].flatMap((each) => Object.values<string>(each))
  const canaries = { numbers: [...new Set(numbers)], secrets }
  const trace = join(kept, `stack_${unique}`)
  await keepMetrics(trace, { gateway, ledger, adapter })
  return () => keepLogs(trace, stack.logFolder, canaries)
}

/** Waits for the reconciliation that a ledger makes at its start, or seconds later where the adapter was not up yet. */
const firstReconciliationOf = async (ledgerUrl: string, serviceToken: string): Promise<void> => {
  const headers = { authorization: `Bearer ${serviceToken}` }
  await eventually(
    () => fetch(`${ledgerUrl}/internal/reconciliations/latest`, { headers }),
    ({ status }) => status === 200,
  )
}

/** Equal readings in a row: more than two seconds, in which projections come to rest. */
const restingReadings = 25

/** Hashes of the collections once the projections show the log and nothing else is written. */
const restingHashesOf = (servers: LabServers, databases: readonly string[]) =>
  withDatabase(servers.mongodbUri, async ({ client }) => {
    let last: Readonly<Record<string, string>> = {}
    let same = 0
    await eventually(
      async () => {
        const hashes = await hashesOf(client, databases)
        same = isDeepStrictEqual(hashes, last) ? same + 1 : 0
        last = hashes
        return same
      },
      (count) => count >= restingReadings,
    )
    return last
  })

/** Collections that change while nothing is sold. */
const restless: ReadonlySet<string> = new Set(['leases', 'proof_progress'])

const hashesOf = async (client: LedgerDb['client'], databases: readonly string[]) => {
  const hashes: Record<string, string> = {}
  for (const name of databases) {
    const { collections } = await client.db(name).command({ dbHash: 1 })
    for (const [collection, hash] of Object.entries(collections as Record<string, string>)) {
      // Instances write heartbeats and the progress of the proof there.
      if (!restless.has(collection)) hashes[`${name}.${collection}`] = hash
    }
  }
  return hashes
}

const ownServers = (folder: string): Promise<LabServers> =>
  startServers(folder, () => undefined, backendNamed(process.env['TEST_BACKEND'] ?? 'native'))

/** The servers of the whole test run. */
const sharedServers = (folder: string): LabServers => {
  const mongodbUri = process.env['TEST_MONGODB_URI']
  const amqpUrl = process.env['TEST_AMQP_URL']
  const managementUrl = process.env['TEST_RABBIT_MANAGEMENT_URL']
  if (!mongodbUri || !amqpUrl || !managementUrl) {
    throw new Error('no test servers: run through `npm test` or `npm run jest`')
  }
  const stop = () => Promise.resolve()
  return placesOn(
    { backend: 'external', mongodbUri, amqpUrl, managementUrl, native: null, stop },
    folder,
  )
}
