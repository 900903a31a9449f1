import { randomUUID } from 'node:crypto'
import { exchanges, sharedTopology } from '@recargas/contracts'
import { connectBroker } from '@recargas/messaging'
import { readConfig, silentLog } from '@recargas/runtime'
import { eventually } from '@recargas/runtime/testing'
import { createApp } from '../app.ts'
import { Settings } from '../config.ts'
import type { QuarantineDocument } from '../mongo/quarantine-model.ts'
import { freshDatabase, type FreshDatabase } from './fresh-database.ts'

export type WholeLedger = {
  readonly database: FreshDatabase
  /** Bytes for a queue, whatever they are; safe with the broker when it resolves. */
  readonly put: (queue: string, messageId: string, body: Buffer) => Promise<void>
  /** Waits until the quarantine holds `count` messages, and returns them. */
  readonly quarantined: (count: number) => Promise<readonly QuarantineDocument[]>
  readonly close: () => Promise<void>
}

/** The whole ledger on real servers, with fake senders. */
export const startWholeLedger = async (): Promise<WholeLedger> => {
  const vhost = `ledger-${randomUUID()}`
  await manage('PUT', `/vhosts/${vhost}`)
  const amqpUrl = `${setting('TEST_AMQP_URL').replace(/\/$/, '')}/${vhost}`
  const database = await freshDatabase()
  const client = await connectBroker({
    urls: [amqpUrl],
    name: 'fake-client',
    topology: sharedTopology,
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
  const { quarantine } = database.models
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
      await eventually(
        () => quarantine.countDocuments(),
        (held) => held >= count,
        { timeoutMs: 30_000, everyMs: 50 },
      )
      return quarantine.find().lean<QuarantineDocument[]>()
    },
    close: async () => {
      await ledger.close()
      await client.close(1_000)
      await database.drop()
      await manage('DELETE', `/vhosts/${vhost}`)
    },
  }
}

const setting = (name: string): string => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run through \`npm test\``)
  return value
}

const manage = async (method: 'PUT' | 'DELETE', path: string): Promise<void> => {
  const { origin, username, password } = new URL(setting('TEST_RABBIT_MANAGEMENT_URL'))
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const response = await fetch(`${origin}/api${path}`, { method, headers: { authorization } })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
}
