import mongoose from 'mongoose'
import { limitedKinds, type Limits } from '../domain/limits.ts'
import type { ReadEntry, Seal } from '../verify/ledger-source.ts'
import { readJournalBytes } from './journal-bytes.ts'
import { placedEntryOf, type JournalDocument } from './journal-documents.ts'

const { deserialize } = mongoose.mongo.BSON

/** One journal document as the proof reads it; what has another shape than the ledger writes is named, not guessed. */
export const readEntryOf = (bytes: Uint8Array): ReadEntry =>
  readJournalBytes(bytes) ?? readAny(bytes)

const readAny = (bytes: Uint8Array): ReadEntry => {
  let stored: Partial<JournalDocument> = {}
  try {
    stored = deserialize(bytes)
    return entryOf(stored as JournalDocument)
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it cannot be read'
    return { kind: 'damaged', id: String(stored._id), seq: Number(stored.seq), reason }
  }
}

const entryOf = (stored: JournalDocument): ReadEntry => {
  if (!(stored.at instanceof Date)) throw new Error('its time is no date')
  if (!Array.isArray(stored.lines)) throw new Error('it has no list of lines')
  if (!stored.lines.every(hasBalances)) throw new Error('one of its lines has no balance')
  for (const text of ['operation', 'outcome'] as const) {
    if (typeof stored[text] !== 'string') throw new Error(`its ${text} is no text`)
  }
  const at = stored.at.getTime()
  return {
    kind: 'entry',
    seq: stored.seq,
    placed: placedEntryOf(stored),
    at,
    seal: sealOf(stored, at),
  }
}

const sealOf = ({ batch }: JournalDocument, at: number): Seal | null => {
  if (batch === undefined) return null
  const { epoch, duplicateWindowMs, limits, number, size, previous, hash } = batch
  const seal = { epoch, at, duplicateWindowMs, number, size, previous, hash }
  if (limits === undefined) return seal
  if (!hasAllowances(limits)) throw new Error('its limits are none')
  return { ...seal, limits }
}

const hasAllowances = (limits: unknown): boolean =>
  limitedKinds.every((kind) => {
    const allowance = (limits as Partial<Limits> | null)?.[kind] as unknown
    return typeof allowance === 'object' && allowance !== null
  })

const hasBalances = (line: unknown): boolean =>
  typeof line === 'object' && line !== null && 'after' in line && typeof line.after === 'object'
