import { randomUUID } from 'node:crypto'
import {
  adapterQueue,
  CarrierVerdictMessage,
  exchanges,
  ledgerQueue,
  MerchantId,
  partitionOf,
  sharedTopology,
  type CarrierJob,
  type CarrierVerdict,
  type FundsReserved,
} from '@recargas/contracts'
import { connectBroker, type Broker } from '@recargas/messaging'
import { readConfig, silentLog, type RunningService } from '@recargas/runtime'
import { freePort, manageBroker, testVhost } from '@recargas/runtime/testing'
import { createSandbox, type Sandbox } from '@recargas/tpaga-sandbox'
import { createApp } from '../app.ts'
import { AdapterSettings } from '../config.ts'
import { freshDatabase } from './fresh-database.ts'
import { apiKey } from './worker.ts'

const serviceToken = 'a-service-token-of-a-test'

export type WholeAdapter = {
  readonly sandbox: Sandbox
  readonly ask: (job: CarrierJob, queue?: string) => Promise<void>
  /** Bytes for a queue, whatever they are. */
  readonly put: (queue: string, body: Buffer) => Promise<void>
  /** The codes of a queue's dead letters so far. */
  readonly quarantined: (queue: string) => Promise<readonly string[]>
  /** The verdicts on a sale that the ledger received, in their order. */
  readonly verdictsOf: (job: FundsReserved) => readonly CarrierVerdict[]
  /** An internal route, with the service token. */
  readonly read: (path: string) => Promise<Response>
  readonly restart: () => Promise<void>
  /** Restarts over a database that was born so long after now; `started` ends once the adapter takes jobs or gives up. */
  readonly restartBornAhead: (aheadMs: number) => Promise<{
    readonly bornAt: Date
    readonly started: Promise<void>
    readonly ready: () => Promise<Response>
  }>
  readonly close: () => Promise<void>
}

/** The whole adapter on real servers; the ledger is played: its jobs and its queue of verdicts by us. */
export const startWholeAdapter = async (
  changes: Readonly<Record<string, string>> = {},
): Promise<WholeAdapter> => {
  const vhost = await testVhost('adapter')
  const database = await freshDatabase()
  const sandbox = await createSandbox({ apiKey, latencyMs: 0 })
  const { ledger, said } = await playLedger(vhost.url)
  const start = async (port?: number): Promise<{ adapter: RunningService; url: string }> => {
    port ??= await freePort()
    const settings = readConfig(AdapterSettings, {
      NODE_ENV: 'test',
      PORT: String(port),
      MONGODB_URI: database.uri,
      AMQP_URL: vhost.url,
      SERVICE_TOKEN: serviceToken,
      TPAGA_BASE_URL: `${sandbox.url}/api/gateway_topup/v1`,
      TPAGA_API_KEY: apiKey,
      CLOCK_SKEW_MS: '50',
      REPEAT_EVERY_MS: '20',
      SHUTDOWN_TIMEOUT_MS: '2000',
      ...changes,
    })
    if (settings.kind === 'invalid') throw new Error(settings.problems.join('\n'))
    return {
      adapter: await createApp(settings.config, silentLog),
      url: `http://127.0.0.1:${port}`,
    }
  }
  let running = await start()
  const publish = async (queue: string, messageId: string, type: string, body: Buffer) => {
    const message = { exchange: exchanges.command, routingKey: queue, messageId, type, body }
    const { kind } = await ledger.publish({ ...message, persistent: true })
    if (kind !== 'confirmed') throw new Error(`the message was ${kind}`)
  }
  const setAside: { readonly queue: string; readonly code: string }[] = []
  return {
    sandbox,
    put: (queue, body) => publish(queue, randomUUID(), 'test', body),
    quarantined: async (queue) => {
      setAside.push(...(await takeWatched(vhost.name)))
      return setAside.filter((each) => each.queue === queue).map(({ code }) => code)
    },
    ask: (job, queue = adapterQueue('tpaga', 'topup')) =>
      publish(queue, job.id, job.type, Buffer.from(JSON.stringify(job))),
    verdictsOf: (job) =>
      said.filter(({ subject }) => subject === job.topupId).map(({ data }) => data),
    read: (path) =>
      fetch(`${running.url}${path}`, { headers: { authorization: `Bearer ${serviceToken}` } }),
    restart: async () => {
      await running.adapter.close()
      running = await start()
    },
    restartBornAhead: async (aheadMs) => {
      await running.adapter.close()
      const bornAt = new Date(Date.now() + aheadMs)
      await database.collections.meta.updateOne({ _id: 'identity' }, { $set: { bornAt } })
      const port = await freePort()
      const started = start(port).then((next) => void (running = next))
      // Judged where it is waited for.
      started.catch(() => undefined)
      return { bornAt, started, ready: () => fetch(`http://127.0.0.1:${port}/ready`) }
    },
    close: async () => {
      await running.adapter.close()
      await ledger.close(1_000)
      await sandbox.close()
      await database.drop()
      await vhost.drop()
    },
  }
}

/** A queue of the test's own beside the dead letters': it gets a copy of each. */
const watched = 'test.watch.v1'

type Taken = {
  readonly properties: { readonly headers?: Readonly<Record<string, unknown>> }
}

const takeWatched = async (vhost: string) => {
  const asked = { count: 100, ackmode: 'ack_requeue_false', encoding: 'auto', truncate: 100 }
  const taken = await manageBroker('POST', `/queues/${vhost}/${watched}/get`, asked)
  return (taken as readonly Taken[]).map(({ properties: { headers = {} } }) => ({
    queue: String(headers['origin-queue']),
    code: String(headers['last-error-code']),
  }))
}

const playLedger = async (
  url: string,
): Promise<{ ledger: Broker; said: CarrierVerdictMessage[] }> => {
  const said: CarrierVerdictMessage[] = []
  const ledger = await connectBroker({
    urls: [url],
    name: 'played-ledger',
    topology: {
      ...sharedTopology,
      queues: [
        ...sharedTopology.queues,
        { name: watched, arguments: {}, durable: true, exclusive: false, autoDelete: false },
      ],
      bindings: [
        ...sharedTopology.bindings,
        { queue: watched, exchange: exchanges.dead, routingKey: '' },
      ],
    },
    heartbeatSeconds: 10,
    reconnectMsMax: 500,
    log: silentLog,
  })
  await ledger.consume({
    queue: ledgerQueue(partitionOf(MerchantId.parse('principal'))),
    prefetch: 10,
    parse: (value) => ({
      ok: true,
      message: (Array.isArray(value) ? value : [value]).map((each) =>
        CarrierVerdictMessage.parse(each),
      ),
    }),
    handle: (verdicts) => {
      said.push(...verdicts)
      return Promise.resolve({ verdict: 'ack' })
    },
  })
  return { ledger, said }
}
