import {
  envelopeBytesMax,
  envelopesPerMessageMax,
  exchanges,
  heartbeatKey,
  ledgerQueue,
  partitionOf,
  partitions,
  type Envelope,
  type MerchantId,
  type ServiceHeartbeat,
} from '@recargas/contracts'
import { createBatcher } from '@recargas/runtime'
import type { Broker } from './broker.ts'
import type { PublishOutcome, TracedEnvelope } from './publisher.ts'

/** An envelope as it travels. It is serialized once, so that every repeat carries the same bytes. */
export type SerializedEnvelope = TracedEnvelope & { readonly body: string }

export const serializeEnvelope = (
  envelope: Envelope<string, unknown>,
  span?: string,
): SerializedEnvelope => ({
  id: envelope.id,
  type: envelope.type,
  correlationId: envelope.correlationid,
  body: JSON.stringify(envelope),
  span,
})

type Publishing = Pick<Broker, 'publish'>

type Address = {
  readonly exchange: string
  readonly routingKey: string
  /** Messages are persistent unless this says otherwise. */
  readonly persistent?: boolean
}

/** Publishes envelopes to one address, as many to a message as its limits allow. @returns the worst outcome. Never rejects. */
export const publishEnvelopes = async (
  broker: Publishing,
  { persistent = true, ...address }: Address,
  envelopes: readonly SerializedEnvelope[],
): Promise<PublishOutcome> => {
  const outcomes = await Promise.all(
    messagesOf(envelopes).map(({ id, type, correlationId, body, envelopes }) =>
      broker.publish({
        ...address,
        messageId: id,
        type,
        correlationId,
        body: Buffer.from(body),
        persistent,
        envelopes,
      }),
    ),
  )
  return worstOf(outcomes)
}

export const publishEnvelope = (
  broker: Publishing,
  address: Address,
  envelope: Envelope<string, unknown>,
): Promise<PublishOutcome> => publishEnvelopes(broker, address, [serializeEnvelope(envelope)])

/** Publishes a service's heartbeat to the gateways. Not persisted, and only present subscribers receive it; never rejects. */
export const sendHeartbeat =
  (broker: Publishing) =>
  (heartbeat: ServiceHeartbeat): Promise<PublishOutcome> => {
    const to = { exchange: exchanges.event, routingKey: heartbeatKey, persistent: false }
    return publishEnvelope(broker, to, heartbeat)
  }

const underWayMax = 4

/**
 * Publishes to the ledger's queues: envelopes of one partition that wait for each other's confirm travel together.
 * @param waitingMax most envelopes of a partition that wait; further ones are refused at once
 */
export const createLedgerPublisher = (
  broker: Publishing,
  { waitingMax }: { readonly waitingMax: number },
): ((merchant: MerchantId, envelope: SerializedEnvelope) => Promise<PublishOutcome>) => {
  const batchers = partitions.map((partition) => {
    const to = { exchange: exchanges.command, routingKey: ledgerQueue(partition) }
    return createBatcher<SerializedEnvelope, PublishOutcome>({
      write: async (envelopes) => {
        const outcome = await publishEnvelopes(broker, to, envelopes).catch(
          (error: unknown) => ({ kind: 'unknown', reason: String(error) }) as const,
        )
        return envelopes.map(() => outcome)
      },
      cut: (waiting) => Math.min(waiting.length, envelopesPerMessageMax),
      underWayMax,
    })
  })
  return (merchant, envelope) => {
    const batcher = batchers[partitionOf(merchant)]
    return batcher === undefined || batcher.waiting() >= waitingMax
      ? Promise.resolve({ kind: 'refused', reason: `${waitingMax} wait already` })
      : batcher.add(envelope)
  }
}

type SerializedMessage = SerializedEnvelope & { readonly envelopes: readonly SerializedEnvelope[] }

/** Cuts envelopes into messages: one travels as it is, several as an array. One that is too long alone still leaves, alone. */
export const messagesOf = (envelopes: readonly SerializedEnvelope[]): SerializedMessage[] => {
  const messages: SerializedMessage[] = []
  let from = 0
  let bytes = 0
  envelopes.forEach(({ body }, index) => {
    // The comma or bracket of the array comes with each.
    const size = Buffer.byteLength(body) + 2
    const isFull = bytes + size > envelopeBytesMax || index - from >= envelopesPerMessageMax
    if (isFull && index > from) {
      messages.push(...messageOf(envelopes.slice(from, index)))
      from = index
      bytes = 0
    }
    bytes += size
  })
  return [...messages, ...messageOf(envelopes.slice(from))]
}

const messageOf = (envelopes: readonly SerializedEnvelope[]): readonly SerializedMessage[] => {
  const [first] = envelopes
  if (first === undefined) return []
  if (envelopes.length === 1) return [{ ...first, envelopes }]
  const body = `[${envelopes.map(({ body }) => body).join(',')}]`
  return [{ ...first, type: 'batch', body, envelopes }]
}

const fromBestToWorst = ['confirmed', 'unroutable', 'refused', 'unknown'] as const

const worstOf = (outcomes: readonly PublishOutcome[]): PublishOutcome =>
  outcomes.reduce<PublishOutcome>(
    (worst, outcome) =>
      fromBestToWorst.indexOf(outcome.kind) > fromBestToWorst.indexOf(worst.kind) ? outcome : worst,
    { kind: 'confirmed' },
  )
