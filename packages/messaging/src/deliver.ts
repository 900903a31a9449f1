import type { ConsumeMessage } from 'amqplib'
import { pause, type Parsed } from '@recargas/runtime'
import { apart, attemptOf, endingOf, keptHeaders, type Judgement, type Origin } from './endings.ts'
import { openBody, pieceOf, type Piece, type Whole } from './envelopes.ts'
import type { Log } from './link.ts'
import type { OutgoingMessage, PublishOutcome } from './publisher.ts'
import type { Delivery, Verdict } from './verdict.ts'

export type Consumption<Message> = {
  readonly queue: string
  /** Most messages in hand at once. */
  readonly prefetch: number
  readonly parse: (value: unknown) => Parsed<Message>
  /** Called in the order of arrival, without waiting for the one before. One that throws is retried by itself. */
  readonly handle: (message: Message, delivery: Delivery) => Promise<Verdict>
}

export type DeliverDeps = {
  readonly publish: (message: OutgoingMessage) => Promise<PublishOutcome>
  /** Declares the exchanges and queues again that messages are sent on to. */
  readonly repair: () => Promise<void>
  readonly log: Log
}

/** The consumer tag of a delivery; deliveries of an ended tag belong to the broker again. */
export type Tag = { readonly subscription: number; readonly signal: AbortSignal }

/** `done`: acknowledge it. `left`: a restart follows. `stuck`: it can be neither ended nor sent on. */
export type Fate = 'done' | 'left' | 'stuck'

export type Deliver = (message: ConsumeMessage, tag: Tag) => Promise<Fate>

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
    const judged = pieces.map((piece) => ({
      piece,
      judgement: judge(consumption, deps.log, piece, {
        ...delivery,
        subscription: tag.subscription,
        messageId: piece.messageId,
      }),
    }))
    return end(deps, judged, origin, tag)
  }

/** Parses and begins to handle in this very turn, so that the order of arrival is the order of handling. */
const judge = async <Message>(
  { parse, handle }: Consumption<Message>,
  log: Log,
  { value, messageId }: Piece,
  delivery: Delivery,
): Promise<Judgement> => {
  try {
    const parsed = parse(value)
    if (parsed.ok) return await handle(parsed.message, delivery)
    return { verdict: 'dead-letter', code: 'INVALID', detail: parsed.reason }
  } catch (error) {
    log.error('message handler threw', { queue: delivery.queue, messageId, error })
    return { verdict: 'thrown', error: String(error) }
  }
}

type Judged = { readonly piece: Piece; readonly judgement: Judgement | Promise<Judgement> }

const end = async (
  deps: DeliverDeps,
  judged: readonly Judged[],
  origin: Origin,
  tag: Tag,
): Promise<Fate> => {
  const fates = await Promise.all(
    judged.map(async ({ piece, judgement }): Promise<Fate> => {
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
  return worstOf(fates)
}

const sendAllOn = async (
  deps: DeliverDeps,
  messages: readonly OutgoingMessage[],
  tag: Tag,
): Promise<Fate> =>
  worstOf(await Promise.all(messages.map((message) => sendOn(deps, message, tag))))

const worstOf = (fates: readonly Fate[]): Fate => {
  if (fates.includes('stuck')) return 'stuck'
  return fates.includes('left') ? 'left' : 'done'
}

const sendTriesMax = 10
const sendPauseMs = 1_000

/** Publishes until it is confirmed: the original is acknowledged only then, so it may come twice but never not at all. */
const sendOn = async (
  { publish, repair, log }: DeliverDeps,
  message: OutgoingMessage,
  { signal }: Tag,
): Promise<Fate> => {
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
