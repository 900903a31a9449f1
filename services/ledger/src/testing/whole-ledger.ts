import { exchanges, sharedTopology } from '@recargas/contracts'
import { connectBroker } from '@recargas/messaging'
import { readConfig, silentLog } from '@recargas/runtime'
import { eventually, testVhost } from '@recargas/runtime/testing'
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
  const vhost = await testVhost('ledger')
  const database = await freshDatabase()
  const client = await connectBroker({
    urls: [vhost.url],
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
    AMQP_URL: vhost.url,
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
      await vhost.drop()
    },
  }
}
