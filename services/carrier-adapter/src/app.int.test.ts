import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import {
  adapterTopupQueue,
  CarrierState,
  CarrierVerdictMessage,
  exchanges,
  ledgerQueue,
  MerchantId,
  partitionOf,
  sharedTopology,
  type CarrierJob,
  type FundsReserved,
} from '@recargas/contracts'
import { connectBroker, type Broker } from '@recargas/messaging'
import { readConfig, silentLog, type RunningService } from '@recargas/service'
import { createSandbox, scenarios, type Sandbox } from '@recargas/tpaga-sandbox'
import { createApp } from './app.ts'
import { AdapterSettings } from './config.ts'
import { freshDatabase, type FreshDatabase } from './testing/fresh-database.ts'
import { aJob, asClosing, asMessage, eventually } from './testing/jobs.ts'
import { apiKey } from './testing/worker.ts'

/** The whole adapter on real servers; the ledger is played: its jobs and its queue of verdicts by us. */
const vhost = `adapter-${randomUUID()}`
const serviceToken = 'a-service-token-of-a-test'
let database: FreshDatabase
let sandbox: Sandbox
let ledger: Broker
let adapter: RunningService
let url = ''
const said: CarrierVerdictMessage[] = []

const env = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run through \`npm test\``)
  return value
}
const amqpUrl = (): string => `${env('TEST_AMQP_URL').replace(/\/$/, '')}/${vhost}`
const manageVhost = async (method: 'PUT' | 'DELETE'): Promise<void> => {
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

const playLedger = async (): Promise<Broker> => {
  const broker = await connectBroker({
    url: amqpUrl(),
    name: 'played-ledger',
    topology: sharedTopology,
    heartbeatSeconds: 10,
    reconnectMsMax: 500,
    log: silentLog,
  })
  await broker.consume({
    queue: ledgerQueue(partitionOf(MerchantId.parse('principal'))),
    prefetch: 10,
    parse: (value) => ({ ok: true, message: CarrierVerdictMessage.parse(value) }),
    handle: (verdict) => {
      said.push(verdict)
      return Promise.resolve({ verdict: 'ack' })
    },
  })
  return broker
}
const ask = (job: CarrierJob) =>
  ledger.publish({
    exchange: exchanges.command,
    routingKey: adapterTopupQueue,
    messageId: job.id,
    type: job.type,
    body: Buffer.from(JSON.stringify(job)),
    persistent: true,
  })
const verdictsOf = (job: FundsReserved) =>
  said.filter(({ subject }) => subject === job.topupId).map(({ data }) => data)

const startAdapter = async (): Promise<RunningService> => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  const settings = readConfig(AdapterSettings, {
    NODE_ENV: 'test',
    PORT: String(port),
    MONGODB_URI: database.uri,
    AMQP_URL: amqpUrl(),
    SERVICE_TOKEN: serviceToken,
    TPAGA_BASE_URL: `${sandbox.url}/api/gateway_topup/v1`,
    TPAGA_API_KEY: apiKey,
    TPAGA_CONNECT_TIMEOUT_MS: '200',
    TPAGA_CALL_TIMEOUT_MS: '300',
    CLOCK_SKEW_MS: '50',
    TOPUP_REPEAT_SECONDS: '1,2',
    REPEAT_EVERY_MS: '20',
    SHUTDOWN_TIMEOUT_MS: '2000',
  })
  if (settings.kind === 'invalid') throw new Error(settings.problems.join('\n'))
  return createApp(settings.config, silentLog)
}

beforeAll(async () => {
  await manageVhost('PUT')
  database = await freshDatabase()
  sandbox = await createSandbox({ apiKey, latencyMs: 0 })
  ledger = await playLedger()
  adapter = await startAdapter()
}, 30_000)
afterAll(async () => {
  await adapter.close()
  await ledger.close(1_000)
  await sandbox.close()
  await database.drop()
  await manageVhost('DELETE')
})

test('a job is answered, and an unclear one repeated until it is clear, also after a restart', async () => {
  const [clear, unclear] = [aJob(), aJob({ number: scenarios['effect-then-hang'].number })]
  await Promise.all([ask(asMessage(clear)), ask(asMessage(unclear))])
  await eventually(
    () => verdictsOf(unclear),
    (verdicts) => verdicts.length === 1,
  )
  await adapter.close()
  adapter = await startAdapter()
  await eventually(
    () => verdictsOf(unclear),
    (verdicts) => verdicts.at(-1)?.verdict === 'authorized',
  )
  expect(verdictsOf(clear).map(({ verdict }) => verdict)).toEqual(['authorized'])
  expect(verdictsOf(unclear)).toMatchObject([
    { verdict: 'pending', nextAt: expect.any(String) },
    { verdict: 'authorized', attempts: [{ row: 9 }, { row: 1 }] },
  ])
}, 20_000)

test('a closing ends the repeats and is told', async () => {
  const job = aJob({ number: scenarios['hang-without-effect'].number })
  await ask(asMessage(job))
  await eventually(
    () => verdictsOf(job),
    (verdicts) => verdicts.length === 1,
  )
  await ask(asClosing(job))
  await eventually(
    () => verdictsOf(job),
    (verdicts) => verdicts.at(-1)?.closed === true,
  )
  expect(verdictsOf(job).at(-1)).toMatchObject({ verdict: 'pending', closed: true })
}, 20_000)

test('the state of the carrier tells which operators it offers', async () => {
  const read = async () => {
    const headers = { authorization: `Bearer ${serviceToken}` }
    return CarrierState.parse(await (await fetch(`${url}/internal/carrier`, { headers })).json())
  }
  const state = await eventually(read, ({ offered }) => offered !== null)
  expect(state).toMatchObject({ available: true, reason: null, breaker: 'closed' })
  expect(state.offered).toContain('claro-movil')
})
