import type { MerchantId, OperationId, ShopDay } from '@recargas/contracts'
import type { EntryKind, Line } from '../domain/journal.ts'
import type { Limits } from '../domain/limits.ts'
import type { ReadEntry, Seal } from '../verify/ledger-source.ts'

type Cursor = { readonly bytes: Buffer; at: number }

const types = { text: 2, document: 3, list: 4, date: 9, none: 10, int32: 16, int64: 18 }
const nameBytes = (name: string) => Buffer.from(`${name}\0`, 'latin1')
const names = {
  _id: nameBytes('_id'),
  p: nameBytes('p'),
  seq: nameBytes('seq'),
  kind: nameBytes('kind'),
  merchant: nameBytes('merchant'),
  day: nameBytes('day'),
  topupId: nameBytes('topupId'),
  sessionId: nameBytes('sessionId'),
  resolves: nameBytes('resolves'),
  fingerprint: nameBytes('fingerprint'),
  operation: nameBytes('operation'),
  outcome: nameBytes('outcome'),
  lines: nameBytes('lines'),
  account: nameBytes('account'),
  posted: nameBytes('posted'),
  reserved: nameBytes('reserved'),
  incoming: nameBytes('incoming'),
  after: nameBytes('after'),
  session: nameBytes('session'),
  at: nameBytes('at'),
  batch: nameBytes('batch'),
  number: nameBytes('number'),
  size: nameBytes('size'),
  epoch: nameBytes('epoch'),
  duplicateWindowMs: nameBytes('duplicateWindowMs'),
  limits: nameBytes('limits'),
  cashier: nameBytes('cashier'),
  operator: nameBytes('operator'),
  count: nameBytes('count'),
  amount: nameBytes('amount'),
  previous: nameBytes('previous'),
  hash: nameBytes('hash'),
} as const

/** Thrown inside: the document is not byte for byte as the ledger writes it. */
const otherShape = new Error('another shape')

/**
 * Reads a journal document whose fields come in the order and the types that the ledger writes, several times faster
 * than a general reader: a proof reads millions.
 * @returns null for any other document; a general reader then says what it is
 */
export const readJournalBytes = (bytes: Uint8Array): ReadEntry | null => {
  const cursor = { bytes: bufferOf(bytes), at: 4 }
  try {
    return readEntry(cursor)
  } catch (error) {
    if (error === otherShape || error instanceof RangeError) return null
    throw error
  }
}

/** The same memory; a buffer of its own would cost each of millions of documents. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const readEntry = (cursor: Cursor): ReadEntry => {
  const id = text(cursor, names._id)
  int32(cursor, names.p)
  const seq = int64(cursor, names.seq)
  const entry = {
    id,
    kind: text(cursor, names.kind) as EntryKind,
    merchant: text(cursor, names.merchant) as MerchantId,
    day: (has(cursor, types.text, names.day) ? textValue(cursor) : null) as ShopDay | null,
    topupId: (has(cursor, types.text, names.topupId)
      ? textValue(cursor)
      : null) as OperationId | null,
    sessionId: has(cursor, types.int32, names.sessionId) ? int32Value(cursor) : null,
    resolves: (has(cursor, types.text, names.resolves)
      ? textValue(cursor)
      : null) as OperationId | null,
  }
  const fingerprint = has(cursor, types.none, names.fingerprint)
    ? null
    : text(cursor, names.fingerprint)
  const operation = text(cursor, names.operation)
  const outcome = text(cursor, names.outcome)
  const lines = linesOf(cursor)
  must(cursor, types.date, names.at)
  const at = int64Value(cursor)
  const seal = sealOf(cursor, at)
  end(cursor)
  if (cursor.at !== cursor.bytes.length) throw otherShape
  const placed = { seq, entry: { ...entry, lines }, fingerprint, operation, outcome }
  return { kind: 'entry', seq, placed, at, seal }
}

const linesOf = (cursor: Cursor): readonly Line[] => {
  must(cursor, types.list, names.lines)
  cursor.at += 4
  const lines: Line[] = []
  while (cursor.bytes[cursor.at] === types.document) {
    // The index, as text.
    cursor.at = cursor.bytes.indexOf(0, cursor.at) + 5
    const line = {
      account: text(cursor, names.account),
      posted: int64(cursor, names.posted),
      reserved: int64(cursor, names.reserved),
      incoming: int64(cursor, names.incoming),
      after: afterOf(cursor),
      session: has(cursor, types.none, names.session) ? null : int32(cursor, names.session),
    }
    end(cursor)
    lines.push(line)
  }
  end(cursor)
  return lines
}

const afterOf = (cursor: Cursor): Line['after'] => {
  must(cursor, types.document, names.after)
  cursor.at += 4
  const after = {
    posted: int64(cursor, names.posted),
    reserved: int64(cursor, names.reserved),
    incoming: int64(cursor, names.incoming),
  }
  end(cursor)
  return after
}

const sealOf = (cursor: Cursor, at: number): Seal | null => {
  if (!has(cursor, types.document, names.batch)) return null
  cursor.at += 4
  const number = int64(cursor, names.number)
  const size = int32(cursor, names.size)
  const epoch = int64(cursor, names.epoch)
  const duplicateWindowMs = int32(cursor, names.duplicateWindowMs)
  const limits = has(cursor, types.document, names.limits) ? limitsOf(cursor) : null
  const previous = text(cursor, names.previous)
  const hash = text(cursor, names.hash)
  end(cursor)
  const seal = { epoch, at, duplicateWindowMs, number, size, previous, hash }
  return limits === null ? seal : { ...seal, limits }
}

const limitsOf = (cursor: Cursor): Limits => {
  cursor.at += 4
  const limits = {
    cashier: allowanceOf(cursor, names.cashier),
    number: allowanceOf(cursor, names.number),
    operator: allowanceOf(cursor, names.operator),
  }
  end(cursor)
  return limits
}

const allowanceOf = (cursor: Cursor, name: Buffer): Limits['cashier'] => {
  must(cursor, types.document, name)
  cursor.at += 4
  const allowance = { count: int32(cursor, names.count), amount: int64(cursor, names.amount) }
  end(cursor)
  return allowance
}

const has = (cursor: Cursor, type: number, name: Buffer): boolean => {
  const { bytes, at } = cursor
  if (bytes[at] !== type) return false
  for (let index = 0; index < name.length; index += 1) {
    if (bytes[at + 1 + index] !== name[index]) return false
  }
  cursor.at = at + 1 + name.length
  return true
}

const must = (cursor: Cursor, type: number, name: Buffer): void => {
  if (!has(cursor, type, name)) throw otherShape
}

const text = (cursor: Cursor, name: Buffer): string => {
  must(cursor, types.text, name)
  return textValue(cursor)
}

const textValue = (cursor: Cursor): string => {
  const length = cursor.bytes.readInt32LE(cursor.at)
  const start = cursor.at + 4
  if (length < 1 || start + length > cursor.bytes.length) throw otherShape
  cursor.at = start + length
  return cursor.bytes.toString('utf8', start, start + length - 1)
}

const int32 = (cursor: Cursor, name: Buffer): number => {
  must(cursor, types.int32, name)
  return int32Value(cursor)
}

const int32Value = (cursor: Cursor): number => {
  const value = cursor.bytes.readInt32LE(cursor.at)
  cursor.at += 4
  return value
}

const int64 = (cursor: Cursor, name: Buffer): number => {
  must(cursor, types.int64, name)
  return int64Value(cursor)
}

const int64Value = (cursor: Cursor): number => {
  const { bytes, at } = cursor
  const value = bytes.readInt32LE(at + 4) * 0x1_0000_0000 + bytes.readUInt32LE(at)
  if (!Number.isSafeInteger(value)) throw otherShape
  cursor.at = at + 8
  return value
}

/** The end of a document or a list: nothing else is in it. */
const end = (cursor: Cursor): void => {
  if (cursor.bytes[cursor.at] !== 0) throw otherShape
  cursor.at += 1
}
