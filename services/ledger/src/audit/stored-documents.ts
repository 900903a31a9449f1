import mongoose from 'mongoose'
import { fieldOf } from '../mongo/bson-file.ts'
import type { PositionedDocument } from '../projections/projection.ts'

const { deserialize, serialize, onDemand, EJSON } = mongoose.mongo.BSON

/** A document that is not stored as the log makes it. */
export type Difference = {
  readonly document: PositionedDocument
  readonly found:
    | { readonly kind: 'missing' }
    /** The document shows an earlier position. */
    | { readonly kind: 'earlier'; readonly position: number }
    /** The document shows a later position: it is compared once the walk has reached it. */
    | { readonly kind: 'later'; readonly position: number; readonly bytes: Uint8Array }
    | { readonly kind: 'differs'; readonly fields: ReadonlyMap<string, string> }
}

/** Compares documents byte by byte; only where that differs, field by field. */
export const differencesOf = (
  documents: readonly PositionedDocument[],
  stored: readonly Uint8Array[],
): readonly Difference[] => {
  const byKey = new Map(stored.map((bytes) => [keyOf(bytes), bytes]))
  const differences: Difference[] = []
  for (const document of documents) {
    const expected = bytesOf(document)
    const found = differenceOf(document, expected, byKey.get(keyOf(expected)))
    if (found !== null) differences.push({ document, found })
  }
  return differences
}

/** Compares documents that both sides hold in the same order; @returns also the stored ones that nothing made. */
export const differencesInOrder = (
  documents: readonly PositionedDocument[],
  stored: readonly Uint8Array[],
): { readonly differences: readonly Difference[]; readonly more: readonly string[] } => {
  const isAlike =
    documents.length === stored.length &&
    documents.every(
      (document, index) => Buffer.compare(bytesOf(document), stored[index] ?? nothing) === 0,
    )
  if (isAlike) return { differences: [], more: [] }
  const made = new Set(documents.map((document) => keyOf(bytesOf(document))))
  return {
    differences: differencesOf(documents, stored),
    more: stored.filter((bytes) => !made.has(keyOf(bytes))).map(idTextOf),
  }
}
const nothing = new Uint8Array()

/** @returns null where the bytes are the document's own */
export const differenceOf = (
  document: PositionedDocument,
  expected: Uint8Array,
  bytes: Uint8Array | undefined,
): Difference['found'] | null => {
  if (bytes === undefined) return { kind: 'missing' }
  if (Buffer.compare(bytes, expected) === 0) return null
  const position = fieldOf(bytes, 'position')
  if (typeof position === 'number' && Number.isSafeInteger(position)) {
    if (position < document.position) return { kind: 'earlier', position }
    // Copied, because the bytes are part of a whole reply.
    if (position > document.position) return { kind: 'later', position, bytes: Buffer.from(bytes) }
  }
  const fields = fieldsThatDiffer(bytes, expected)
  return fields.size === 0 ? null : { kind: 'differs', fields }
}

export const bytesOf = ({ id, fields, position }: PositionedDocument): Uint8Array =>
  serialize({ _id: id, ...fields, position }, { ignoreUndefined: false })

/** The bytes of an id, as text. */
export const keyOfId = (id: PositionedDocument['id']): string => keyOf(serialize({ _id: id }))

/** The bytes of `_id`, as text. */
export const keyOf = (bytes: Uint8Array): string => {
  const view = bufferOf(bytes)
  const isFirst = view.length > 13 && view.toString('latin1', 5, 9) === '_id\0'
  if (isFirst) {
    const type = view.readUInt8(4)
    const length = view.readInt32LE(9)
    if (type === text) return view.toString('latin1', 13, 13 + length)
    if (type === embedded) return view.toString('latin1', 9, 9 + length)
  }
  for (const [type, nameOffset, nameLength, offset, length] of onDemand.parseToElements(bytes)) {
    if (nameLength !== 3 || view.toString('latin1', nameOffset, nameOffset + 3) !== '_id') continue
    return view.toString('latin1', type === text ? offset + 4 : offset, offset + length)
  }
  return ''
}
const text = 0x02
const embedded = 0x03

/** The same memory: a buffer of its own would cost each of millions of documents. */
const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const idTextOf = (bytes: Uint8Array): string => {
  const { _id } = deserialize(bytes)
  return typeof _id === 'string' ? _id : EJSON.stringify(_id as object)
}

const fieldsThatDiffer = (bytes: Uint8Array, written: Uint8Array): ReadonlyMap<string, string> => {
  const stored = textsOf(bytes)
  const expected = textsOf(written)
  const fields = new Map<string, string>()
  for (const field of new Set([...stored.keys(), ...expected.keys()])) {
    const kept = stored.get(field) ?? 'nothing'
    const made = expected.get(field) ?? 'nothing'
    if (kept !== made) fields.set(field, `${kept} stored, ${made} from the log`)
  }
  return fields
}

/** Each field's value with its type: an integer is not the double that looks like it. */
const textsOf = (bytes: Uint8Array): ReadonlyMap<string, string> => {
  const document = deserialize(bytes, { promoteValues: false, promoteLongs: false })
  return new Map(
    Object.entries(document).map(([field, value]) => [
      field,
      EJSON.stringify(value, { relaxed: false }),
    ]),
  )
}
