import type { OperationId } from '@recargas/contracts'
import { suspectedEntryId } from '../accounting/journal.ts'
import { findSales } from './load-state.ts'
import { withinTime } from '../mongo/within-time.ts'
import type { Projected } from '../projections/open-projections.ts'
import type { OperationDocument } from '../projections/operations.ts'
import type { KnownOperation, LookUp } from './plan-lookups.ts'

/** Reads the latest entry of each operation. */
const latestEntries = async (
  { operations }: Pick<Projected, 'operations'>,
  partition: number,
  ids: readonly OperationId[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownOperation>> => {
  if (ids.length === 0) return new Map()
  const found = await operations
    .find(
      { p: partition, entry: { $in: ids.flatMap((id) => [id, suspectedEntryId(id)]) } },
      { signal },
    )
    .project<Pick<OperationDocument, '_id' | 'entry' | 'fingerprint' | 'outcome'>>({
      entry: 1,
      fingerprint: 1,
      outcome: 1,
    })
    .toArray()
  found.sort((one, other) => one._id.n - other._id.n || one._id.i - other._id.i)
  const byEntry = new Map(ids.map((id) => [suspectedEntryId(id), id]))
  const known = new Map<string, KnownOperation>()
  for (const { entry, fingerprint, outcome } of found) {
    const id = byEntry.get(entry) ?? entry
    known.set(id, { id, fingerprint, outcome })
  }
  return known
}

/** The latest `acceptUntil` of a press that was refused by time; 0 where none was. */
export const refusedUntilOf = async (
  { operations }: Pick<Projected, 'operations'>,
  partition: number,
  signal: AbortSignal,
): Promise<number> => {
  const latest = await operations
    .find({ p: partition, refusedUntil: { $exists: true } }, { signal })
    .sort({ refusedUntil: -1 })
    .limit(1)
    .project<{ readonly refusedUntil: Date }>({ refusedUntil: 1 })
    .next()
  return latest?.refusedUntil.getTime() ?? 0
}

/**
 * Looks up the operations that memory lacks: memory holds every change above the projected position.
 * @param timeoutMs end of one look-up, even when the database is paused or cut off
 */
export const createLookUp =
  (projected: Projected, { timeoutMs }: { readonly timeoutMs: number }): LookUp =>
  (partition, wanted) =>
    projected.whileReadable(() =>
      withinTime(timeoutMs, async (signal) => {
        const known = await latestEntries(projected, partition, wanted.operationIds, signal)
        const saleIds = [...wanted.topupIds, ...([...known.keys()] as OperationId[])]
        const found = await findSales(projected, partition, saleIds, wanted.sessions, signal)
        return { operations: known, ...found }
      }),
    )
