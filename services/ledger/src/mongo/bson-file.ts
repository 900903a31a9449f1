import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import mongoose from 'mongoose'

const { onDemand } = mongoose.mongo.BSON

/** Documents one after the other, as mongodump writes a collection. */
export type BsonFile = {
  readonly count: number
  readonly all: () => Iterable<Uint8Array>
  readonly get: (key: string) => Uint8Array | undefined
  readonly close: () => void
}

const documentBytesMax = 17 * 1024 * 1024
const windowBytes = 64 * 1024

/**
 * Opens a file and finds each document's place, with some 24 bytes of memory for each: the documents stay in the file.
 * @throws where the file is cut off, or is no BSON
 */
export const openBsonFile = (
  path: string,
  keyOf: (bytes: Uint8Array) => string,
  onDocument: (bytes: Uint8Array) => void = () => undefined,
): BsonFile => {
  const file = openSync(path, 'r')
  const read = windowOn(file, path)
  let count = 0
  for (const _ of placesIn(read)) count += 1
  const places = placesTable(count)
  for (const offset of placesIn(read)) {
    const bytes = read.document(offset)
    onDocument(bytes)
    places.add(keyOf(bytes), offset)
  }
  return {
    count,
    all: function* () {
      for (const offset of placesIn(read)) yield read.document(offset)
    },
    get: (key) => {
      for (const offset of places.candidates(key)) {
        const bytes = read.document(offset)
        if (keyOf(bytes) === key) return bytes
      }
      return undefined
    },
    close: () => closeSync(file),
  }
}

type Window = {
  readonly size: number
  readonly lengthAt: (offset: number) => number
  readonly document: (offset: number) => Uint8Array
}

const windowOn = (file: number, path: string): Window => {
  const { size } = fstatSync(file)
  const window = Buffer.alloc(windowBytes)
  let start = 0
  let end = 0
  const bytesAt = (offset: number, length: number): Buffer => {
    if (offset + length > size) throw new Error(`${path} is cut off at byte ${size}`)
    if (length > windowBytes) {
      const bytes = Buffer.alloc(length)
      readSync(file, bytes, 0, length, offset)
      return bytes
    }
    if (offset < start || offset + length > end) {
      start = offset
      end = offset + readSync(file, window, 0, windowBytes, offset)
    }
    return window.subarray(offset - start, offset - start + length)
  }
  const lengthAt = (offset: number): number => {
    const length = bytesAt(offset, 4).readInt32LE(0)
    if (length < 5 || length > documentBytesMax) {
      throw new Error(`${path} holds no BSON document at byte ${offset}`)
    }
    return length
  }
  return {
    size,
    lengthAt,
    // Copied, because the window moves on.
    document: (offset) => Buffer.from(bytesAt(offset, lengthAt(offset))),
  }
}

const placesIn = function* ({ size, lengthAt }: Window): Generator<number> {
  for (let offset = 0; offset < size; offset += lengthAt(offset)) yield offset
}

/** Open addressing over typed arrays: a map of strings would hold every key. */
const placesTable = (count: number) => {
  const slots = 2 ** Math.ceil(Math.log2(Math.max(count, 1) * 1.5 + 1))
  const hashes = new Uint32Array(slots)
  // 0 marks an empty slot.
  const offsets = new Float64Array(slots)
  const next = (slot: number) => (slot + 1) & (slots - 1)
  return {
    add: (key: string, offset: number): void => {
      const hash = hashOf(key)
      let slot = hash & (slots - 1)
      while (offsets[slot] !== 0) slot = next(slot)
      hashes[slot] = hash
      offsets[slot] = offset + 1
    },
    candidates: function* (key: string): Generator<number> {
      const hash = hashOf(key)
      for (let slot = hash & (slots - 1); offsets[slot] !== 0; slot = next(slot)) {
        if (hashes[slot] === hash) yield (offsets[slot] ?? 0) - 1
      }
    },
  }
}

/** FNV-1a, 32 bits, unsigned; `& (slots - 1)` takes its low bits. */
const hashOf = (key: string): number => {
  let hash = 0x811c9dc5
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193)
  }
  return hash >>> 0
}

/** Reads one field of a document without parsing the others; undefined unless it is a string or a number. */
export const fieldOf = (bytes: Uint8Array, name: string): string | number | undefined => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (const [type, nameOffset, nameLength, offset] of onDemand.parseToElements(bytes)) {
    if (nameLength !== name.length) continue
    if (buffer.toString('latin1', nameOffset, nameOffset + nameLength) !== name) continue
    return valueAt(buffer, type, offset)
  }
  return undefined
}

const valueAt = (buffer: Buffer, type: number, offset: number): string | number | undefined => {
  switch (type) {
    case 0x01:
      return buffer.readDoubleLE(offset)
    case 0x02:
      return buffer.toString('utf8', offset + 4, offset + 4 + buffer.readInt32LE(offset) - 1)
    case 0x10:
      return buffer.readInt32LE(offset)
    case 0x12:
      return Number(buffer.readBigInt64LE(offset))
    default:
      return undefined
  }
}
