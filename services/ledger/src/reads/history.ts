import type { HistoryQuery, MerchantId, SessionView } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { sessionView } from '../cash/session-view.ts'
import { sessionDocId, sessionOf } from '../mongo/documents.ts'
import { idIndex } from '../mongo/stored-values.ts'
import type { Collection, Projected, Shown } from '../projections/open-projections.ts'
import type { Reading } from './read-shown.ts'

/** Counting stops here: an exact total of a long history would cost more than the page. */
const countMax = 10_000

/** The filters that sales and injections share. */
export const historyFilter = (partition: number, merchant: MerchantId, query: HistoryQuery) => ({
  p: partition,
  merchant,
  ...(query.sessionId === undefined ? {} : { sessionId: query.sessionId }),
  ...(query.operator === undefined ? {} : { operator: query.operator }),
})

/** The period of a query as a condition on a time; `aroundMs` widens it on both sides. */
export const within = (
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

/** By number, newest first: the cursor is the last number of the page before. */
const after = ({ cursor }: HistoryQuery) =>
  cursor === undefined ? {} : { number: { $lt: cursor } }

/** Cuts one page from the found items; an extra item means that a next page exists. */
const pageOf = <Stored extends { readonly number: number }>(
  found: readonly Stored[],
  { limit }: HistoryQuery,
): { readonly page: readonly Stored[]; readonly next: number | null } => {
  const page = found.slice(0, limit)
  return { page, next: found.length > limit ? (page.at(-1)?.number ?? null) : null }
}

/** Reads a page of sales or injections, newest first, with their sessions and the total up to a bound. */
export const readHistory = async <Document extends Numbered, View>(
  projected: Pick<Projected, 'sessions'>,
  collection: Collection<Document>,
  reading: Reading,
  merchant: MerchantId,
  query: HistoryQuery,
  { filter, viewOf }: { readonly filter: object; readonly viewOf: (document: Document) => View },
) => {
  const { options } = reading
  const matching = filter as mongoose.mongo.Filter<Document & Shown>
  const [found, total] = await Promise.all([
    collection
      .find({ ...matching, ...after(query) }, options)
      .sort({ number: -1 })
      .limit(query.limit + 1)
      .toArray() as Promise<unknown> as Promise<Document[]>,
    collection.countDocuments(matching, { ...options, limit: countMax }),
  ])
  const { page, next } = pageOf(found, query)
  return {
    items: page.map(viewOf),
    sessions: await sessionsOf(projected, reading, merchant, page),
    next,
    total,
  }
}

type Numbered = {
  readonly _id: unknown
  readonly number: number
  readonly sessionId: number
}

/** The sessions that a page's items name. */
const sessionsOf = async (
  { sessions }: Pick<Projected, 'sessions'>,
  { partition: p, options }: Reading,
  merchant: MerchantId,
  items: readonly { readonly sessionId: number }[],
): Promise<SessionView[]> => {
  const ids = [...new Set(items.map(({ sessionId }) => sessionDocId(merchant, sessionId)))]
  if (ids.length === 0) return []
  const found = await sessions
    .find({ p, _id: { $in: ids } }, { ...options, hint: idIndex })
    .toArray()
  return found.map((stored) => sessionView(sessionOf(stored)))
}
