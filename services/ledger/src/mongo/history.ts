import {
  partitionOf,
  type HistoryQuery,
  type InjectionPage,
  type MerchantId,
  type SessionView,
  type TopupPage,
} from '@recargas/contracts'
import { requestWithinMs } from '../domain/days.ts'
import { injectionView } from '../domain/inject.ts'
import { sessionView } from '../domain/sessions.ts'
import { topupView } from '../topups/topup-view.ts'
import type { Collections } from './collections.ts'
import { injectionOf, sessionDocId, sessionOf, topupOf } from './documents.ts'
import { sessionsIn } from './state.ts'

/** Counting stops here: an exact total of a long history would cost more than the page. */
const countMax = 10_000

const filterOf = (merchant: MerchantId, query: HistoryQuery) => ({
  merchant,
  ...(query.sessionId === undefined ? {} : { sessionId: query.sessionId }),
  ...(query.operator === undefined ? {} : { operator: query.operator }),
  // With the partition an index bounds a period; by number alone a past one lies behind all that came since.
  ...(query.from === undefined && query.to === undefined ? {} : { p: partitionOf(merchant) }),
})

/** The period of a query as a condition on a time; `aroundMs` widens it on both sides. */
const within = (
  { from, to }: HistoryQuery,
  time: 'requestedAt' | 'reservedAt' | 'at',
  aroundMs = 0,
) =>
  from === undefined && to === undefined
    ? {}
    : {
        [time]: {
          ...(from === undefined ? {} : { $gte: new Date(Date.parse(from) - aroundMs) }),
          ...(to === undefined ? {} : { $lt: new Date(Date.parse(to) + aroundMs) }),
        },
      }

const after = (query: HistoryQuery) =>
  query.cursor === undefined ? {} : { number: { $lt: query.cursor } }

/** One page of sales, newest first, by number: the cursor is the last number of the page before. */
export const topupHistory = async (
  collections: Collections,
  merchant: MerchantId,
  query: HistoryQuery,
): Promise<TopupPage> => {
  const filter = {
    ...filterOf(merchant, query),
    // A sale is of the moment it was asked for; the index holds when it was reserved.
    ...within(query, 'requestedAt'),
    ...within(query, 'reservedAt', requestWithinMs),
    ...(query.state === undefined ? {} : { state: query.state }),
    // The few that are held have an index of their own.
    ...(query.state === 'reserved' || query.state === 'in-review' ? { open: true as const } : {}),
  }
  const [found, total] = await Promise.all([
    collections.topups
      .find({ ...filter, ...after(query) })
      .sort({ number: -1 })
      .limit(query.limit + 1)
      .toArray(),
    collections.topups.countDocuments(filter, { limit: countMax }),
  ])
  const page = found.slice(0, query.limit).map(topupOf)
  return {
    items: page.map((topup) => topupView(topup)),
    sessions: await sessionsOf(collections, merchant, page),
    next: found.length > query.limit ? (page.at(-1)?.number ?? null) : null,
    total,
  }
}

export const injectionHistory = async (
  collections: Collections,
  merchant: MerchantId,
  query: HistoryQuery,
): Promise<InjectionPage> => {
  const filter = { ...filterOf(merchant, query), ...within(query, 'at') }
  const [found, total] = await Promise.all([
    collections.injections
      .find({ ...filter, ...after(query) })
      .sort({ number: -1 })
      .limit(query.limit + 1)
      .toArray(),
    collections.injections.countDocuments(filter, { limit: countMax }),
  ])
  const page = found.slice(0, query.limit).map(injectionOf)
  return {
    items: page.map(injectionView),
    sessions: await sessionsOf(collections, merchant, page),
    next: found.length > query.limit ? (page.at(-1)?.number ?? null) : null,
    total,
  }
}

const sessionsOf = async (
  collections: Collections,
  merchant: MerchantId,
  items: readonly { readonly sessionId: number }[],
): Promise<SessionView[]> => {
  const ids = [...new Set(items.map(({ sessionId }) => sessionDocId(merchant, sessionId)))]
  if (ids.length === 0) return []
  const found = await sessionsIn(collections)
    .find({ _id: { $in: ids } })
    .toArray()
  return found.map((stored) => sessionView(sessionOf(stored)))
}
