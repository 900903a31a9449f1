import { createHash } from 'node:crypto'
import {
  Command,
  envelopeBytesMax,
  envelopesPerMessageMax,
  ledgerQueue,
  QuarantineCause,
  partitions,
} from '@recargas/contracts'
import type { WholeMessage } from '@recargas/messaging'

/** The stored form of a dead letter. */
export type StoredDeadLetter = {
  readonly id: string
  readonly cause: QuarantineCause
  readonly detail: string
  readonly queue: string
  readonly type: string
  readonly messageId: string
  readonly correlationId: string
  readonly merchant: string | null
  readonly partition: number | null
  readonly attempts: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Buffer
  readonly bytes: number
  readonly isCut: boolean
  readonly firstFailureAt: Date | null
  /** Number of this replay; 0 for a message that was never replayed. */
  readonly replay: number
}

/** A document of the database holds 16 MiB, and no message of ours is longer than this. */
const bodyBytesMax = envelopeBytesMax * envelopesPerMessageMax
const textMax = 1_000

/** Reads whatever can be read of a dead letter. Never throws: there is no other place for it to go. */
export const readDeadLetter = (letter: WholeMessage): StoredDeadLetter => {
  const { body, headers } = letter
  const { cause, queue, detail } = originOf(letter)
  const envelope = envelopeIn(body)
  const messageId = letter.messageId || textOf(envelope?.['id'])
  const isCut = body.byteLength > bodyBytesMax
  return {
    id: idOf(queue, messageId, body),
    cause,
    detail: detail.slice(0, textMax),
    queue,
    type: letter.type || textOf(envelope?.['type']),
    messageId,
    correlationId: letter.correlationId || textOf(envelope?.['correlationid']),
    merchant: merchantOf(envelope),
    partition: partitionOfQueue.get(queue) ?? null,
    attempts: countOf(headers['attempt']) ?? 1,
    headers: plainHeaders(headers),
    // Copies, because a slice would keep the whole body in memory.
    body: isCut ? Buffer.from(body.subarray(0, bodyBytesMax)) : body,
    bytes: body.byteLength,
    isCut,
    firstFailureAt: dateOf(headers['first-failure-at']),
    replay: countOf(headers['replay']) ?? 0,
  }
}

/** The same message is the same document, however often it comes. */
const idOf = (queue: string, messageId: string, body: Buffer): string =>
  createHash('sha256')
    .update(JSON.stringify([queue, messageId]))
    .update(body)
    .digest('hex')
    .slice(0, 32)

type Origin = {
  readonly cause: QuarantineCause
  readonly queue: string
  readonly detail: string
}

/** Our own dead letters do not carry the broker's x-death header: a message with it was dead-lettered by the broker itself. */
const originOf = ({ headers, routingKey }: WholeMessage): Origin => {
  const death: unknown = Array.isArray(headers['x-death']) ? headers['x-death'][0] : null
  if (typeof death === 'object' && death !== null) {
    const { queue, reason } = death as Readonly<Record<string, unknown>>
    const said = textOf(reason)
    const cause = causeOf(said.replace('-', '_').toUpperCase())
    return { cause, queue: textOf(queue) || routingKey, detail: `set aside by the broker: ${said}` }
  }
  const code = textOf(headers['last-error-code'])
  const cause = causeOf(code)
  const detail = textOf(headers['last-error-detail'])
  return {
    cause,
    queue: textOf(headers['origin-queue']) || routingKey,
    detail: cause === 'UNKNOWN' && code !== '' ? `${code}: ${detail}` : detail,
  }
}

const causeOf = (code: string): QuarantineCause => QuarantineCause.catch('UNKNOWN').parse(code)

const partitionOfQueue: ReadonlyMap<string, number> = new Map(
  partitions.map((partition) => [ledgerQueue(partition), partition]),
)

type Envelope = Readonly<Record<string, unknown>>

const envelopeIn = (body: Buffer): Envelope | null => {
  if (body.byteLength > envelopeBytesMax) return null
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Envelope =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const merchantOf = (envelope: Envelope | null): string | null => {
  const data = envelope?.['data']
  return isObject(data) ? textOf(data['merchant']).slice(0, 40) || null : null
}

/** Until when the command in it may be carried out; null where it is none, or nothing can be read. */
export const acceptUntilOf = (body: Buffer): number | null => {
  const parsed = Command.safeParse(envelopeIn(body))
  return parsed.success ? Date.parse(parsed.data.data.acceptUntil) : null
}

const headersMax = 32

/** Keeps a bounded number of plain headers; the broker's x-death is stored as text. */
const plainHeaders = (headers: Readonly<Record<string, unknown>>): StoredDeadLetter['headers'] =>
  Object.fromEntries(
    Object.entries(headers)
      .slice(0, headersMax)
      .map(([name, value]) => {
        const isPlain = ['string', 'number', 'boolean'].includes(typeof value)
        const kept = isPlain ? value : (JSON.stringify(value) as string | undefined)
        // A dot or a dollar in a name would be read as a path.
        const plainName = name.replace(/^\$|\./g, '_').slice(0, 128)
        return [plainName, typeof kept === 'string' ? kept.slice(0, textMax) : (kept ?? null)]
      }),
  )

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const countOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 1 ? value : null

const dateOf = (value: unknown): Date | null => {
  const at = Date.parse(textOf(value))
  return Number.isNaN(at) ? null : new Date(at)
}
