import type { SalesFreezeStore } from '../freeze/sales-freeze.ts'
import type { LedgerModels } from './models.ts'
import { reconciliationOf, type ReconciliationDocument } from './reconciliation-model.ts'
import type { SalesFreezeDocument } from './sales-freeze-model.ts'

const timeoutMs = 2_000
/** The first conclusive run decides; the hourly ones after it add nothing. */
const runsMax = 100

/** Refuses a start on a database whose restore was interrupted. */
export const unfinishedRestore = 'a restore of this database was not finished: run it again'

/** Stores the sales freeze. */
export const createSalesFreezeStore = ({
  models: { selling, reconciliations },
}: {
  readonly models: LedgerModels
}): SalesFreezeStore => ({
  read: async () => {
    const found = await selling
      .findOne({ _id: 'selling' })
      .maxTimeMS(timeoutMs)
      .lean<SalesFreezeDocument>()
    if (found === null || found.open) return null
    if (found.unfinished === true) {
      throw new Error(unfinishedRestore)
    }
    return {
      recoveryPoint: found.recoveryPoint.toISOString(),
      lastRun: found.lastRun,
    }
  },
  runsAfter: async (lastRun) => {
    const found = await reconciliations
      .find({ _id: { $gt: lastRun } })
      .maxTimeMS(timeoutMs)
      .sort({ _id: 1 })
      .limit(runsMax)
      .lean<ReconciliationDocument[]>()
    return found.map((stored) => {
      const { number, report } = reconciliationOf(stored)
      return { number, status: report.status, uncertain: report.uncertain }
    })
  },
  open: async (opened) => {
    await selling.updateOne(
      { _id: 'selling', open: false },
      { $set: { open: true, opened: { ...opened, at: new Date(opened.at) } } },
    )
  },
})
