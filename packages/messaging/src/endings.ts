import { assertNever, exchanges } from '@recargas/contracts'
import type { Piece } from './envelopes.ts'
import type { OutgoingMessage } from './publisher.ts'
import { attemptsMax, retryStep, thrownRetryMs, type Verdict } from './verdict.ts'

/** The known properties of the message that carried an envelope. */
export type Origin = {
  readonly queue: string
  readonly attempt: number
  /** Headers that stay with a message on its way, never the broker's own. */
  readonly headers: Readonly<Record<string, string | number | boolean>>
}

export type Judgement = Verdict | { readonly verdict: 'thrown'; readonly error: string }

/** The effect that the broker must confirm before the delivery may be acknowledged. */
export type Ending =
  | { readonly kind: 'done' }
  | { readonly kind: 'leave' }
  | { readonly kind: 'send-on'; readonly message: OutgoingMessage }

type Cause = { readonly code: string; readonly detail: string }

const done: Ending = { kind: 'done' }
const leave: Ending = { kind: 'leave' }

export const endingOf = (judgement: Judgement, piece: Piece, origin: Origin, now: Date): Ending => {
  switch (judgement.verdict) {
    case 'ack':
      return done
    case 'leave':
      return leave
    case 'dead-letter': {
      const { code, detail = '' } = judgement
      return deadLetter(piece, origin, { code, detail }, now)
    }
    case 'retry': {
      const cause = { code: 'RETRIES_EXHAUSTED', detail: `${attemptsMax} attempts` }
      return retry(piece, origin, judgement.afterMs, cause, now)
    }
    case 'thrown': {
      const cause = { code: 'HANDLER_FAILED', detail: judgement.error }
      return retry(piece, origin, thrownRetryMs, cause, now)
    }
    default:
      return assertNever(judgement)
  }
}

const retry = (piece: Piece, origin: Origin, afterMs: number, cause: Cause, now: Date): Ending => {
  if (origin.attempt >= attemptsMax) return deadLetter(piece, origin, cause, now)
  // The wait queue gives the message back to the queue that its routing key names.
  return sendOn(piece, origin, retryStep(afterMs).name, {
    ...firstFailure(origin, now),
    attempt: origin.attempt + 1,
  })
}

const detailLengthMax = 1_000

const deadLetter = (piece: Piece, origin: Origin, { code, detail }: Cause, now: Date): Ending =>
  sendOn(piece, origin, exchanges.dead, {
    ...firstFailure(origin, now),
    attempt: origin.attempt,
    'origin-queue': origin.queue,
    'last-error-code': code,
    'last-error-detail': detail.slice(0, detailLengthMax),
  })

const firstFailure = ({ headers }: Origin, now: Date): Origin['headers'] => ({
  'first-failure-at': now.toISOString(),
  ...headers,
})

const sendOn = (
  piece: Piece,
  origin: Origin,
  exchange: string,
  headers: Origin['headers'],
): Ending => ({
  kind: 'send-on',
  message: onItsWay(piece, { exchange, routingKey: origin.queue }, headers),
})

/** Back to its own queue by itself, as if it had come so. */
export const apart = (piece: Piece, origin: Origin): OutgoingMessage =>
  onItsWay(
    piece,
    { exchange: '', routingKey: origin.queue },
    {
      ...origin.headers,
      attempt: origin.attempt,
    },
  )

const onItsWay = (
  { body, messageId, type, correlationId }: Piece,
  to: { readonly exchange: string; readonly routingKey: string },
  headers: Origin['headers'],
): OutgoingMessage => ({
  ...to,
  messageId,
  type,
  body: body(),
  persistent: true,
  headers,
  ...(correlationId === '' ? {} : { correlationId }),
})

const keptHeadersMax = 32
const keptTextBytesMax = 1_024

/** Few, short and plain ones, or a message with a mass of headers could never be sent on. */
export const keptHeaders = (headers: Readonly<Record<string, unknown>>): Origin['headers'] => {
  const kept: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(headers).slice(0, keptHeadersMax)) {
    if (name.startsWith('x-') || Buffer.byteLength(name) > 128) continue
    const isShortText = typeof value === 'string' && Buffer.byteLength(value) <= keptTextBytesMax
    if (isShortText || typeof value === 'number' || typeof value === 'boolean') kept[name] = value
  }
  return kept
}

/** 1 where the message has never failed. */
export const attemptOf = (headers: Readonly<Record<string, unknown>>): number => {
  const attempt = headers['attempt']
  return typeof attempt === 'number' && Number.isSafeInteger(attempt) && attempt >= 1 ? attempt : 1
}
