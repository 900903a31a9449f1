import {
  readStatementCursor,
  writeStatementCursor,
  type BalanceAt,
  type Currency,
  type MerchantId,
  type OperationId,
  type StatementPage,
  type StatementQuery,
} from '@recargas/contracts'
import { accountId, type Session } from '../accounting/entities.ts'
import { accountDocId, sessionDocId, sessionOf } from '../mongo/documents.ts'
import { idIndex } from '../mongo/stored-values.ts'
import { balances } from '../projections/balances.ts'
import { cash } from '../projections/cash.ts'
import { injections } from '../projections/injections.ts'
import type { Projected } from '../projections/open-projections.ts'
import { operations } from '../projections/operations.ts'
import { sales } from '../projections/sales.ts'
import { statementLines } from '../projections/statement-lines.ts'
import { readStoredOutcome } from '../log/announce.ts'
import {
  lastLineOf,
  latest,
  linesOf,
  saleOf,
  type AccountLine,
  type Stretch,
} from './account-lines.ts'
import type { LedgerReads } from './ports.ts'
import type { Reading, ReadShown } from './read-shown.ts'
import { shiftReport } from './shift-report.ts'
import { createShiftSums } from './shift-sums.ts'
import { statementEntry, type Naming } from './statement.ts'

type StatementReads = Pick<
  LedgerReads,
  'floatStatement' | 'sessionStatement' | 'floatBalance' | 'sessionBalance' | 'shiftReport'
>

/** Projections that name the entries of a statement. */
const naming = [sales.name, injections.name, operations.name]

/** Statements, balances at an instant and shifts added up, from the lines of one account. */
export const createStatementReads = (
  projected: Projected,
  readShown: ReadShown,
  { now }: { readonly now: () => number },
): StatementReads => ({
  floatStatement: (merchant, operator, query) =>
    readShown.ofShop(merchant, [balances.name, statementLines.name, ...naming], async (reading) => {
      const account = accountId(merchant, 'float', operator)
      const currency = await currencyOf(projected, reading, account)
      if (currency === null) return null
      const stretch = stretchOf(query, { account, from: 0, to: latest, upTo: reading.position })
      const lines = linesOf(projected, reading, stretch)
      return pageOf(projected, reading, lines, { currency, query, session: null, operator })
    }),
  sessionStatement: (merchant, id, query) =>
    readShown.ofShop(merchant, [cash.name, statementLines.name, ...naming], async (reading) => {
      const session = await cutSession(projected, reading, merchant, id)
      if (session === null) return null
      const lines = movedIn(session, linesOf(projected, reading, stretchOf(query, session.stretch)))
      const { currency } = session
      return pageOf(projected, reading, lines, { currency, query, session: id, operator: null })
    }),
  // A future balance is unknown: it is answered as of now, and the answer gives that instant.
  floatBalance: (merchant, operator, at) =>
    readShown.ofShop(merchant, [balances.name, statementLines.name], async (reading) => {
      const account = accountId(merchant, 'float', operator)
      const currency = await currencyOf(projected, reading, account)
      if (currency === null) return null
      const upTo = reading.position
      return balanceAt(projected, reading, currency, { account, at: Math.min(at, now()), upTo })
    }),
  sessionBalance: (merchant, id, at) =>
    readShown.ofShop(merchant, [cash.name, statementLines.name], async (reading) => {
      const session = await cutSession(projected, reading, merchant, id)
      if (session === null) return null
      const { currency, openedAt, closedAt, stretch } = session
      const { account, upTo } = stretch
      const instant = Math.max(Math.min(at, now(), closedAt ?? latest), openedAt)
      return balanceAt(projected, reading, currency, { account, at: instant, upTo })
    }),
  shiftReport: (merchant, id) =>
    readShown.ofShop(merchant, [cash.name, statementLines.name], async (reading) => {
      const session = await cutSession(projected, reading, merchant, id)
      if (session === null) return null
      const sums = createShiftSums(merchant)
      const lines = linesOf(projected, reading, { ...session.stretch, after: null })
      for await (const line of movedIn(session, lines)) sums.add(line)
      return shiftReport(merchant, session, sums.all())
    }),
})

const currencyOf = async (
  { accounts }: Projected,
  { partition: p, options }: Reading,
  account: string,
): Promise<Currency | null> => {
  const _id = accountDocId(account)
  const found = await accounts.findOne({ p, _id }, { ...options, hint: idIndex })
  return found === null ? null : (found.currency as Currency)
}

/** A session and the stretch of its drawer's lines, both cut at one position. */
type CutSession = Session & { readonly stretch: Omit<Stretch, 'after'> }

/** A session that was closed never changes, so its lines end at the block that closed it. */
const cutSession = async (
  { sessions }: Projected,
  { partition: p, options, cutAt }: Reading,
  merchant: MerchantId,
  id: number,
): Promise<CutSession | null> => {
  const _id = sessionDocId(merchant, id)
  const found = await sessions.findOne({ p, _id }, { ...options, hint: idIndex })
  if (found === null) return null
  const cut = await cutAt([found])
  const session = sessionOf(found)
  return {
    ...session,
    stretch: {
      account: accountId(merchant, 'drawer', String(session.cajaId)),
      from: session.idleFrom,
      to: session.closedAt ?? latest,
      upTo: session.closedAt === null ? cut : found.position,
    },
  }
}

/**
 * Cash that moved in a session, or between it and the previous one. Neighbouring sessions share the instants of opening and
 * closing, so a movement between sessions names the previous one.
 */
async function* movedIn(
  { id, previous }: Session,
  lines: AsyncIterable<AccountLine>,
): AsyncGenerator<AccountLine> {
  for await (const line of lines) {
    const isOfSession =
      line.session === null ? line.sessionBefore === previous : line.session === id
    if (isOfSession) yield line
  }
}

const stretchOf = (query: StatementQuery, within: Omit<Stretch, 'after'>): Stretch => ({
  ...within,
  from: Math.max(within.from, query.from === undefined ? 0 : Date.parse(query.from)),
  // Times of blocks are whole milliseconds: before an instant is up to the millisecond before it.
  to: Math.min(within.to, query.to === undefined ? latest : Date.parse(query.to) - 1),
  after: query.cursor === undefined ? null : readStatementCursor(query.cursor),
})

const pageOf = async (
  projected: Projected,
  reading: Reading,
  lines: AsyncIterable<AccountLine>,
  about: {
    readonly currency: Currency
    readonly query: StatementQuery
    readonly session: number | null
    readonly operator: string | null
  },
): Promise<StatementPage> => {
  const { currency, session } = about
  const { limit } = about.query
  const found: AccountLine[] = []
  for await (const line of lines) {
    found.push(line)
    if (found.length > limit) break
  }
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const namings = await namingsOf(projected, reading, page)
  return {
    currency,
    entries: page.map((line) =>
      statementEntry(
        {
          ...line,
          line,
          operationId: saleOf(line) ?? (line.entry as OperationId),
          operator: (about.operator ?? line.operator) as AccountLine['operator'],
        },
        session,
        namings.get(saleOf(line) ?? line.entry) ?? unnamed,
      ),
    ),
    next:
      found.length > limit && last !== undefined
        ? writeStatementCursor({ at: last.at.getTime(), seq: last.seq })
        : null,
  }
}

const unnamed: Naming = { number: null, saleSessionId: null, reason: null }

/** By id: numbers of sales and injections, numbers and reasons of movements from the outcomes that they were given. */
const namingsOf = async (
  projected: Projected,
  { partition: p, options }: Reading,
  page: readonly AccountLine[],
): Promise<ReadonlyMap<string, Naming>> => {
  const sold = [...new Set(page.flatMap((line) => saleOf(line) ?? []))]
  const idsOf = (kind: AccountLine['kind']) =>
    page.filter((line) => line.kind === kind).map(({ entry }) => entry)
  const [bought, moved] = [idsOf('inject'), idsOf('move-drawer')]
  const [saleNamings, injectionNamings, movementNamings] = await Promise.all([
    sold.length === 0
      ? []
      : projected.sales
          .find({ p, _id: { $in: sold } }, { ...options, hint: idIndex })
          .project<{ _id: string; number: number; sessionId: number }>({ number: 1, sessionId: 1 })
          .toArray(),
    bought.length === 0
      ? []
      : projected.injections
          .find({ p, _id: { $in: bought } }, { ...options, hint: idIndex })
          .project<{ _id: string; number: number }>({ number: 1 })
          .toArray(),
    moved.length === 0
      ? []
      : projected.operations
          .find({ p, entry: { $in: moved } }, options)
          .project<{ entry: string; outcome: string }>({ entry: 1, outcome: 1 })
          .toArray(),
  ])
  return new Map([
    ...saleNamings.map(({ _id, number, sessionId }): [string, Naming] => [
      _id,
      { number, saleSessionId: sessionId, reason: null },
    ]),
    ...injectionNamings.map(({ _id, number }): [string, Naming] => [_id, { ...unnamed, number }]),
    ...movementNamings.map(({ entry, outcome }): [string, Naming] => [
      entry,
      movementNaming(outcome),
    ]),
  ])
}

const movementNaming = (outcome: string): Naming => {
  const kept = readStoredOutcome(outcome)
  return kept.kind === 'applied' && kept.result.kind === 'movement'
    ? { ...unnamed, number: kept.result.movement.id, reason: kept.result.movement.reason }
    : unnamed
}

/** The stored balances of the last line at or before the instant. */
const balanceAt = async (
  projected: Projected,
  reading: Reading,
  currency: Currency,
  place: { readonly account: string; readonly at: number; readonly upTo: number },
): Promise<BalanceAt> => {
  const last = await lastLineOf(projected, reading, place)
  const held = last?.after ?? { posted: 0, reserved: 0, incoming: 0 }
  return { currency, at: new Date(place.at).toISOString(), ...held }
}
