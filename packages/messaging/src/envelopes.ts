import { envelopeBytesMax, envelopesPerMessageMax } from '@recargas/contracts'

/** One envelope of a message, with what is needed to send it on by itself. */
export type Piece = {
  readonly value: unknown
  /** Made when it is asked for: only what is sent on by itself needs it. */
  readonly body: () => Buffer
  readonly messageId: string
  readonly type: string
  readonly correlationId: string
}

/** The AMQP message that envelopes came in; '' for what it does not say. */
export type Whole = Omit<Piece, 'value'>

export type Opened =
  | { readonly ok: true; readonly values: readonly unknown[]; readonly isArray: boolean }
  | { readonly ok: false; readonly code: 'UNREADABLE' | 'INVALID'; readonly detail: string }

const openingBracket = 0x5b

/** A body is one envelope or an array of them; anything else is nobody's message. */
export const openBody = (body: Buffer): Opened => {
  const isArray = body[0] === openingBracket
  const bytesMax = isArray ? envelopeBytesMax * envelopesPerMessageMax : envelopeBytesMax
  if (body.byteLength > bytesMax) return invalid(`larger than ${bytesMax} bytes`)
  let content: unknown
  try {
    content = JSON.parse(body.toString('utf8'))
  } catch (error) {
    return { ok: false, code: 'UNREADABLE', detail: String(error) }
  }
  if (!Array.isArray(content)) return { ok: true, values: [content], isArray: false }
  if (content.length === 0) return invalid('an array of no envelopes')
  if (content.length > envelopesPerMessageMax) {
    return invalid(`more than ${envelopesPerMessageMax} envelopes`)
  }
  return { ok: true, values: content, isArray: true }
}

const invalid = (detail: string): Opened => ({ ok: false, code: 'INVALID', detail })

/** AMQP allows 255 bytes; what is longer was not made by us. */
const shortBytesMax = 200

/** The envelope's own id and type where it has any, else those of the message it came in. */
export const pieceOf = (value: unknown, whole: Whole, isArray: boolean): Piece => ({
  value,
  body: isArray ? () => Buffer.from(JSON.stringify(value)) : whole.body,
  messageId: shortText(value, 'id') ?? whole.messageId,
  type: shortText(value, 'type') ?? (isArray ? '' : whole.type),
  correlationId: shortText(value, 'correlationid') ?? whole.correlationId,
})

const shortText = (value: unknown, name: 'id' | 'type' | 'correlationid'): string | null => {
  if (typeof value !== 'object' || value === null || !(name in value)) return null
  const text = (value as Readonly<Record<string, unknown>>)[name]
  return typeof text === 'string' && text !== '' && Buffer.byteLength(text) <= shortBytesMax
    ? text
    : null
}
