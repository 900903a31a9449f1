import { assertNever } from '@recargas/contracts'
import type { ConsumeMessage } from 'amqplib'
import { pause, type Parsed, type Span, type SpanEnd, type Tracer } from '@recargas/runtime'
import { apart, attemptOf, endingOf, keptHeaders, type Judgement, type Origin } from './endings.ts'
import { openBody, pieceOf, type Piece, type Whole } from './envelopes.ts'
import type { Log } from './link.ts'
import type { OutgoingMessage, PublishOutcome } from './publisher.ts'
import { isOfRequest, nameOf, parentOf } from './trace-headers.ts'
import type { Delivery, Verdict } from './verdict.ts'

export type Consumption<Message> = {
  readonly queue: string
  /** Most messages in hand at once. */
  readonly prefetch: number
  readonly parse: (value: unknown) => Parsed<Message>
  /** Called in the order of arrival, without waiting for the one before. One that throws is retried by itself. */
  readonly handle: (message: Message, delivery: Delivery) => Promise<Verdict>
  /** Leaves out of the traces a message that this process only overhears; without it all are traced. */
  readonly isTraced?: (message: Message) => boolean
}

export type DeliverDeps = {
  readonly publish: (message: OutgoingMessage) => Promise<PublishOutcome>
  /** Declares the exchanges and queues again that messages are sent on to. */
  readonly repair: () => Promise<void>
  readonly log: Log
  readonly tracer: Tracer | null
}

/** The consumer tag of a delivery; deliveries of an ended tag belong to the broker again. */
export type Tag = { readonly subscription: number; readonly signal: AbortSignal }

/** `done`: acknowledge it. `left`: a restart follows. `stuck`: it can be neither ended nor sent on. */
export type Disposition = 'done' | 'left' | 'stuck'

export type Deliver = (message: ConsumeMessage, tag: Tag) => Promise<Disposition>

/** From so many returns on, an array may hold the envelope that ends the process: each goes its own way. */
const splitDeliveryCount = 2

/** Judges every envelope of a message on its own and sees each to its end. Never rejects. */
export const createDeliver =
  <Message>(consumption: Consumption<Message>, deps: DeliverDeps): Deliver =>
  (message, tag) => {
    const origin = originOf(message, consumption.queue)
    const whole = wholeOf(message)
    const opened = openBody(message.content)
    if (!opened.ok) {
      const { code, detail } = opened
      const judgement: Judgement = { verdict: 'dead-letter', code, detail }
      return end(deps, [{ piece: { ...whole, value: null }, judgement }], origin, tag)
    }
    const pieces = opened.values.map((value) => pieceOf(value, whole, opened.isArray))
    const deliveryCount = deliveryCountOf(message)
    if (pieces.length > 1 && deliveryCount >= splitDeliveryCount) {
      deps.log.warn('message with several envelopes redelivered; splitting it', {
        queue: origin.queue,
        messageId: whole.messageId,
        envelopes: pieces.length,
      })
      return sendAllOn(
        deps,
        pieces.map((piece) => apart(piece, origin)),
        tag,
      )
    }
    const { redelivered } = message.fields
    const delivery = { redelivered, deliveryCount, attempt: origin.attempt, queue: origin.queue }
    const judged = pieces.map((piece, index) => ({
      piece,
      judgement: judge(consumption, deps, piece, {
        ...delivery,
        subscription: tag.subscription,
        messageId: piece.messageId,
        parent: () =>
          parentOf(message.properties.headers ?? {}, piece.correlationId, {
            index,
            isArray: opened.isArray,
          }),
      }),
    }))
    return end(deps, judged, origin, tag)
  }

/** Parses and begins to handle in this very turn, so that the order of arrival is the order of handling. */
const judge = async <Message>(
  { parse, handle, isTraced = () => true }: Consumption<Message>,
  { log, tracer }: Pick<DeliverDeps, 'log' | 'tracer'>,
  piece: Piece,
  { parent, ...delivery }: Arrival,
): Promise<Judgement> => {
  const { value, messageId } = piece
  let span: Span | undefined
  const judged = (judgement: Judgement): Judgement => {
    span?.end(spanEndOf(judgement))
    return judgement
  }
  try {
    const parsed = parse(value)
    if (!parsed.ok) return { verdict: 'dead-letter', code: 'INVALID', detail: parsed.reason }
    if (tracer !== null && isTraced(parsed.message)) span = beginOf(tracer, piece, delivery, parent)
    return judged(await handle(parsed.message, { ...delivery, span: span?.id }))
  } catch (error) {
    log.error('message handler threw', { queue: delivery.queue, messageId, error })
    return judged({ verdict: 'thrown', error: String(error) })
  }
}

/** A delivery with the look-up of the span that published it. */
type Arrival = Omit<Delivery, 'span'> & { readonly parent: () => string | undefined }

const beginOf = (
  tracer: Tracer,
  { type, messageId, correlationId }: Piece,
  { queue, redelivered, attempt }: Omit<Delivery, 'span'>,
  parent: Arrival['parent'],
): Span | undefined =>
  isOfRequest({ id: messageId, correlationId })
    ? tracer.begin(`process ${nameOf(type)}`, {
        kind: 'consumer',
        correlationId,
        parent: parent(),
        attributes: {
          'messaging.system': 'rabbitmq',
          'messaging.operation.type': 'process',
          'messaging.destination.name': queue,
          'messaging.message.id': messageId,
          'recargas.redelivered': redelivered,
          'recargas.attempt': attempt,
        },
      })
    : undefined

const spanEndOf = (judgement: Judgement): SpanEnd => {
  const attributes = { 'recargas.verdict': judgement.verdict }
  switch (judgement.verdict) {
    case 'ack':
    case 'leave':
      return { attributes }
    case 'retry':
      return { attributes, error: 'retried later' }
    case 'dead-letter':
      return { attributes, error: judgement.code }
    case 'thrown':
      return { attributes, error: judgement.error }
    default:
      return assertNever(judgement)
  }
}

type Judged = { readonly piece: Piece; readonly judgement: Judgement | Promise<Judgement> }

const end = async (
  deps: DeliverDeps,
  judged: readonly Judged[],
  origin: Origin,
  tag: Tag,
): Promise<Disposition> => {
  const dispositions = await Promise.all(
    judged.map(async ({ piece, judgement }): Promise<Disposition> => {
      const ending = endingOf(await judgement, piece, origin, new Date())
      switch (ending.kind) {
        case 'done':
          return 'done'
        case 'leave':
          return 'left'
        case 'send-on':
          return sendOn(deps, ending.message, tag)
      }
    }),
  )
  return worstOf(dispositions)
}

const sendAllOn = async (
  deps: DeliverDeps,
  messages: readonly OutgoingMessage[],
  tag: Tag,
): Promise<Disposition> =>
  worstOf(await Promise.all(messages.map((message) => sendOn(deps, message, tag))))

const worstOf = (dispositions: readonly Disposition[]): Disposition => {
  if (dispositions.includes('stuck')) return 'stuck'
  return dispositions.includes('left') ? 'left' : 'done'
}

const sendTriesMax = 10
const sendPauseMs = 1_000

/** Publishes until it is confirmed: the original is acknowledged only then, so it may come twice but never not at all. */
const sendOn = async (
  { publish, repair, log }: DeliverDeps,
  message: OutgoingMessage,
  { signal }: Tag,
): Promise<Disposition> => {
  for (let tries = 0; tries < sendTriesMax; tries += 1) {
    // The broker has taken the original back; its next consumer decides anew.
    if (signal.aborted) return 'left'
    const { kind, reason } = await publish(message)
    if (kind === 'confirmed') return 'done'
    const { exchange, messageId } = message
    log.warn('message could not be forwarded; retrying', { exchange, messageId, kind, reason })
    if (kind === 'unroutable') {
      await repair().catch((error: unknown) =>
        log.warn('topology could not be declared', { error }),
      )
    }
    await pause(sendPauseMs, signal)
  }
  return 'stuck'
}

const wholeOf = ({ content, properties }: ConsumeMessage): Whole => ({
  body: () => content,
  messageId: textOf(properties.messageId),
  type: textOf(properties.type),
  correlationId: textOf(properties.correlationId),
})

const originOf = ({ properties }: ConsumeMessage, queue: string): Origin => {
  const headers = properties.headers ?? {}
  return {
    queue,
    attempt: attemptOf(headers),
    headers: keptHeaders(headers),
  }
}

const deliveryCountOf = ({ properties }: ConsumeMessage): number => {
  const count: unknown = properties.headers?.['x-delivery-count']
  return typeof count === 'number' ? count : 0
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
