import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  Command,
  exchanges,
  ledgerEventKey,
  ledgerPositionHeader,
  ledgerQueue,
  partitionOf,
  heartbeatKey,
  sharedTopology,
  type TrackedService,
  type ServiceHeartbeat,
} from '@recargas/contracts'
import { connectBroker, type Broker } from '@recargas/messaging'
import { Agent } from 'undici'
import { readConfig, runHeartbeat, silentLog, type RunningService } from '@recargas/runtime'
import { freePort, testVhost, until, type TestVhost } from '@recargas/runtime/testing'
import { createApp } from './app.ts'
import { GatewaySettings } from './config.ts'
import { serializeCommand, type SerializedCommand } from './commands/serialize-command.ts'
import { aCarrierStates, aQuote, merchant, namespace, settledEvent } from './testing/samples.ts'
import { aToken, secret } from './testing/token.ts'

/** The gateway on a real RabbitMQ; the ledger is played: its queue and its events by us, its reads by a small server. */
const serviceToken = 'a-service-token-of-a-test'
const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const settings = {
  identity: true,
  offered: null as readonly string[] | null,
  ledgerTrouble: null as string | null,
  ledgerAheadMs: 0,
  /** Further fields of each outcome that the fake ledger publishes. */
  shown: {} as { readonly position?: number },
}
let asked: string[] = []
/** The block that each read of the ledger named. */
let named: unknown[] = []

let vhost: TestVhost
let reads: Server
let ledgerHeartbeat: ReturnType<typeof runHeartbeat>
let adapterHeartbeat: ReturnType<typeof runHeartbeat>
let ledger: Broker
let gateway: RunningService
let url = ''
let received: Command[] = []
let answers = true

const serializedOf = (command: Command): SerializedCommand =>
  serializeCommand(
    { type: command.type, data: command.data } as Parameters<typeof serializeCommand>[0],
    { correlationId: command.correlationid },
    0,
  )

const playLedger = async (): Promise<Broker> => {
  const broker = await connectBroker({
    urls: [vhost.url],
    name: 'fake-ledger',
    topology: sharedTopology,
    heartbeatSeconds: 10,
    reconnectMsMax: 500,
    log: silentLog,
  })
  await broker.consume({
    queue: ledgerQueue(partitionOf(merchant)),
    prefetch: 100,
    parse: (value) => ({ ok: true, message: Command.parse(value) }),
    handle: async (command) => {
      received.push(command)
      if (answers) {
        const settled = settledEvent(serializedOf(command), Date.now())
        const event = { ...settled, data: { ...settled.data, ...settings.shown } }
        await broker.publish({
          exchange: exchanges.event,
          routingKey: ledgerEventKey,
          messageId: event.id,
          type: event.type,
          body: Buffer.from(JSON.stringify(event)),
          persistent: false,
        })
      }
      return { verdict: 'ack' }
    },
  })
  return broker
}

const byItsClock = (heartbeat: ServiceHeartbeat): ServiceHeartbeat =>
  heartbeat.source === 'ledger'
    ? {
        ...heartbeat,
        time: new Date(Date.parse(heartbeat.time) + settings.ledgerAheadMs).toISOString(),
      }
    : heartbeat

/** Publishes a service's heartbeats; `reason` gives its failing readiness, or null. */
const startHeartbeat = (service: TrackedService, reason: () => string | null) =>
  runHeartbeat({
    service,
    checks: [{ name: 'database', check: () => ({ ready: reason() === null, reason: reason() }) }],
    send: (heartbeat) =>
      ledger.publish({
        exchange: exchanges.event,
        routingKey: heartbeatKey,
        messageId: heartbeat.id,
        type: heartbeat.type,
        body: Buffer.from(JSON.stringify(byItsClock(heartbeat))),
        persistent: false,
      }),
    everyMs: 100,
  })

const carriers = aCarrierStates()
const readOf = (path: string): unknown => {
  if (path === '/internal/carriers') {
    return { tpaga: { ...carriers.tpaga, offered: settings.offered } }
  }
  if (path === '/internal/bundles/3/024') return aQuote()
  if (/^\/internal\/merchants\/principal\/(reviews|cases)\?/.test(path)) return []
  return path === '/internal/identity' && settings.identity
    ? { bornAt: '2026-01-01T00:00:00.000Z', namespace }
    : null
}

const playReads = async (): Promise<Server> => {
  const server = createServer((request, response) => {
    const isOurs = request.headers.authorization === `Bearer ${serviceToken}`
    asked.push(request.url ?? '')
    named.push(request.headers[ledgerPositionHeader])
    const answer = isOurs ? readOf(request.url ?? '') : null
    response.writeHead(answer === null ? 503 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

const shutdownMs = 6_000
const startGateway = async (more: NodeJS.ProcessEnv = {}): Promise<void> => {
  const port = await freePort()
  const readsUrl = `http://127.0.0.1:${(reads.address() as AddressInfo).port}`
  const config = readConfig(GatewaySettings, {
    AMQP_URL: vhost.url,
    // Two hundred at once are one person's here.
    RATE_SUBJECT_MAX: '10000',
    SERVICE_TOKEN: serviceToken,
    JWT_SECRET: secret,
    LEDGER_URL: readsUrl,
    ADAPTER_URL: readsUrl,
    CATALOGUE_PATH: fileURLToPath(new URL('../../../catalogue.json', import.meta.url)),
    DEFAULT_MERCHANT: 'principal',
    PORT: String(port),
    SHUTDOWN_TIMEOUT_MS: String(shutdownMs),
    SILENT_AFTER_MS: '30000',
    ...more,
  })
  if (config.kind === 'invalid') throw new Error(config.problems.join('\n'))
  gateway = await createApp(config.config, silentLog)
  url = `http://127.0.0.1:${port}`
}

const isReady = async () => (await fetch(`${url}/ready`)).status === 200

const sell = (headers: Record<string, string> = {}) => post('/recargas/cliente', sale, headers)

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${aToken()}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  })

beforeAll(async () => {
  vhost = await testVhost('gateway')
  reads = await playReads()
  ledger = await playLedger()
  ledgerHeartbeat = startHeartbeat('ledger', () => settings.ledgerTrouble)
  adapterHeartbeat = startHeartbeat('carrier-adapter', () => null)
})
afterAll(async () => {
  await Promise.all([ledgerHeartbeat.stop(), adapterHeartbeat.stop()])
  await ledger.close(1_000)
  reads.closeAllConnections()
  await new Promise((resolve) => reads.close(resolve))
  await vhost.drop()
})
beforeEach(async () => {
  received = []
  answers = true
  settings.identity = true
  settings.offered = null
  settings.ledgerTrouble = null
  settings.ledgerAheadMs = 0
  asked = []
  named = []
  settings.shown = {}
  await startGateway()
})
afterEach(() => gateway.close())

test('a sale goes out as one command and comes back as its settlement', async () => {
  await until(isReady)
  const response = await sell()
  expect(response.status).toBe(201)
  expect(await response.json()).toMatchObject({ estado: 'AUTORIZADA' })
  expect(received).toHaveLength(1)
})

test('many at once all get their own answer', async () => {
  await until(isReady)
  const responses = await Promise.all(Array.from({ length: 200 }, () => sell()))
  const bodies = (await Promise.all(responses.map((response) => response.json()))) as {
    id_transaccion: string
  }[]
  expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 200 }, () => 201))
  expect(new Set(bodies.map((body) => body.id_transaccion)).size).toBe(200)
  expect(received).toHaveLength(200)
})

test('until the ledger’s namespace is known nothing is accepted, and nothing denied to a key', async () => {
  await gateway.close()
  settings.identity = false
  await startGateway()
  expect(await isReady()).toBe(false)
  const response = await sell({ 'idempotency-key': 'k' })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 'NOT_READY' })
  settings.identity = true
  await until(isReady)
  expect((await sell({ 'idempotency-key': 'k' })).status).toBe(201)
  expect(received).toHaveLength(1)
})

test('the carrier’s list is enforced from the first sale', async () => {
  settings.offered = ['entel', 'viva']
  await until(isReady)
  const response = await sell()
  expect(response.status).toBe(409)
  expect(await response.json()).toMatchObject({ code: 'OPERATOR_NOT_OFFERED' })
  expect(received).toEqual([])
})

test('a package is sold at the price the adapter quotes, over the same queue as a top-up', async () => {
  await until(isReady)
  const { monto: _, ...rest } = sale
  const purchase = { ...rest, codigo_paquete: '024' }
  expect((await post('/paquetes/compra', purchase)).status).toBe(201)
  expect(received).toMatchObject([
    { type: 'RequestBundle.v1', data: { amount: 9_900, bundle: { provider: '3', code: '024' } } },
  ])
  // The adapter answers 503 for any other.
  const unquoted = await post('/paquetes/compra', { ...purchase, codigo_paquete: '353' })
  expect(unquoted.status).toBe(503)
  expect(await unquoted.json()).toMatchObject({ code: 'CARRIER_UNAVAILABLE' })
  expect(received).toHaveLength(1)
})

test('sales in review are read from the ledger page by page', async () => {
  const token = aToken({ sub: 1, roleName: 'Administrador', roleId: 1 })
  for (const path of ['/recargas/revision?limit=2&cursor=7', '/incidencias']) {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
    expect([response.status, await response.json()]).toEqual([200, []])
  }
  expect(asked).toEqual(
    expect.arrayContaining([
      '/internal/merchants/principal/reviews?limit=2&cursor=7',
      '/internal/merchants/principal/cases?limit=100',
    ]),
  )
})

test('a read of a shop names the newest block of its events, and none before the first event', async () => {
  await until(isReady)
  const token = aToken({ sub: 1, roleName: 'Administrador', roleId: 1 })
  const readNamed = async () => {
    named = []
    const response = await fetch(`${url}/incidencias`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(response.status).toBe(200)
    return named
  }
  expect((await sell()).status).toBe(201)
  expect(await readNamed()).toEqual([undefined])
  settings.shown = { position: 41 }
  expect((await sell()).status).toBe(201)
  expect(await readNamed()).toEqual(['41'])
})

type Ready = { readonly parts: readonly { readonly name: string; readonly reason: string }[] }
const reasonOf = async (part: string) => {
  const { parts } = (await (await fetch(`${url}/ready`)).json()) as Ready
  return parts.find(({ name }) => name === part)?.reason ?? null
}

test('while no ledger can write, nothing is published, and /ready gives the reason', async () => {
  await until(isReady)
  settings.ledgerTrouble = 'no primary'
  await until(async () => !(await isReady()))
  expect(await reasonOf('ledger')).toBe('database: no primary')
  const response = await sell()
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await response.json()).toMatchObject({ code: 'NOT_ACCEPTED' })
  expect(received).toEqual([])
  settings.ledgerTrouble = null
  await until(isReady)
  expect((await sell()).status).toBe(201)
})

test.each([
  ['behind', 3_600_000],
  ['ahead of', -3_600_000],
])(
  'a gateway whose clock is %s the ledger’s says so and publishes nothing',
  async (side, ms) => {
    await until(isReady)
    settings.ledgerAheadMs = ms
    await until(async () => !(await isReady()))
    expect(await reasonOf('clock')).toContain(`${side} the ledger's`)
    expect((await sell()).status).toBe(503)
    expect(received).toEqual([])
    settings.ledgerAheadMs = 0
    await until(isReady)
    expect((await sell()).status).toBe(201)
  },
  40_000,
)

test('a silent service counts as down, and sells again with its first heartbeat', async () => {
  await gateway.close()
  await startGateway({ SILENT_AFTER_MS: '5000' })
  await until(isReady)
  await adapterHeartbeat.stop()
  await until(async () => !(await isReady()))
  expect(await reasonOf('carrier-adapter')).toContain('has been heard')
  expect(await reasonOf('ledger')).toBeNull()
  const response = await sell()
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
  expect(received).toEqual([])
  adapterHeartbeat = startHeartbeat('carrier-adapter', () => null)
  await until(isReady)
  expect((await sell()).status).toBe(201)
})

describe('pages for operators', () => {
  const pages = ['/metrics', '/docs', '/docs/start.js', '/openapi.json'] as const
  const statusesAt = (origin: string, method = 'GET') =>
    Promise.all(pages.map(async (page) => (await fetch(`${origin}${page}`, { method })).status))
  const restart = async (more: NodeJS.ProcessEnv): Promise<void> => {
    await gateway.close()
    await startGateway(more)
  }
  const every = (status: number) => pages.map(() => status)

  test('are at the API’s port where nothing else is set', async () => {
    expect(await statusesAt(url)).toEqual(every(200))
    expect((await fetch(url)).url).toBe(`${url}/tienda`)
  })

  test('are at a port of their own where one is set, and no more at the API’s', async () => {
    const port = await freePort()
    await restart({ OPERATIONS_PORT: String(port), API_METRICS: 'true' })
    const operations = `http://127.0.0.1:${port}`
    expect(await statusesAt(operations)).toEqual(every(200))
    expect((await fetch(operations)).url).toBe(`${operations}/docs`)
    for (const method of ['GET', 'POST']) expect(await statusesAt(url, method)).toEqual(every(404))
    const { paths } = (await (await fetch(`${operations}/openapi.json`)).json()) as {
      readonly paths: Readonly<Record<string, unknown>>
    }
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/recargas/cliente', '/ready']))
    expect(Object.keys(paths)).not.toEqual(expect.arrayContaining(['/metrics']))
    expect((await fetch(`${operations}/recargas/operadoras/saldos`)).status).toBe(404)
    await until(isReady)
    expect((await fetch(`${operations}/ready`)).status).toBe(200)
    expect((await sell()).status).toBe(201)
    await gateway.close()
    await expect(fetch(`${operations}/live`)).rejects.toThrow()
    await startGateway()
  })

  test('are nowhere where they are shut', async () => {
    const port = await freePort()
    await restart({ OPERATIONS_PORT: String(port), API_DOCS: 'false' })
    const operations = `http://127.0.0.1:${port}`
    expect(await statusesAt(operations)).toEqual([200, 404, 404, 404])
    expect(await statusesAt(url)).toEqual(every(404))
    await restart({ API_DOCS: 'false', API_METRICS: 'false' })
    for (const method of ['GET', 'HEAD', 'POST', 'DELETE']) {
      expect([method, await statusesAt(url, method)]).toEqual([method, every(404)])
    }
    expect((await fetch(`${url}/live`)).status).toBe(200)
    await restart({ API_METRICS: 'false' })
    expect(await statusesAt(url)).toEqual([404, 200, 200, 200])
  })
})

test('a kept connection that brings a sale after the stop began is answered and closed', async () => {
  await until(isReady)
  const agent = new Agent({ connections: 1 })
  const sellOn = () =>
    agent.request({
      origin: url,
      method: 'POST',
      path: '/recargas/cliente',
      headers: { authorization: `Bearer ${aToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify(sale),
    })
  await (await sellOn()).body.dump()
  const closing = gateway.close()
  const last = await sellOn()
  expect([last.statusCode, last.headers['connection']]).toEqual([201, 'close'])
  await last.body.dump()
  await expect(sellOn()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await closing
  await agent.close()
  await startGateway()
})

test('a client that listens hears each outcome, and goes elsewhere when the gateway stops', async () => {
  await until(isReady)
  const listening = await fetch(`${url}/eventos`, {
    headers: { authorization: `Bearer ${aToken()}` },
  })
  const told = listening.text()
  expect((await sell()).status).toBe(201)
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^gateway_event_streams\{.*\} 1$/m)
  const startedAt = Date.now()
  await gateway.close()
  expect(await told).toMatch(/event: venta\n[^]*event: fin\ndata: \{"motivo":"cierre"\}\n\n$/)
  expect(Date.now() - startedAt).toBeLessThan(shutdownMs)
  await startGateway()
})

test('a request that waits when the process ends is answered, not cut off', async () => {
  await until(isReady)
  answers = false
  const waiting = sell()
  await until(() => received.length === 1)
  const startedAt = Date.now()
  await gateway.close()
  expect(Date.now() - startedAt).toBeLessThan(shutdownMs)
  const response = await waiting
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    id_transaccion: received[0]?.data.operationId,
  })
  await startGateway()
})
