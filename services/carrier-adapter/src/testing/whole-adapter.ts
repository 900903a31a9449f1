import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import {
  adapterTopupQueue,
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
import { readConfig, silentLog, type RunningService } from '@recargas/service'
import { createSandbox, type Sandbox } from '@recargas/tpaga-sandbox'
import { createApp } from '../app.ts'
import { AdapterSettings } from '../config.ts'
import { freshDatabase } from './fresh-database.ts'
import { apiKey } from './worker.ts'

const serviceToken = 'a-service-token-of-a-test'

export type WholeAdapter = {
  readonly sandbox: Sandbox
  readonly ask: (job: CarrierJob, queue?: string) => Promise<void>
  /** What the ledger was told of a sale, in its order. */
  readonly verdictsOf: (job: FundsReserved) => readonly CarrierVerdict[]
  /** An internal route, with the service token. */
  readonly read: (path: string) => Promise<Response>
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

/** The whole adapter on real servers; the ledger is played: its jobs and its queue of verdicts by us. */
export const startWholeAdapter = async (
  changes: Readonly<Record<string, string>> = {},
): Promise<WholeAdapter> => {
  const vhost = `adapter-${randomUUID()}`
  await manageVhost(vhost, 'PUT')
  const amqpUrl = `${env('TEST_AMQP_URL').replace(/\/$/, '')}/${vhost}`
  const database = await freshDatabase()
  const sandbox = await createSandbox({ apiKey, latencyMs: 0 })
  const { ledger, said } = await playLedger(amqpUrl)
  const start = async (): Promise<{ adapter: RunningService; url: string }> => {
    const port = await freePort()
    const settings = readConfig(AdapterSettings, {
      NODE_ENV: 'test',
      PORT: String(port),
      MONGODB_URI: database.uri,
      AMQP_URL: amqpUrl,
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
  return {
    sandbox,
    ask: async (job, queue = adapterTopupQueue) => {
      const { kind } = await ledger.publish({
        exchange: exchanges.command,
        routingKey: queue,
        messageId: job.id,
        type: job.type,
        body: Buffer.from(JSON.stringify(job)),
        persistent: true,
      })
      if (kind !== 'confirmed') throw new Error(`the job was ${kind}`)
    },
    verdictsOf: (job) =>
      said.filter(({ subject }) => subject === job.topupId).map(({ data }) => data),
    read: (path) =>
      fetch(`${running.url}${path}`, { headers: { authorization: `Bearer ${serviceToken}` } }),
    restart: async () => {
      await running.adapter.close()
      running = await start()
    },
    close: async () => {
      await running.adapter.close()
      await ledger.close(1_000)
      await sandbox.close()
      await database.drop()
      await manageVhost(vhost, 'DELETE')
    },
  }
}

const env = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run through \`npm test\``)
  return value
}

const manageVhost = async (vhost: string, method: 'PUT' | 'DELETE'): Promise<void> => {
  const { origin, username, password } = new URL(env('TEST_RABBIT_MANAGEMENT_URL'))
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const headers = { authorization, 'content-type': 'application/json' }
  const response = await fetch(`${origin}/api/vhosts/${vhost}`, { method, headers })
  if (!response.ok) throw new Error(`${method} ${vhost}: ${response.status}`)
}

const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const playLedger = async (
  url: string,
): Promise<{ ledger: Broker; said: CarrierVerdictMessage[] }> => {
  const said: CarrierVerdictMessage[] = []
  const ledger = await connectBroker({
    url,
    name: 'played-ledger',
    topology: sharedTopology,
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
