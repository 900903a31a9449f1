import { randomUUID } from 'node:crypto'
import type { ReconciliationStore } from '../reconcile/run-reconciliation.ts'
import { isDuplicate } from './server-errors.ts'
import { reconcileLease } from './lease-model.ts'
import type { LedgerModels } from './models.ts'
import {
  reconciliationDocument,
  reconciliationOf,
  type ReconciliationDocument,
} from './reconciliation-model.ts'

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
  keep: async (reconciliation) => {
    try {
      await reconciliations.create(reconciliationDocument(reconciliation))
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  },
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
    const holder = randomUUID()
    try {
      await leases.updateOne(
        { _id: reconcileLease, until: { $lte: new Date(now) } },
        { $set: { holder, until: new Date(until) } },
        { upsert: true },
      )
    } catch (error) {
      if (isDuplicate(error)) return null
      throw error
    }
    const release = async () => {
      await leases.updateOne({ _id: reconcileLease, holder }, { $set: { until: new Date(0) } })
    }
    return { release }
  },
})
