import type { Envelope } from '@recargas/contracts'
import type { Broker } from './broker.ts'
import type { PublishOutcome } from './publisher.ts'

/** Publishes one envelope by itself, persistent; never rejects. */
export const publishEnvelope = (
  broker: Pick<Broker, 'publish'>,
  { exchange, routingKey }: { readonly exchange: string; readonly routingKey: string },
  envelope: Envelope<string, unknown>,
): Promise<PublishOutcome> =>
  broker.publish({
    exchange,
    routingKey,
    messageId: envelope.id,
    type: envelope.type,
    correlationId: envelope.correlationid,
    body: Buffer.from(JSON.stringify(envelope)),
    persistent: true,
  })
