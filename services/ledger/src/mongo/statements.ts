import {
  invariant,
  readStatementCursor,
  writeStatementCursor,
  type BalanceAt,
  type Currency,
  type MerchantId,
  type OperationId,
  type OperatorName,
  type StatementPage,
  type StatementQuery,
} from '@recargas/contracts'
import { accountId, type Session } from '../domain/entities.ts'
import type { EntryKind } from '../domain/journal.ts'
import { floatPrefix, statementEntry, type Naming } from '../reads/statement.ts'
import { readKeptOutcome } from '../writer/announce.ts'
import type { Collections } from './collections.ts'
import { accountDocId, sessionDocId, sessionOf } from './documents.ts'
import type { JournalDocument } from './journal-documents.ts'
import { accountsIn, sessionsIn } from './state.ts'

/** The index that every read of an account's entries walks. Named, so that no planner ever chooses another way. */
export const accountIndex = { 'lines.account': 1, at: 1, seq: 1 } as const
export const readMsMax = 5_000

type Stated = Pick<JournalDocument, '_id' | 'seq' | 'at' | 'kind' | 'topupId' | 'lines' | 'outcome'>
const stated = { seq: 1, at: 1, kind: 1, topupId: 1, lines: 1, outcome: 1 } as const

/** A float's statement has all its entries. A session's has the cash that moved in it, or between it and the previous. */
type StatedAccount = {
  readonly id: string
  readonly session: { readonly id: number; readonly previous: number | null } | null
}

type Period = { readonly from: number | null; readonly to: number | null }

/** A float's entries, oldest first; null for a float that does not exist. */
export const floatStatement = async (
  collections: Collections,
  merchant: MerchantId,
  operator: string,
  query: StatementQuery,
): Promise<StatementPage | null> => {
  const id = accountId(merchant, 'float', operator)
  const account = await accountsIn(collections).findOne({ _id: accountDocId(id) })
  if (account === null) return null
  const found = await entriesOf(collections, { id, session: null }, query, {
    from: null,
    to: null,
  })
  return pageOf(collections, merchant, account.currency as Currency, found, query, {
    id,
    session: null,
  })
}

/** The cash that moved in a session, oldest first; null for a session that does not exist. */
export const sessionStatement = async (
  collections: Collections,
  merchant: MerchantId,
  sessionId: number,
  query: StatementQuery,
): Promise<StatementPage | null> => {
  const session = await findSession(collections, merchant, sessionId)
  if (session === null) return null
  const account = statedSession(session)
  const period = { from: session.idleFrom, to: session.closedAt }
  const found = await entriesOf(collections, account, query, period)
  return pageOf(collections, merchant, session.currency, found, query, account)
}

const findSession = async (
  collections: Collections,
  merchant: MerchantId,
  sessionId: number,
): Promise<Session | null> => {
  const found = await sessionsIn(collections).findOne({ _id: sessionDocId(merchant, sessionId) })
  return found === null ? null : sessionOf(found)
}

/**
 * A session has no index of its own: it is its drawer's entries from the closing before it to its own. One more
 * multikey index would cost every write.
 */
export const statedSession = ({ merchant, cajaId, id, previous }: Session): StatedAccount => ({
  id: accountId(merchant, 'drawer', String(cajaId)),
  session: { id, previous },
})

/** @param period both ends within it */
export const entriesFilter = ({ id, session }: StatedAccount, { from, to }: Period) => ({
  'lines.account': id,
  ...(session === null
    ? {}
    : { $or: [movedIn(id, session.id), movedBefore(id, session.previous)] }),
  at: {
    ...(from === null ? {} : { $gte: new Date(from) }),
    ...(to === null ? {} : { $lte: new Date(to) }),
  },
})

const movedIn = (account: string, session: number) => ({
  lines: { $elemMatch: { account, session } },
})
/** Neighbours share the instants of opening and closing, so what moved between sessions names the one before. */
const movedBefore = (account: string, previous: number | null) => ({
  sessionId: previous ?? { $exists: false },
  lines: { $elemMatch: { account, session: null } },
})

/** One more than a page. Within an account sequence and time rise together, so both bound one stretch of the index. */
const entriesOf = (
  collections: Collections,
  account: StatedAccount,
  query: StatementQuery,
  period: Period,
): Promise<Stated[]> => {
  const place = query.cursor === undefined ? null : readStatementCursor(query.cursor)
  const from = Math.max(
    period.from ?? 0,
    place?.at ?? 0,
    query.from === undefined ? 0 : Date.parse(query.from),
  )
  const to = Math.min(
    period.to ?? latest,
    // Journal times are whole milliseconds: before an instant is up to the millisecond before it.
    query.to === undefined ? latest : Date.parse(query.to) - 1,
  )
  return collections.journal
    .find({
      ...entriesFilter(account, { from, to }),
      ...(place === null ? {} : { seq: { $gt: place.seq } }),
    })
    .project<Stated>(stated)
    .sort({ at: 1, seq: 1 })
    .hint(accountIndex)
    .limit(query.limit + 1)
    .maxTimeMS(readMsMax)
    .toArray()
}

/** The last instant a date can hold. */
const latest = 8_640_000_000_000_000

const pageOf = async (
  collections: Collections,
  merchant: MerchantId,
  currency: Currency,
  found: readonly Stated[],
  { limit }: StatementQuery,
  account: StatedAccount,
): Promise<StatementPage> => {
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const namings = await namingsOf(collections, page)
  return {
    currency,
    entries: page.map((entry) =>
      statementEntry(
        statedEntry(merchant, account, entry),
        account.session?.id ?? null,
        namings.get(entry._id) ?? unnamed,
      ),
    ),
    next:
      found.length > limit && last !== undefined
        ? writeStatementCursor({ at: last.at.getTime(), seq: last.seq })
        : null,
  }
}

const statedEntry = (
  merchant: MerchantId,
  { id, session }: StatedAccount,
  { _id, seq, at, kind, topupId, lines }: Stated,
) => {
  const line = lines.find(
    (one) =>
      one.account === id &&
      (session === null || one.session === null || one.session === session.id),
  )
  invariant(line !== undefined, `entry ${_id} does not touch ${id}`)
  // An entry touches one float at most.
  const prefix = floatPrefix(merchant)
  const float = lines.find(({ account }) => account.startsWith(prefix))
  return {
    operationId: (topupId ?? _id) as OperationId,
    seq,
    at,
    kind: kind as EntryKind,
    operator: (float?.account.slice(prefix.length) ?? null) as OperatorName | null,
    line,
  }
}

const unnamed: Naming = { number: null, saleSessionId: null, reason: null }

/** Numbers and reasons of a page's entries: sales and injections by id, movements from the outcome they were given. */
const namingsOf = async (
  collections: Collections,
  page: readonly Stated[],
): Promise<ReadonlyMap<string, Naming>> => {
  const sales = [...new Set(page.flatMap(({ topupId }) => topupId ?? []))]
  const bought = page.filter(({ kind }) => kind === 'inject').map(({ _id }) => _id)
  const [topups, injections] = await Promise.all([
    sales.length === 0
      ? []
      : collections.topups
          .find({ _id: { $in: sales } })
          .project<{ _id: string; number: number; sessionId: number }>({ number: 1, sessionId: 1 })
          .toArray(),
    bought.length === 0
      ? []
      : collections.injections
          .find({ _id: { $in: bought } })
          .project<{ _id: string; number: number }>({ number: 1 })
          .toArray(),
  ])
  const topupById = new Map(topups.map((topup) => [topup._id, topup]))
  const injectionById = new Map(injections.map((injection) => [injection._id, injection]))
  return new Map(
    page.map((entry): [string, Naming] => {
      const topup = topupById.get(entry.topupId ?? '')
      if (topup !== undefined) {
        return [entry._id, { number: topup.number, saleSessionId: topup.sessionId, reason: null }]
      }
      if (entry.kind === 'move-drawer') return [entry._id, movementNaming(entry.outcome)]
      return [entry._id, { ...unnamed, number: injectionById.get(entry._id)?.number ?? null }]
    }),
  )
}

const movementNaming = (outcome: string): Naming => {
  const kept = readKeptOutcome(outcome)
  return kept.kind === 'applied' && kept.result.kind === 'movement'
    ? { ...unnamed, number: kept.result.movement.id, reason: kept.result.movement.reason }
    : unnamed
}

/** What a float held at an instant; null for a float that does not exist. */
export const floatBalanceAt = async (
  collections: Collections,
  merchant: MerchantId,
  operator: string,
  at: number,
): Promise<BalanceAt | null> => {
  const id = accountId(merchant, 'float', operator)
  const account = await accountsIn(collections).findOne({ _id: accountDocId(id) })
  if (account === null) return null
  return balanceAt(collections, id, account.currency as Currency, at)
}

/** What a session's drawer held at an instant of the session; after its closing, what it was closed with. */
export const sessionBalanceAt = async (
  collections: Collections,
  merchant: MerchantId,
  sessionId: number,
  at: number,
): Promise<BalanceAt | null> => {
  const session = await findSession(collections, merchant, sessionId)
  if (session === null) return null
  const instant = Math.max(Math.min(at, session.closedAt ?? at), session.openedAt)
  return balanceAt(collections, statedSession(session).id, session.currency, instant)
}

/** The stored balances of the last entry at or before the instant: one key of the index, read backwards. */
const balanceAt = async (
  collections: Collections,
  account: string,
  currency: Currency,
  at: number,
): Promise<BalanceAt> => {
  const [last] = await collections.journal
    .find(entriesFilter({ id: account, session: null }, { from: null, to: at }))
    .project<Pick<JournalDocument, 'lines'>>({ lines: 1 })
    .sort({ at: -1, seq: -1 })
    .hint(accountIndex)
    .limit(1)
    .maxTimeMS(readMsMax)
    .toArray()
  const { posted, reserved, incoming } = last?.lines.findLast((line) => line.account === account)
    ?.after ?? { posted: 0, reserved: 0, incoming: 0 }
  return { currency, at: new Date(at).toISOString(), posted, reserved, incoming }
}
