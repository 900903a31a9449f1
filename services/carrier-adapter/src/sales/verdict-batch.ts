import {
  envelopeBytesMax,
  exchanges,
  ledgerQueue,
  type CarrierVerdictMessage,
} from '@recargas/contracts'
import type { OutgoingMessage, PublishOutcome } from '@recargas/messaging'

/**
 * Publishes verdicts of one partition in one message, or in several where one would be too long.
 * @returns confirmed only when the broker has all of them
 */
export const publishVerdictBatch = async (
  publish: (message: OutgoingMessage) => Promise<PublishOutcome>,
  partition: number,
  verdicts: readonly CarrierVerdictMessage[],
): Promise<PublishOutcome> => {
  const [first] = verdicts
  if (first === undefined) return { kind: 'confirmed' }
  const body = Buffer.from(JSON.stringify(verdicts.length === 1 ? first : verdicts))
  if (body.byteLength > envelopeBytesMax && verdicts.length > 1) {
    const half = Math.ceil(verdicts.length / 2)
    const outcomes = await Promise.all([
      publishVerdictBatch(publish, partition, verdicts.slice(0, half)),
      publishVerdictBatch(publish, partition, verdicts.slice(half)),
    ])
    return outcomes.find(({ kind }) => kind !== 'confirmed') ?? { kind: 'confirmed' }
  }
  return publish({
    exchange: exchanges.command,
    routingKey: ledgerQueue(partition),
    messageId: first.id,
    type: verdicts.length === 1 ? first.type : 'batch',
    correlationId: first.correlationid,
    body,
    persistent: true,
  })
}
