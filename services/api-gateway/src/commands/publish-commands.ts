import { envelopeBytesMax, exchanges } from '@recargas/contracts'
import type { Broker, PublishOutcome } from '@recargas/messaging'
import { batchesOf } from './envelope-batch.ts'
import type { SerializedCommand } from './serialize-command.ts'

/** Publishes commands of one partition, several envelopes to a message, and tells if the broker confirmed all of them. */
export const publishCommands = async (
  broker: Broker,
  routingKey: string,
  commands: readonly SerializedCommand[],
): Promise<PublishOutcome> => {
  const outcomes = await Promise.all(
    batchesOf(commands, envelopeBytesMax).map(({ items, body }) => {
      const first = items[0]?.command
      return broker.publish({
        exchange: exchanges.command,
        routingKey,
        messageId: first?.id ?? '',
        type: items.length === 1 ? (first?.type ?? '') : 'batch',
        ...(first === undefined ? {} : { correlationId: first.correlationid }),
        body,
        persistent: true,
      })
    }),
  )
  return outcomes.find(({ kind }) => kind !== 'confirmed') ?? { kind: 'confirmed' }
}
