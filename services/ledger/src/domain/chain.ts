import { createHash } from 'node:crypto'
import type { Line } from './journal.ts'
import type { Entry } from './journal.ts'
import type { Allowance, Limits } from './limits.ts'

/** An entry in its place: the bytes the chain covers. `operation` and `outcome` are JSON as it was first written. */
export type PlacedEntry = {
  readonly seq: number
  readonly entry: Entry
  /** Of what the till sent; null for what no till sent. */
  readonly fingerprint: string | null
  readonly operation: string
  readonly outcome: string
}

export const chainStart = '0'.repeat(64)

const lineFields = (line: Line) => [
  line.account,
  line.posted,
  line.reserved,
  line.incoming,
  line.after.posted,
  line.after.reserved,
  line.after.incoming,
  line.session,
]

const canonical = ({ seq, entry, fingerprint, operation, outcome }: PlacedEntry): string =>
  JSON.stringify([
    seq,
    entry.id,
    entry.kind,
    entry.merchant,
    entry.day,
    entry.topupId,
    entry.sessionId,
    entry.resolves,
    fingerprint,
    operation,
    outcome,
    entry.lines.map(lineFields),
  ])

/** The batch's circumstances are part of what is proven: a replay needs them. */
export type BatchSeal = {
  readonly epoch: number
  readonly at: number
  readonly duplicateWindowMs: number
  readonly limits?: Limits
}

const sealFields = ({ epoch, at, duplicateWindowMs, limits }: BatchSeal) =>
  limits === undefined
    ? [epoch, at, duplicateWindowMs]
    : [epoch, at, duplicateWindowMs, limitFields(limits)]
const limitFields = ({ cashier, number, operator }: Limits) =>
  [cashier, number, operator].map(({ count, amount }: Allowance) => [count, amount])

/** Extends a partition's chain by one batch; a changed, missing or reordered entry gives another head. */
export const extendChain = (
  previous: string,
  seal: BatchSeal,
  entries: readonly PlacedEntry[],
): string => {
  const hash = createHash('sha256')
  hash.update(previous)
  hash.update(JSON.stringify(sealFields(seal)))
  for (const entry of entries) hash.update(canonical(entry))
  return hash.digest('hex')
}
