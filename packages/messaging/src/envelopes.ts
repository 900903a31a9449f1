import { envelopeBytesMax, envelopesPerMessageMax } from '@recargas/contracts'

/** One envelope of a message, with the properties needed to publish it alone. */
export type Piece = {
  readonly value: unknown
  /** Built on demand: only an envelope that is published alone needs it. */
  readonly body: () => Buffer
  readonly messageId: string
  readonly type: string
  readonly correlationId: string
}

/** The AMQP message that carried envelopes; '' for a missing property. */
export type Whole = Omit<Piece, 'value'>

export type Opened =
  | { readonly ok: true; readonly values: readonly unknown[]; readonly isArray: boolean }
  | { readonly ok: false; readonly code: 'UNREADABLE' | 'INVALID'; readonly detail: string }

const openingBracket = 0x5b

/** A body is one envelope or an array of them; anything else is not a message of ours. */
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

/** AMQP allows 255 bytes; a longer name is not one of ours. */
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
