import type { ReconciliationStore } from '../reconcile/run-reconciliation.ts'
import { createLease } from './lease.ts'
import { reconcileLease } from './lease-model.ts'
import type { LedgerModels } from './models.ts'
import {
  reconciliationDocument,
  reconciliationOf,
  type ReconciliationDocument,
} from './reconciliation-model.ts'
import { unlessDuplicate } from './server-errors.ts'

const unpublishedMax = 100

/**
 * Stores the runs of the reconciliation. Two instances cannot store the same run number, whatever their clocks and leases say.
 */
export const createReconciliationStore = ({
  models: { reconciliations, leases },
}: {
  readonly models: LedgerModels
}): ReconciliationStore => ({
  latest: async () => {
    const found = await reconciliations.findOne().sort({ _id: -1 }).lean<ReconciliationDocument>()
    return found === null ? null : reconciliationOf(found)
  },
  keep: (reconciliation) =>
    unlessDuplicate(reconciliations.create(reconciliationDocument(reconciliation))),
  unpublished: async () => {
    const found = await reconciliations
      .find({ unsaid: true })
      .sort({ _id: 1 })
      .limit(unpublishedMax)
      .lean<ReconciliationDocument[]>()
    return found
      .map(reconciliationOf)
      .flatMap(({ number, mismatch }) => (mismatch === null ? [] : [{ number, mismatch }]))
  },
  markPublished: async (number) => {
    await reconciliations.updateOne({ _id: number }, { $unset: { unsaid: '' } })
  },
  lease: async (now, until) => {
    const lease = createLease(leases, reconcileLease)
    return (await lease.take(now, until)) ? lease : null
  },
})
