import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectSecurely, createServer, type Server } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import mongoose from 'mongoose'
import { startChild, type Child } from '@recargas/stack/child'
import { createGuard, type Guard } from '@recargas/stack/guard'
import { nativePrograms } from '@recargas/stack/install'
import { argsOf, ownSecrets, startMongod } from '@recargas/stack/mongod'
import { anyPorts } from '@recargas/stack/native-ports'
import { freePorts } from '@recargas/stack/ports'
import { startRabbitmq, type Rabbitmq } from '@recargas/stack/rabbitmq'
import { startStack, type Stack } from '@recargas/stack/supervisor'
import { waitUntil } from '@recargas/stack/readiness'
import { newNumber, openShop } from '../till/shop.ts'

const certificate = (name: string) =>
  fileURLToPath(new URL(`./certificates/${name}`, import.meta.url))
const caFile = certificate('ca.pem')
const strangerCaFile = certificate('stranger-ca.pem')
const pem = (name: string) => ({
  cert: readFileSync(certificate(`${name}.pem`)),
  key: readFileSync(certificate(`${name}.key`)),
})

/** Another address of this machine, which the servers listen on too and their certificate does not name. */
const unnamed = '127.0.0.2'

/** The carrier is no server of ours: its simulation stands behind TLS. */
const behindTls = async (port: number, at: number): Promise<Server> => {
  const server = createServer(pem('server'), (secured) => {
    const plain = connect(port, '127.0.0.1')
    const end = () => {
      secured.destroy()
      plain.destroy()
    }
    for (const socket of [secured, plain]) socket.on('error', end).on('close', end)
    secured.pipe(plain).pipe(secured)
  })
  server.on('tlsClientError', () => undefined)
  server.listen(at, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Answers of a server to the first bytes of a client; an empty text where it closes or resets the connection instead. */
const answerTo = (socket: Socket, bytes: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = ''
    socket.setTimeout(5_000, () => socket.destroy(new Error('neither answered nor closed')))
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString('latin1')
      socket.end()
    })
    socket.on('close', () => resolve(answer))
    // A server that closes before it has read every byte resets the connection.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(answer) : reject(error),
    )
    socket.write(bytes)
  })
const amqpHeader = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1])

// The unnamed address is one of Linux' loopback network.
const onLinux = process.platform === 'linux' ? describe : describe.skip

onLinux('TLS on the listeners of RabbitMQ and MongoDB', () => {
  let folder: string
  let guard: Guard
  let rabbitmq: Rabbitmq
  let mongod: Child
  let carrier: Server
  let stack: Stack
  let amqpUrl: string
  let mongodbUri: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recargas-tls-'))
    guard = createGuard()
    const programs = await nativePrograms(() => undefined)
    const [ports, [carrierPort = 0, sandbox = 0]] = await Promise.all([anyPorts(), freePorts(2)])
    const [broker, database] = await Promise.all([
      startRabbitmq({
        ...programs,
        folder: join(folder, 'rabbitmq'),
        ports,
        guard,
        tls: {
          addresses: ['127.0.0.1', unnamed],
          ca: caFile,
          certificate: certificate('server.pem'),
          key: certificate('server.key'),
        },
      }),
      startSecureMongod(programs.mongod, ports.mongodb),
    ])
    rabbitmq = broker
    mongod = database.child
    amqpUrl = `${rabbitmq.amqpUrl}/%2F`
    mongodbUri = database.uri
    carrier = await behindTls(sandbox, carrierPort)
    const trusted = { AMQP_CA_FILE: caFile, LOG_LEVEL: 'warn' }
    stack = await startStack({
      folder,
      guard,
      mongodbUri,
      amqpUrl,
      managementUrl: rabbitmq.managementUrl,
      databaseSuffix: '_tls',
      ports: { sandbox },
      env: {
        ledger: trusted,
        gateway: trusted,
        adapter: {
          ...trusted,
          TPAGA_BASE_URL: `https://localhost:${carrierPort}/api/gateway_topup/v1`,
          TPAGA_CA_FILE: caFile,
        },
      },
    })
  }, 120_000)
  afterAll(async () => {
    await stack.stop()
    carrier.close()
    await Promise.all([rabbitmq.kill(), mongod.stop(8_000)])
    await guard.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }, 60_000)

  /** Made ready without TLS, then started again with nothing else. */
  const startSecureMongod = async (binary: string, port: number) => {
    const own = join(folder, 'mongod')
    const plain = await startMongod({ binary, folder: own, port, guard })
    await plain.stop()
    const { cert, key } = pem('server')
    const keyFile = join(own, 'certificate-and-key.pem')
    writeFileSync(keyFile, Buffer.concat([cert, key]), { mode: 0o600 })
    const child = await startChild({
      name: 'mongod with TLS',
      command: binary,
      args: [
        ...argsOf({ folder: own, port }).map((arg) =>
          arg === '127.0.0.1' ? `127.0.0.1,${unnamed}` : arg,
        ),
        ...['--keyFile', ownSecrets(own).keyFile],
        ...['--tlsMode', 'requireTLS', '--tlsCertificateKeyFile', keyFile, '--tlsCAFile', caFile],
        // Clients are known by their passwords, as everywhere.
        '--tlsAllowConnectionsWithoutCertificates',
      ],
      env: process.env,
      logFile: join(own, 'mongod-tls.log'),
      guard,
    })
    const uri = `${plain.uri}&tls=true&tlsCAFile=${encodeURIComponent(caFile)}`
    const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 30_000 })
    await client.db('admin').command({ ping: 1 })
    await client.close()
    return { child, uri }
  }

  it('a sale goes through broker, database and carrier over TLS, by a CA of our own', async () => {
    const shop = await openShop({ url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret })
    const sold = await shop.sell(newNumber(), 10)
    expect([sold.status, sold.body['estado']]).toEqual([201, 'AUTORIZADA'])
  }, 60_000)

  it('neither server talks to a client without TLS', async () => {
    const amqp = connect(rabbitmq.ports.amqp, '127.0.0.1')
    expect(await answerTo(amqp, amqpHeader)).not.toContain('AMQPLAIN')
    const plain = stack.ledgerUri.replace(/&tls=true&tlsCAFile=[^&]*/, '')
    const client = new mongoose.mongo.MongoClient(plain, { serverSelectionTimeoutMS: 5_000 })
    await expect(client.connect()).rejects.toThrow(/connection|ECONNRESET/i)
    await client.close()
  })

  it('the broker refuses a client’s certificate of a CA that is not its own, and takes one of its own', async () => {
    const by = (name: string) =>
      connectSecurely({
        ...{ host: 'localhost', port: rabbitmq.ports.amqp },
        ...{ ca: readFileSync(caFile), ...pem(name) },
      })
    expect(await answerTo(by('server'), amqpHeader)).toContain('AMQPLAIN')
    await expect(answerTo(by('stranger'), amqpHeader)).rejects.toThrow(
      /unknown ca|bad certificate/i,
    )
  })

  type Start = {
    readonly service: 'ledger' | 'adapter'
    readonly env: Readonly<Record<string, string>>
    readonly says: RegExp
  }
  let distrustful = 0
  /** Starts one more instance that trusts no server, until it says why. */
  const startDistrustful = async ({ service, env, says }: Start) => {
    distrustful += 1
    const instance = await stack.another(service, `distrustful-${distrustful}`, env)
    const started = instance.start().then(
      () => 'ready',
      () => 'not ready',
    )
    let ready: number | null = null
    await waitUntil('it says why', 45_000, async () => {
      // A ledger listens only once it has its servers, an adapter from its first moment.
      ready ??= await fetch(`${instance.url}/ready`).then(
        ({ status }) => status,
        () => null,
      )
      return says.test(instance.lastLines()) && (service === 'ledger' || ready !== null)
    })
    await instance.stop()
    return { started: await started, ready }
  }
  const elsewhere = (address: string) => address.replace('127.0.0.1', unnamed)
  const withoutCa = (address: string) => address.replace(/&tlsCAFile=[^&]*/, '')
  const trusting = (address: string, file: string) =>
    `${withoutCa(address)}&tlsCAFile=${encodeURIComponent(file)}`
  const altnames = /does not match certificate's altnames/

  const starts = (): readonly (readonly [string, Start, number | null])[] => [
    [
      'ledger without the CA of the broker',
      { service: 'ledger', env: { AMQP_CA_FILE: '' }, says: /certificate/i },
      null,
    ],
    [
      'ledger without the CA of the database',
      {
        service: 'ledger',
        env: { MONGODB_URI: withoutCa(stack.ledgerUri) },
        says: /certificate/i,
      },
      null,
    ],
    [
      'carrier-adapter with a stranger’s CA for the broker',
      { service: 'adapter', env: { AMQP_CA_FILE: strangerCaFile }, says: /certificate/i },
      503,
    ],
    [
      'carrier-adapter at an address of the broker that the certificate does not name',
      { service: 'adapter', env: { AMQP_URL: elsewhere(amqpUrl) }, says: altnames },
      503,
    ],
    [
      'carrier-adapter with a stranger’s CA for the database',
      {
        service: 'adapter',
        env: { MONGODB_URI: trusting(stack.adapterUri, strangerCaFile) },
        says: /certificate/i,
      },
      503,
    ],
    [
      'carrier-adapter at an address of the database that the certificate does not name',
      {
        service: 'adapter',
        env: {
          MONGODB_URI: `${elsewhere(stack.adapterUri).replace(/&replicaSet=\w+/, '')}&directConnection=true`,
        },
        says: altnames,
      },
      503,
    ],
  ]

  it('a service without the CA of a server, or at an address that its certificate does not name, says why and is not ready', async () => {
    const ends = await Promise.all(
      starts().map(async ([title, start]) => ({ title, ...(await startDistrustful(start)) })),
    )
    expect(ends).toEqual(
      starts().map(([title, , ready]) => ({ title, started: 'not ready', ready })),
    )
  }, 90_000)
})
