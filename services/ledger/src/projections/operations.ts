import { date } from '../mongo/stored-values.ts'
import { expiredUntilOf, type LogEntry } from '../accounting/entry.ts'
import type { Projection } from './projection.ts'

/** An entry as the projection holds it; `_id` is its place in the log: partition, block and index. */
export type OperationDocument = {
  readonly _id: { readonly p: number; readonly n: number; readonly i: number }
  readonly p: number
  readonly entry: string
  readonly kind: LogEntry['kind']
  readonly merchant: string
  readonly at: Date
  readonly fingerprint: string | null
  /** The outcome as JSON. */
  readonly outcome: string
  readonly refusedUntil?: Date
  readonly saleId?: string
  readonly resolves?: string
}

/** A refusal or a verdict's progress may be followed by another entry of its id; an entry that changed anything else may not. */
const hasEffect = ({ kind, lines, changes }: LogEntry): boolean =>
  lines.length > 0 ||
  (kind !== 'progress' && Object.values(changes).some((values) => values.length > 0))

const refusedUntil = ({ kind, outcome }: LogEntry) => {
  const until = kind === 'refuse' ? expiredUntilOf(outcome) : null
  return until === null ? {} : { refusedUntil: date(until) }
}

/**
 * Each entry by its place in the log: a repeat of its operation is answered from here. The first index also raises an alarm where an
 * operation had a second effect, the second one where a reservation had a second end; `apply` has refused both before.
 */
export const operations: Projection = {
  name: 'operations',
  indexes: [
    // The entries of an id: an operation's answer, the steps of a sale, the names of movements. `nth` is there where another
    // entry of the id may follow.
    { fields: { p: 1, entry: 1, nth: 1 }, options: { unique: true } },
    {
      fields: { p: 1, resolves: 1 },
      options: { unique: true, partialFilterExpression: { resolves: { $exists: true } } },
    },
    // The latest press that was refused by time, at a takeover.
    {
      fields: { p: 1, refusedUntil: -1 },
      options: { partialFilterExpression: { refusedUntil: { $exists: true } } },
    },
  ],
  isInsertOnly: true,
  documentsOf: ({ partition, position, at, entries }) =>
    entries.map((entry, index) => ({
      // By its place and not by its id: a second entry of an id must meet the alarm and not replace the first.
      id: { p: partition, n: position, i: index },
      isNew: true,
      fields: {
        p: partition,
        entry: entry.id,
        ...(hasEffect(entry) ? {} : { nth: `${position}/${index}` }),
        kind: entry.kind,
        merchant: entry.merchant,
        at: date(at),
        fingerprint: entry.fingerprint,
        outcome: entry.outcome,
        ...refusedUntil(entry),
        ...(entry.saleId === null ? {} : { saleId: entry.saleId }),
        ...(entry.resolves === null ? {} : { resolves: entry.resolves }),
      },
    })),
}
