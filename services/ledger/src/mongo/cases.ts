import {
  caseKinds,
  type CaseClosing,
  type MerchantId,
  type OpenCases,
  type OperatorCase,
} from '@recargas/contracts'
import mongoose from 'mongoose'
import type { CaseBook } from '../cases/ports.ts'
import type { CaseClosingDocument } from './case-closing-documents.ts'
import type { Collections, LedgerDatabase } from './collections.ts'
import type { CaseDocument } from './documents.ts'
import { caseViewsOf } from './reviews.ts'

const timeoutMs = 5_000
const duplicateKey = 11_000

/** Cases, which the journal opens, beside the words that closed them. */
export const createCaseBook = ({ collections }: LedgerDatabase): CaseBook => {
  const { cases, case_closings: closings } = collections
  return {
    list: async ({ state, merchant, limit, cursor }) => {
      const found = await cases
        .aggregate<Joined>(
          [
            { $match: merchant === undefined ? {} : { merchant } },
            { $sort: { openedAt: 1, _id: 1 } },
            {
              $lookup: {
                from: 'case_closings',
                localField: '_id',
                foreignField: '_id',
                as: 'closings',
              },
            },
            ...(state === 'all'
              ? []
              : [{ $match: { closings: { $size: state === 'open' ? 0 : 1 } } }]),
            { $skip: cursor },
            { $limit: limit },
          ],
          { maxTimeMS: timeoutMs },
        )
        .toArray()
      return operatorCases(collections, found)
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
      const closing = await closings.findOne({ _id: one._id }, { maxTimeMS: timeoutMs })
      const joined = { ...one, closings: closing === null ? [] : [closing] }
      return (await operatorCases(collections, [joined]))[0] ?? null
    },
    close: async ({ id, kind, merchant }, { by, reason, at }) => {
      try {
        await closings.insertOne({ _id: id, kind, merchant, by, reason, at: new Date(at) })
        return true
      } catch (error) {
        if (isDuplicate(error)) return false
        throw error
      }
    },
  }
}

type Joined = CaseDocument & { readonly closings: readonly CaseClosingDocument[] }

const isDuplicate = (error: unknown): boolean =>
  error instanceof mongoose.mongo.MongoServerError && error.code === duplicateKey

const operatorCases = async (
  collections: Collections,
  found: readonly Joined[],
): Promise<readonly OperatorCase[]> => {
  const views = await caseViewsOf(collections, found)
  const byId = new Map(found.map((each) => [each._id, each]))
  return views.flatMap((view) => {
    const stored = byId.get(view.id)
    return stored === undefined
      ? []
      : [
          {
            ...view,
            merchant: stored.merchant as MerchantId,
            closing: closingOf(stored.closings[0]),
          },
        ]
  })
}

const closingOf = (stored: CaseClosingDocument | undefined): CaseClosing | null =>
  stored === undefined
    ? null
    : { by: stored.by, reason: stored.reason, at: stored.at.toISOString() }

/** Cases are few: one for each discrepancy that there ever was. */
export const countOpenCases = async (
  { cases, case_closings: closings }: Pick<Collections, 'cases' | 'case_closings'>,
  maxTimeMS: number,
): Promise<OpenCases> => {
  const byKind = [{ $group: { _id: '$kind', count: { $sum: 1 } } }]
  const [opened, closed] = await Promise.all([
    cases.aggregate<Count>(byKind, { maxTimeMS }).toArray(),
    closings.aggregate<Count>(byKind, { maxTimeMS }).toArray(),
  ])
  const of = (counts: readonly Count[], kind: string): number =>
    counts.find(({ _id }) => _id === kind)?.count ?? 0
  return caseKinds.map((kind) => ({
    kind,
    count: Math.max(0, of(opened, kind) - of(closed, kind)),
  }))
}

type Count = { readonly _id: string; readonly count: number }
