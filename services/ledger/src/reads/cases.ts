import {
  caseKinds,
  partitions,
  type CaseClosing,
  type CaseView,
  type MerchantId,
  type OpenCases,
  type OperatorCase,
} from '@recargas/contracts'
import type { CaseBook } from '../cases/ports.ts'
import type { Topup } from '../accounting/entities.ts'
import type { CaseClosingDocument } from '../mongo/case-closing-model.ts'
import { topupOf, type CaseDocument } from '../mongo/documents.ts'
import { unlessDuplicate } from '../mongo/server-errors.ts'
import { idIndex } from '../mongo/stored-values.ts'
import type { LedgerModels } from '../mongo/models.ts'
import { cases } from '../projections/cases.ts'
import type { Projected } from '../projections/open-projections.ts'
import { sales } from '../projections/sales.ts'
import { topupView } from '../sales/sale-view.ts'
import type { LedgerReads } from './ports.ts'
import type { QueryOptions, ReadShown } from './read-shown.ts'

/** The words that closed cases are no part of the log. */
export type CaseSources = Pick<Projected, 'cases' | 'sales'> & Pick<LedgerModels, 'caseClosings'>

const needs = [cases.name, sales.name]

/** Discrepancies of a shop, the oldest first. */
export const createCaseReads = (
  sources: CaseSources,
  readShown: ReadShown,
): Pick<LedgerReads, 'cases'> => ({
  cases: (merchant, { limit, cursor = 0 }) =>
    readShown.ofShop(merchant, needs, async ({ partition: p, options }) => {
      const found = await sources.cases
        .find({ p, merchant }, options)
        .sort({ openedAt: 1, _id: 1 })
        .skip(cursor)
        .limit(limit)
        .toArray()
      return caseViewsOf(sources, found, options)
    }),
})

/** Cases, which the log opens, beside the words that closed them. */
export const createCaseBook = (sources: CaseSources, readShown: ReadShown): CaseBook => {
  const { caseClosings } = sources
  const findOne = async (
    id: string,
    among: readonly number[],
    options: QueryOptions,
  ): Promise<OperatorCase | null> => {
    const ids = [id, ...caseKinds.map((kind) => `${id}:${kind}`)]
    const found = await sources.cases
      .find({ p: { $in: [...among] }, _id: { $in: ids } }, { ...options, hint: idIndex })
      .toArray()
    const [one, ...others] = found
    if (one === undefined || others.length > 0) return null
    return (await operatorCases(sources, [one], options))[0] ?? null
  }
  return {
    list: ({ state, merchant, limit, cursor }) => {
      const read = async (options: QueryOptions, ofShop: object) => {
        const pipeline = [
          { $match: ofShop },
          { $sort: { openedAt: 1, _id: 1 } },
          ...(state === 'all' ? [] : withClosings(state === 'open' ? 0 : 1)),
          { $skip: cursor },
          { $limit: limit },
        ]
        const found = await sources.cases.aggregate<CaseDocument>(pipeline, options).toArray()
        return operatorCases(sources, found, options)
      }
      return merchant === undefined
        ? readShown.ofAll(needs, (options) => read(options, { p: { $in: partitions } }))
        : readShown.ofShop(merchant, needs, ({ partition: p, options }) =>
            read(options, { p, merchant }),
          )
    },
    find: async (id) => {
      // Only one that is not seen may lie in any partition.
      const seen = await readShown.atOnce((options) => findOne(id, partitions, options))
      return seen === null
        ? readShown.ofAll(needs, (options) => findOne(id, partitions, options))
        : readShown.ofShop(seen.merchant, needs, ({ partition, options }) =>
            findOne(id, [partition], options),
          )
    },
    close: ({ id, kind, merchant }, { by, reason, at }) =>
      unlessDuplicate(
        caseClosings.create({ _id: id, kind, merchant, by, reason, at: new Date(at) }),
      ),
  }
}

/** Only the cases that so many persons closed. */
const withClosings = (count: 0 | 1) => [
  {
    $lookup: { from: 'case_closings', localField: '_id', foreignField: '_id', as: 'closings' },
  },
  { $match: { closings: { $size: count } } },
]

const operatorCases = async (
  sources: CaseSources,
  found: readonly CaseDocument[],
  options: QueryOptions,
): Promise<readonly OperatorCase[]> => {
  const views = await caseViewsOf(sources, found, options)
  const merchantOf = new Map(found.map(({ _id, merchant }) => [_id, merchant]))
  return views.map((view) => ({ ...view, merchant: merchantOf.get(view.id) as MerchantId }))
}

/** A case names only sales of its own shop. */
const caseViewsOf = async (
  { sales: saleDocuments, caseClosings }: CaseSources,
  found: readonly CaseDocument[],
  options: QueryOptions,
): Promise<CaseView[]> => {
  const [sold, closed] = await Promise.all([
    saleDocuments
      .find(
        { p: { $in: found.map(({ p }) => p) }, _id: { $in: found.flatMap(salesOf) } },
        { ...options, hint: idIndex },
      )
      .toArray(),
    caseClosings.find({ _id: { $in: found.map(({ _id }) => _id) } }, null, options).lean(),
  ])
  const saleOf = new Map(sold.map((stored) => [stored._id, topupOf(stored)]))
  const closingOf = new Map(closed.map((stored) => [stored._id, caseClosing(stored)]))
  return found.flatMap((stored) => {
    const view = caseView(stored, saleOf)
    return view === null ? [] : [{ ...view, closing: closingOf.get(stored._id) ?? null }]
  })
}

const caseClosing = ({ by, reason, at }: CaseClosingDocument): CaseClosing => ({
  by,
  reason,
  at: at.toISOString(),
})

const salesOf = (stored: CaseDocument): readonly string[] =>
  stored.kind === 'carrier-balance-differs' ? stored.likely : [stored.topupId]

type Opened = Omit<CaseView, 'closing'>

const caseView = (stored: CaseDocument, topups: ReadonlyMap<string, Topup>): Opened | null => {
  const openedAt = stored.openedAt.toISOString()
  if (stored.kind === 'carrier-balance-differs') {
    const { kind, carrierAmount, from, to } = stored
    const likely = stored.likely.flatMap((id) => topups.get(id) ?? [])
    return {
      id: stored._id,
      kind,
      currency: stored.currency as CaseView['currency'],
      amount: null,
      topup: null,
      mismatch: {
        carrierAmount,
        from: from.toISOString(),
        to: to.toISOString(),
        likely: likely.map((topup) => topupView(topup, true)),
      },
      openedAt,
    }
  }
  const topup = topups.get(stored.topupId)
  if (topup === undefined) return null
  return {
    id: stored._id,
    kind: stored.kind,
    currency: topup.currency,
    amount: stored.amount as CaseView['amount'],
    topup: topupView(topup, true),
    mismatch: null,
    openedAt,
  }
}

/** Cases are few: one for each discrepancy that there ever was. */
export const countOpenCases = async (
  { cases: opened, caseClosings }: Omit<CaseSources, 'sales'>,
  options: QueryOptions,
): Promise<OpenCases> => {
  const byKind = [{ $group: { _id: '$kind', count: { $sum: 1 } } }]
  const ofAll = { $match: { p: { $in: partitions } } }
  const [openedByKind, closedByKind] = await Promise.all([
    opened.aggregate<Count>([ofAll, ...byKind], options).toArray(),
    caseClosings.aggregate<Count>(byKind).option(options),
  ])
  const of = (counts: readonly Count[], kind: string): number =>
    counts.find(({ _id }) => _id === kind)?.count ?? 0
  return caseKinds.map((kind) => ({
    kind,
    count: Math.max(0, of(openedByKind, kind) - of(closedByKind, kind)),
  }))
}

type Count = { readonly _id: string; readonly count: number }
