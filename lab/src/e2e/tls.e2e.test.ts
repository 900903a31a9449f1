import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createGuard, type Guard } from '@recargas/stack/guard'
import { freePort, freePorts } from '@recargas/stack/ports'
import { createVhost, deleteVhost } from '@recargas/stack/rabbitmq-management'
import { createServiceProcess } from '@recargas/stack/service-process'
import { startStack, type Stack } from '@recargas/stack/supervisor'
import { waitUntil } from '@recargas/stack/wait-until'
import { newNumber, openShop } from '../till/shop.ts'

const certificate = (name: string) =>
  fileURLToPath(new URL(`./certificates/${name}`, import.meta.url))
const caFile = certificate('ca.pem')
const env = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run through \`npm test\``)
  return value
}

const listeners: Server[] = []
/** Speaks TLS with a certificate of our own CA, in front of a server that does not. */
const behindTls = async (port: number, at: number): Promise<void> => {
  const options = {
    cert: readFileSync(certificate('server.pem')),
    key: readFileSync(certificate('server.key')),
  }
  const server = createServer(options, (secured) => {
    const plain = connect(port, '127.0.0.1')
    const end = () => {
      secured.destroy()
      plain.destroy()
    }
    for (const socket of [secured, plain]) socket.on('error', end).on('close', end)
    secured.pipe(plain).pipe(secured)
  })
  server.on('tlsClientError', () => undefined)
  await new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve))
  listeners.push(server)
}
const portOf = (address: string): number =>
  Number(/:(\d+)(?:\/|\?|$)/.exec(address.replace(/^.*@/, ''))?.[1])

const suffix = `_tls_${randomBytes(4).toString('hex')}`
const vhost = `test${suffix}`
let folder: string
let guard: Guard
let stack: Stack
let amqpUrl: string
let mongodbUri: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-tls-'))
  guard = createGuard()
  await createVhost(env('TEST_RABBIT_MANAGEMENT_URL'), vhost)
  const [amqp = 0, mongodb = 0, carrier = 0, sandbox = 0] = await freePorts(4)
  const plainAmqp = new URL(env('TEST_AMQP_URL'))
  await behindTls(Number(plainAmqp.port), amqp)
  await behindTls(portOf(env('TEST_MONGODB_URI')), mongodb)
  await behindTls(sandbox, carrier)
  amqpUrl = `amqps://${plainAmqp.username}:${plainAmqp.password}@localhost:${amqp}/${vhost}`
  const database = new URL(env('TEST_MONGODB_URI'))
  database.host = `localhost:${mongodb}`
  database.searchParams.delete('replicaSet')
  // The server advertises its address without TLS.
  database.searchParams.set('directConnection', 'true')
  database.searchParams.set('tls', 'true')
  database.searchParams.set('tlsCAFile', caFile)
  mongodbUri = database.href
  const trusted = { AMQP_CA_FILE: caFile, LOG_LEVEL: 'warn' }
  stack = await startStack({
    folder,
    guard,
    mongodbUri,
    amqpUrl,
    managementUrl: env('TEST_RABBIT_MANAGEMENT_URL'),
    databaseSuffix: suffix,
    ports: { sandbox },
    env: {
      ledger: trusted,
      gateway: trusted,
      adapter: {
        ...trusted,
        TPAGA_BASE_URL: `https://localhost:${carrier}/api/gateway_topup/v1`,
        TPAGA_CA_FILE: caFile,
      },
    },
  })
}, 90_000)
afterAll(async () => {
  await stack.stop()
  await guard.close()
  for (const listener of listeners) listener.close()
  await deleteVhost(env('TEST_RABBIT_MANAGEMENT_URL'), vhost)
  await rm(folder, { recursive: true, force: true })
}, 60_000)

it('a sale goes through broker, database and carrier over TLS, by a CA of our own', async () => {
  const shop = await openShop({ url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret })
  const sold = await shop.sell(newNumber(), 10)
  expect([sold.status, sold.body['estado']]).toEqual([201, 'AUTORIZADA'])
}, 60_000)

it.each<readonly [string, () => Record<string, string>]>([
  ['the broker', () => ({ AMQP_URL: amqpUrl, MONGODB_URI: stack.ledgerUri })],
  [
    'the database',
    () => ({
      AMQP_URL: amqpUrl,
      AMQP_CA_FILE: caFile,
      MONGODB_URI: stack.ledgerUri.replace(/[?&]tlsCAFile=[^&]*/, ''),
    }),
  ],
])(
  'a ledger that does not know the CA of %s does not speak to it',
  async (_, addresses) => {
    const port = await freePort()
    const ledger = createServiceProcess({
      name: 'distrustful',
      main: 'services/ledger/dist/main.js',
      port,
      env: { PORT: String(port), SERVICE_TOKEN: stack.serviceToken, ...addresses() },
      logFile: join(folder, 'logs', `distrustful-${port}.log`),
      guard,
      readyTimeoutMs: 60_000,
      readyRoute: true,
      onDeath: () => undefined,
    })
    const started = ledger.start().then(
      () => 'ready',
      () => 'not ready',
    )
    await waitUntil('it says why', 45_000, () => /certificate/i.test(ledger.lastLines()))
    await ledger.stop()
    expect(await started).toBe('not ready')
  },
  60_000,
)
