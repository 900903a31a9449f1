import { randomUUID } from 'node:crypto'
import mongoose from 'mongoose'
import type { RunBook } from '../reconcile/run-reconciliation.ts'
import type { LedgerDatabase } from './collections.ts'
import { reconciliationDocument, reconciliationOf } from './reconciliation-documents.ts'

const unsaidMax = 100
const duplicateKey = 11_000

/** Where the runs are kept. Two instances cannot keep the same number, whatever their clocks and leases say. */
export const createRunBook = ({ collections }: LedgerDatabase): RunBook => ({
  latest: async () => {
    const found = await collections.reconciliations.findOne({}, { sort: { _id: -1 } })
    return found === null ? null : reconciliationOf(found)
  },
  keep: async (reconciliation) => {
    try {
      await collections.reconciliations.insertOne(reconciliationDocument(reconciliation) as never)
      return true
    } catch (error) {
      if (isDuplicate(error)) return false
      throw error
    }
  },
  unsaid: async () => {
    const found = await collections.reconciliations
      .find({ unsaid: true })
      .sort({ _id: 1 })
      .limit(unsaidMax)
      .toArray()
    return found
      .map(reconciliationOf)
      .flatMap(({ number, mismatch }) => (mismatch === null ? [] : [{ number, mismatch }]))
  },
  said: async (number) => {
    await collections.reconciliations.updateOne({ _id: number }, { $unset: { unsaid: '' } })
  },
  lease: async (now, until) => {
    const holder = randomUUID()
    try {
      await collections.leases.updateOne(
        { _id: 'reconcile', until: { $lte: new Date(now) } },
        { $set: { holder, until: new Date(until) } },
        { upsert: true },
      )
    } catch (error) {
      if (isDuplicate(error)) return null
      throw error
    }
    const release = async () => {
      await collections.leases.updateOne(
        { _id: 'reconcile', holder },
        { $set: { until: new Date(0) } },
      )
    }
    return { release }
  },
})

const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === duplicateKey
