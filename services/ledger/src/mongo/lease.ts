import { randomUUID } from 'node:crypto'
import type { proofLease, reconcileLease } from './lease-model.ts'
import type { LedgerModels } from './models.ts'
import { unlessDuplicate } from './server-errors.ts'

/** A lease by the clocks of those who ask: two holders at once would only do the same work twice. */
export const createLease = (
  leases: LedgerModels['leases'],
  _id: typeof proofLease | typeof reconcileLease,
) => {
  const holder = randomUUID()
  return {
    /** Takes or renews the lease. @returns false where another holder has it */
    take: (now: number, until: number): Promise<boolean> =>
      unlessDuplicate(
        leases.updateOne(
          { _id, $or: [{ until: { $lte: new Date(now) } }, { holder }] },
          { $set: { holder, until: new Date(until) } },
          { upsert: true },
        ),
      ),
    release: async (): Promise<void> => {
      await leases.updateOne({ _id, holder }, { $set: { until: new Date(0) } })
    },
  }
}
