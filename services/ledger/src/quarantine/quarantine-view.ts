import type { QuarantineAction, QuarantineMessage, QuarantineRow } from '@recargas/contracts'
import type { Quarantined } from './ports.ts'

type Seen = Omit<Quarantined, 'body' | 'headers'>

/** A row of a list: distinguishes causes and shows no customer's number. */
export const rowOf = (message: Seen): QuarantineRow => ({
  ...shown(message),
  detail: masked(message.detail),
})

/** The full view of one message. */
export const messageOf = (
  message: Quarantined,
  note: string | null,
  actions: readonly QuarantineAction[],
): QuarantineMessage => ({
  ...shown(message),
  headers: { ...message.headers },
  body: bodyOf(message.body),
  isCut: message.isCut,
  note,
  actions: [...actions],
})

const shown = (message: Seen): QuarantineRow => ({
  id: message.id,
  state: message.state,
  cause: message.cause,
  detail: message.detail,
  queue: message.queue,
  type: message.type,
  messageId: message.messageId,
  correlationId: message.correlationId,
  merchant: message.merchant,
  partition: message.partition,
  attempts: message.attempts,
  bytes: message.bytes,
  firstFailureAt: message.firstFailureAt?.toISOString() ?? null,
  firstSeenAt: message.firstSeenAt.toISOString(),
  lastSeenAt: message.lastSeenAt.toISOString(),
  arrivals: message.arrivals,
  replays: message.replays,
})

const shownDigits = 2

/** So many digits together may be a customer's number; its last ones are enough to recognize it. */
const masked = (text: string): string =>
  text.replace(/\d{7,15}/g, (number) =>
    '•'.repeat(number.length - shownDigits).concat(number.slice(-shownDigits)),
  )

const bodyOf = (body: Buffer): QuarantineMessage['body'] => {
  const text = body.toString('utf8')
  return Buffer.from(text, 'utf8').equals(body)
    ? { encoding: 'utf8', text }
    : { encoding: 'base64', text: body.toString('base64') }
}
