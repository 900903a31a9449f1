import type { MerchantId, OperationId, ShopDay } from '@recargas/contracts'
import type mongoose from 'mongoose'
import type { PlacedEntry } from '../domain/chain.ts'
import type { EntryKind, Line } from '../domain/journal.ts'
import type { Allowance, Limits } from '../domain/limits.ts'
import type { Head, PreparedBatch } from '../writer/ports.ts'
import { long } from './documents.ts'

type Long = mongoose.mongo.Long

type StoredLine<Integer> = {
  readonly account: string
  readonly posted: Integer
  readonly reserved: Integer
  readonly incoming: Integer
  readonly after: {
    readonly posted: Integer
    readonly reserved: Integer
    readonly incoming: Integer
  }
  readonly session: number | null
}

type StoredAllowance<Integer> = { readonly count: number; readonly amount: Integer }
type StoredLimits<Integer> = {
  readonly cashier: StoredAllowance<Integer>
  readonly number: StoredAllowance<Integer>
  readonly operator: StoredAllowance<Integer>
}

/** One entry. The last one of a batch also keeps the batch: its time, its policy and the chain's new head. */
type JournalShape<Integer> = {
  readonly _id: string
  readonly p: number
  readonly seq: Integer
  readonly kind: string
  readonly merchant: string
  /** The day of the operation at its shop, which a replay takes as it is. */
  readonly day?: string
  readonly topupId?: string
  readonly sessionId?: number
  /** Unique: the database itself allows one end for each reservation. */
  readonly resolves?: string
  readonly fingerprint: string | null
  readonly operation: string
  readonly outcome: string
  readonly lines: readonly StoredLine<Integer>[]
  readonly at: Date
  readonly batch?: {
    readonly number: Integer
    readonly size: number
    readonly epoch: Integer
    readonly duplicateWindowMs: number
    readonly limits?: StoredLimits<Integer>
    readonly previous: string
    readonly hash: string
  }
}
export type JournalDocument = JournalShape<number>

export const storedLine = (line: Line): StoredLine<Long> => ({
  account: line.account,
  posted: long(line.posted),
  reserved: long(line.reserved),
  incoming: long(line.incoming),
  after: {
    posted: long(line.after.posted),
    reserved: long(line.after.reserved),
    incoming: long(line.after.incoming),
  },
  session: line.session,
})

export const journalDocuments = (batch: PreparedBatch): JournalShape<Long>[] => {
  const at = new Date(batch.after.at)
  const last = batch.entries.length - 1
  return batch.entries.map((placed, index) => ({
    _id: placed.entry.id,
    p: batch.partition,
    seq: long(placed.seq),
    kind: placed.entry.kind,
    merchant: placed.entry.merchant,
    ...(placed.entry.day === null ? {} : { day: placed.entry.day }),
    ...(placed.entry.topupId === null ? {} : { topupId: placed.entry.topupId }),
    ...(placed.entry.sessionId === null ? {} : { sessionId: placed.entry.sessionId }),
    ...(placed.entry.resolves === null ? {} : { resolves: placed.entry.resolves }),
    fingerprint: placed.fingerprint,
    operation: placed.operation,
    outcome: placed.outcome,
    lines: placed.entry.lines.map(storedLine),
    at,
    ...(index === last ? { batch: batchSeal(batch) } : {}),
  }))
}

const batchSeal = ({ before, after, policy, entries }: PreparedBatch) => ({
  number: long(after.batch),
  size: entries.length,
  epoch: long(after.epoch),
  duplicateWindowMs: policy.duplicateWindowMs,
  ...(policy.limits === undefined ? {} : { limits: storedLimits(policy.limits) }),
  previous: before.hash,
  hash: after.hash,
})

const storedLimits = (limits: Limits): StoredLimits<Long> => ({
  cashier: storedAllowance(limits.cashier),
  number: storedAllowance(limits.number),
  operator: storedAllowance(limits.operator),
})
const storedAllowance = ({ count, amount }: Allowance): StoredAllowance<Long> => ({
  count,
  amount: long(amount),
})

/** The bytes the chain covers, rebuilt from what is stored. */
export const placedEntryOf = (stored: JournalDocument): PlacedEntry => ({
  seq: stored.seq,
  entry: {
    id: stored._id,
    kind: stored.kind as EntryKind,
    merchant: stored.merchant as MerchantId,
    day: (stored.day ?? null) as ShopDay | null,
    topupId: (stored.topupId ?? null) as OperationId | null,
    sessionId: stored.sessionId ?? null,
    resolves: (stored.resolves ?? null) as OperationId | null,
    lines: stored.lines,
  },
  fingerprint: stored.fingerprint,
  operation: stored.operation,
  outcome: stored.outcome,
})

/** The fence and the chain's head of one partition. */
export type HeadDocument = {
  readonly _id: string
  readonly is: 'head'
  readonly p: number
  readonly epoch: number
  readonly seq: number
  readonly batch: number
  readonly hash: string
  readonly at: Date
  /** Whose transactions the owner's batches are: a successor ends them. */
  readonly session?: mongoose.mongo.Binary
}

export const headOf = (stored: HeadDocument): Head => ({
  epoch: stored.epoch,
  seq: stored.seq,
  batch: stored.batch,
  hash: stored.hash,
  at: stored.at.getTime(),
})
