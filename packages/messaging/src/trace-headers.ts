import {
  readTraceparent,
  traceIdOf,
  traceparentOf,
  type Span,
  type Tracer,
} from '@recargas/runtime'
import type { OutgoingMessage, PublishOutcome, TracedEnvelope } from './publisher.ts'

/** A message that no request caused, a heartbeat for example, is its own correlation and in no trace. */
export const isOfRequest = ({
  id,
  correlationId,
}: Pick<TracedEnvelope, 'id' | 'correlationId'>): boolean =>
  correlationId !== '' && correlationId !== id

/** The W3C header, of a message with one envelope. */
const traceparentHeader = 'traceparent'
/**
 * The spans of a message with several, each the parent of one envelope, in their order. Only ids: each trace follows from the
 * envelope's correlation id. The prefix keeps it from messages that leave the array.
 */
const spansHeader = 'x-traceparent-ids'

type Headers = NonNullable<OutgoingMessage['headers']>

export const traceHeadersOf = (
  envelopes: readonly Pick<TracedEnvelope, 'correlationId'>[],
  spans: readonly (string | undefined)[],
): Headers => {
  const [envelope] = envelopes
  const [spanId] = spans
  if (envelopes.length > 1) {
    return spans.some((id) => id !== undefined)
      ? { [spansHeader]: spans.map((id) => id ?? '').join(',') }
      : {}
  }
  return envelope === undefined || spanId === undefined
    ? {}
    : {
        [traceparentHeader]: traceparentOf({ traceId: traceIdOf(envelope.correlationId), spanId }),
      }
}

const spanForm = /^[\da-f]{16}$/

/** Id of the span that published an envelope; undefined where the header is absent, malformed, or of another trace. */
export const parentOf = (
  headers: Readonly<Record<string, unknown>>,
  correlationId: string,
  place: { readonly index: number; readonly isArray: boolean },
): string | undefined => {
  const text = headers[place.isArray ? spansHeader : traceparentHeader]
  if (typeof text !== 'string') return undefined
  if (place.isArray) {
    const id = text.split(',')[place.index] ?? ''
    return spanForm.test(id) ? id : undefined
  }
  const reference = readTraceparent(text)
  return reference?.traceId === traceIdOf(correlationId) ? reference.spanId : undefined
}

type Publish = (message: OutgoingMessage) => Promise<PublishOutcome>

/** Publishes with a span for each envelope, whose ids travel in the headers: bodies are the same with and without them. */
export const publishTraced =
  (tracer: Tracer, publish: Publish): Publish =>
  async (message) => {
    const { envelopes = [], exchange, routingKey } = message
    const attributes = {
      'messaging.system': 'rabbitmq',
      'messaging.operation.type': 'send',
      'messaging.destination.name': exchange,
      'messaging.rabbitmq.destination.routing_key': routingKey,
      ...(envelopes.length > 1 ? { 'messaging.batch.message_count': envelopes.length } : {}),
    }
    const spans: readonly (Span | undefined)[] = envelopes.map((envelope) =>
      isOfRequest(envelope)
        ? tracer.begin(`publish ${nameOf(envelope.type)}`, {
            kind: 'producer',
            correlationId: envelope.correlationId,
            parent: envelope.span,
            attributes: { ...attributes, 'messaging.message.id': envelope.id },
          })
        : undefined,
    )
    const headers = traceHeadersOf(
      envelopes,
      spans.map((span) => span?.id),
    )
    const outcome = await publish({ ...message, headers: { ...message.headers, ...headers } })
    const error = failureOf(message, outcome)
    for (const span of spans) span?.end({ error })
    return outcome
  }

/** The absence of a receiver is no failure of a message that only present ones receive. */
const failureOf = (
  { persistent }: Pick<OutgoingMessage, 'persistent'>,
  { kind, reason = '' }: PublishOutcome,
): string | undefined =>
  kind === 'confirmed' || (kind === 'unroutable' && !persistent) ? undefined : `${kind}: ${reason}`

/** A message's type without its version. */
export const nameOf = (type: string): string => type.replace(/\.v\d+$/, '')
