import type { CaseClosing, CaseView, MerchantId, PageQuery, TopupView } from '@recargas/contracts'
import type { Topup } from '../domain/entities.ts'
import { topupView } from '../topups/topup-view.ts'
import type { CaseClosingDocument } from './case-closing-model.ts'
import type { Collections, LedgerDatabase } from './collections.ts'
import { topupOf, type CaseDocument } from './documents.ts'
import { topupWithTimeline } from './timeline.ts'

/** Sales in review, the one that waits longest first; the cursor is the number of the page's last. */
export const reviewsOf = async (
  collections: Collections,
  merchant: MerchantId,
  { limit, cursor }: PageQuery,
): Promise<TopupView[]> => {
  const found = await collections.topups
    .find({
      merchant,
      open: true,
      state: 'in-review',
      ...(cursor === undefined ? {} : { number: { $gt: cursor } }),
    })
    .sort({ number: 1 })
    .limit(limit)
    .toArray()
  return Promise.all(found.map((stored) => topupWithTimeline(collections, topupOf(stored))))
}

type CasesIn = Pick<LedgerDatabase, 'collections' | 'models'>

/** Discrepancies, the oldest first. */
export const casesOf = async (
  database: CasesIn,
  merchant: MerchantId,
  { limit, cursor = 0 }: PageQuery,
): Promise<CaseView[]> => {
  const found = await database.collections.cases
    .find({ merchant })
    .sort({ openedAt: 1, _id: 1 })
    .skip(cursor)
    .limit(limit)
    .toArray()
  return caseViewsOf(database, found)
}

/** A case names only sales of its own shop, and who closed it. */
export const caseViewsOf = async (
  { collections: { topups }, models: { caseClosings } }: CasesIn,
  found: readonly CaseDocument[],
): Promise<CaseView[]> => {
  const [sales, closed] = await Promise.all([
    topups.find({ _id: { $in: found.flatMap(salesOf) } }).toArray(),
    caseClosings.find({ _id: { $in: found.map(({ _id }) => _id) } }).lean<CaseClosingDocument[]>(),
  ])
  const saleOf = new Map(sales.map((stored) => [stored._id, topupOf(stored)]))
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
