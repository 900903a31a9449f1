import { caseKinds, type MerchantId, type OpenCases, type OperatorCase } from '@recargas/contracts'
import mongoose from 'mongoose'
import type { CaseBook } from '../cases/ports.ts'
import type { LedgerDatabase } from './collections.ts'
import type { CaseDocument } from './documents.ts'
import { caseViewsOf } from './reviews.ts'

type CasesIn = Pick<LedgerDatabase, 'collections' | 'models'>

const timeoutMs = 5_000
const duplicateKey = 11_000

/** Cases, which the journal opens, beside the words that closed them. */
export const createCaseBook = ({ collections, models }: CasesIn): CaseBook => {
  const { cases } = collections
  return {
    list: async ({ state, merchant, limit, cursor }) => {
      const found = await cases
        .aggregate<CaseDocument>(
          [
            { $match: merchant === undefined ? {} : { merchant } },
            { $sort: { openedAt: 1, _id: 1 } },
            ...(state === 'all' ? [] : withClosings(state === 'open' ? 0 : 1)),
            { $skip: cursor },
            { $limit: limit },
          ],
          { maxTimeMS: timeoutMs },
        )
        .toArray()
      return operatorCases({ collections, models }, found)
    },
    find: async (id) => {
      const found = await cases
        .find(
          { _id: { $in: [id, ...caseKinds.map((kind) => `${id}:${kind}`)] } },
          { maxTimeMS: timeoutMs },
        )
        .toArray()
      const [one, ...others] = found
      if (one === undefined || others.length > 0) return null
      return (await operatorCases({ collections, models }, [one]))[0] ?? null
    },
    close: async ({ id, kind, merchant }, { by, reason, at }) => {
      try {
        await models.caseClosings.create({ _id: id, kind, merchant, by, reason, at: new Date(at) })
        return true
      } catch (error) {
        if (isDuplicate(error)) return false
        throw error
      }
    },
  }
}

/** Only the cases that so many persons closed. */
const withClosings = (count: 0 | 1) => [
  {
    $lookup: {
      from: 'case_closings',
      localField: '_id',
      foreignField: '_id',
      as: 'closings',
    },
  },
  { $match: { closings: { $size: count } } },
]

const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === duplicateKey

const operatorCases = async (
  database: CasesIn,
  found: readonly CaseDocument[],
): Promise<readonly OperatorCase[]> => {
  const views = await caseViewsOf(database, found)
  const merchantOf = new Map(found.map(({ _id, merchant }) => [_id, merchant]))
  return views.map((view) => ({ ...view, merchant: merchantOf.get(view.id) as MerchantId }))
}

/** Cases are few: one for each discrepancy that there ever was. */
export const countOpenCases = async (
  { collections: { cases }, models: { caseClosings } }: CasesIn,
  maxTimeMS: number,
): Promise<OpenCases> => {
  const byKind = [{ $group: { _id: '$kind', count: { $sum: 1 } } }]
  const [opened, closed] = await Promise.all([
    cases.aggregate<Count>(byKind, { maxTimeMS }).toArray(),
    caseClosings.aggregate<Count>(byKind).option({ maxTimeMS }),
  ])
  const of = (counts: readonly Count[], kind: string): number =>
    counts.find(({ _id }) => _id === kind)?.count ?? 0
  return caseKinds.map((kind) => ({
    kind,
    count: Math.max(0, of(opened, kind) - of(closed, kind)),
  }))
}

type Count = { readonly _id: string; readonly count: number }
