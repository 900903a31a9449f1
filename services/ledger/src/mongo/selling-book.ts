import type { SellingBook } from '../selling/selling-gate.ts'
import type { LedgerDatabase } from './collections.ts'
import { reconciliationOf } from './reconciliation-documents.ts'

const timeoutMs = 2_000
/** One of the first says what there is to say; the hourly ones after it add nothing. */
const runsMax = 100

/** Where it is written whether sales are taken. */
export const createSellingBook = ({ collections }: LedgerDatabase): SellingBook => ({
  read: async () => {
    const found = await collections.selling.findOne({ _id: 'selling' }, { maxTimeMS: timeoutMs })
    if (found === null || found.open) return null
    if (found.unfinished === true) {
      throw new Error('a restore of this database was not finished: run it again')
    }
    return {
      recoveryPoint: found.recoveryPoint.toISOString(),
      lastRun: found.lastRun,
    }
  },
  runsAfter: async (lastRun) => {
    const found = await collections.reconciliations
      .find({ _id: { $gt: lastRun } }, { maxTimeMS: timeoutMs })
      .sort({ _id: 1 })
      .limit(runsMax)
      .toArray()
    return found.map((stored) => {
      const { number, report } = reconciliationOf(stored)
      return { number, status: report.status, uncertain: report.uncertain }
    })
  },
  open: async (opened) => {
    await collections.selling.updateOne(
      { _id: 'selling', open: false },
      { $set: { open: true, opened: { ...opened, at: new Date(opened.at) } } },
    )
  },
})
