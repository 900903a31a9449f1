import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { exchanges, sharedTopology } from '@recargas/contracts'
import { connectBroker } from '@recargas/messaging'
import { readConfig, silentLog } from '@recargas/service'
import { createApp } from '../app.ts'
import { Settings } from '../config.ts'
import { freshDatabase, type FreshDatabase } from './fresh-database.ts'

/** A message that was set aside. */
export type Quarantined = {
  readonly messageId: string
  readonly queue: string
  readonly code: string
  readonly detail: string
  readonly body: string
}

export type WholeLedger = {
  readonly database: FreshDatabase
  /** Bytes for a queue, whatever they are; safe with the broker when it resolves. */
  readonly put: (queue: string, messageId: string, body: Buffer) => Promise<void>
  /** Waits until so many messages have been set aside. */
  readonly quarantined: (count: number) => Promise<readonly Quarantined[]>
  readonly close: () => Promise<void>
}

/** A queue of the test's own beside the dead letters': it gets a copy of each. */
const watched = 'test.watch.v1'

/** The whole ledger on real servers; whoever sends to it and whoever looks at what it sets aside is played. */
export const startWholeLedger = async (): Promise<WholeLedger> => {
  const vhost = `ledger-${randomUUID()}`
  await manage('PUT', `/vhosts/${vhost}`)
  const amqpUrl = `${setting('TEST_AMQP_URL').replace(/\/$/, '')}/${vhost}`
  const database = await freshDatabase()
  const client = await connectBroker({
    url: amqpUrl,
    name: 'played-client',
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
  const settings = readConfig(Settings, {
    NODE_ENV: 'test',
    PORT: '0',
    MONGODB_URI: database.uri,
    AMQP_URL: amqpUrl,
    SERVICE_TOKEN: 'a-service-token-of-a-test',
    SHUTDOWN_TIMEOUT_MS: '2000',
  })
  if (settings.kind === 'invalid') throw new Error(settings.problems.join('\n'))
  const ledger = await createApp(settings.config, silentLog)
  const seen: Quarantined[] = []
  return {
    database,
    put: async (queue, messageId, body) => {
      const { kind } = await client.publish({
        exchange: exchanges.command,
        routingKey: queue,
        messageId,
        type: 'test',
        body,
        persistent: true,
      })
      if (kind !== 'confirmed') throw new Error(`${messageId} was ${kind}`)
    },
    quarantined: async (count) => {
      while (seen.length < count) {
        seen.push(...(await takeWatched(vhost)))
        await setTimeout(50)
      }
      return seen
    },
    close: async () => {
      await ledger.close()
      await client.close(1_000)
      await database.drop()
      await manage('DELETE', `/vhosts/${vhost}`)
    },
  }
}

type Taken = {
  readonly payload: string
  readonly properties: {
    readonly message_id?: string
    readonly headers?: Readonly<Record<string, unknown>>
  }
}

const takenAtOnceMax = 200

const takeWatched = async (vhost: string): Promise<readonly Quarantined[]> => {
  const asked = { count: takenAtOnceMax, ackmode: 'ack_requeue_false', encoding: 'auto' }
  const taken = (await manage('POST', `/queues/${vhost}/${watched}/get`, asked)) as readonly Taken[]
  return taken.map(({ payload, properties: { message_id: messageId = '', headers = {} } }) => ({
    messageId,
    queue: String(headers['origin-queue']),
    code: String(headers['last-error-code']),
    detail: String(headers['last-error-detail']),
    body: payload,
  }))
}

const setting = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run through \`npm test\``)
  return value
}

const manage = async (
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> => {
  const { origin, username, password } = new URL(setting('TEST_RABBIT_MANAGEMENT_URL'))
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const response = await fetch(`${origin}/api${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? null : (JSON.parse(text) as unknown)
}
