import {
  BalanceAt,
  CajaList,
  CajaWithSessions,
  CaseClosedBefore,
  CaseList,
  DayClosing,
  DayClosings,
  DayNotClosable,
  DayReport,
  FloatList,
  InjectionPage,
  LedgerIdentity,
  OperationAnswer,
  OperatorCase,
  ReviewList,
  SellingState,
  SessionView,
  ShiftReport,
  StatementPage,
  TopupPage,
  TopupView,
  ledgerPositionHeader,
  type CloseCase,
  type CloseDay,
  type DayQuery,
  type HistoryQuery,
  type MerchantId,
  type OperationId,
  type OperatorName,
  type PageQuery,
  type ShopDay,
  type StatementQuery,
} from '@recargas/contracts'
import { z } from 'zod'
import { Problem } from '../api/problem.ts'
import { createKnownPositions, withPositions } from '../commands/known-positions.ts'
import type { Waiters } from '../commands/waiters.ts'
import {
  createInternalClient,
  requestsOf,
  type InternalClient,
  type InternalSettings,
  type Requests,
  type Target,
} from './internal-client.ts'
import { createRefreshingCache } from '@recargas/runtime'

type Settings = InternalSettings & { readonly timeoutMs: number; readonly now: () => number }

type Of = (merchant: MerchantId, path: string) => Target

const ClosedDay = z.union([DayClosing, DayNotClosable])
const ClosedCase = z.union([OperatorCase, CaseClosedBefore])

/** Time limit of one look-up of an operation, below the pause to the next. */
const askTimeoutMs = 1_000
const askConnections = 16
const sellingAges = { freshMs: 2_000, staleMs: 10_000 }

/** The ledger's internal routes. Every failure is {@link Problem} LEDGER_UNAVAILABLE, except for `askLedger`. */
export const createLedgerClient = (settings: Settings) => {
  const client = createInternalClient(settings)
  const positions = createKnownPositions(() => performance.now())
  // Apart, so that slow histories never hold up the answer to a sale.
  const asking = createInternalClient({ ...settings, connections: askConnections })
  const requests = requestsOf(client, settings.timeoutMs, ledgerUnavailable)
  const { read, readKnown, write, writeKnown } = requests
  const of: Of = (merchant, path) => {
    const newest = positions.newestOf(merchant)
    return {
      path: `${pathOf(merchant)}${path}`,
      ...(newest !== null && { headers: { [ledgerPositionHeader]: String(newest) } }),
    }
  }
  return {
    identity: () => readKnown({ path: '/internal/identity' }, LedgerIdentity),
    operation: (merchant: MerchantId, id: OperationId) =>
      readKnown(of(merchant, `/operations/${id}`), OperationAnswer),
    /** Null where the ledger cannot be asked, for any reason. */
    askLedger: (merchant: MerchantId, id: OperationId) => {
      const { path, headers } = of(merchant, `/operations/${id}`)
      return asking.get(path, OperationAnswer, askTimeoutMs, headers).catch(() => null)
    },
    topup: (merchant: MerchantId, number: number) =>
      read(of(merchant, `/topups/${number}`), TopupView),
    topups: (merchant: MerchantId, query: HistoryQuery) =>
      readKnown(of(merchant, `/topups?${queryOf(query)}`), TopupPage),
    injections: (merchant: MerchantId, query: HistoryQuery) =>
      readKnown(of(merchant, `/injections?${queryOf(query)}`), InjectionPage),
    reviews: (merchant: MerchantId, query: PageQuery) =>
      readKnown(of(merchant, `/reviews?${queryOf(query)}`), ReviewList),
    cases: (merchant: MerchantId, query: PageQuery) =>
      readKnown(of(merchant, `/cases?${queryOf(query)}`), CaseList),
    floats: (merchant: MerchantId) => readKnown(of(merchant, '/floats'), FloatList),
    cajas: (merchant: MerchantId) => readKnown(of(merchant, '/cajas'), CajaList),
    caja: (merchant: MerchantId, id: number) =>
      read(of(merchant, `/cajas/${id}`), CajaWithSessions),
    session: (merchant: MerchantId, id: number) =>
      read(of(merchant, `/sessions/${id}`), SessionView),
    activeSession: (merchant: MerchantId, userId: string) =>
      read(of(merchant, `/sessions/active/${encodeURIComponent(userId)}`), SessionView),
    /** Records the positions of events before their listeners run, so that an answered client may read at once. */
    notePositions: (waiters: Waiters) => withPositions(positions, waiters),
    selling: sellingWord(asking, settings.now),
    dayClosings: (merchant: MerchantId, query: PageQuery) =>
      readKnown(of(merchant, `/day-closings?${queryOf(query)}`), DayClosings),
    dayClosing: (merchant: MerchantId, number: number) =>
      read(of(merchant, `/day-closings/${number}`), DayClosing),
    /** A day that has not changed keeps its closing. */
    closeDay: (merchant: MerchantId, day: ShopDay, word: CloseDay) =>
      writeKnown(`${pathOf(merchant)}/days/${day}/close`, word, ClosedDay),
    /** A closing is one document that is only ever inserted. */
    closeCase: (id: string, word: CloseCase) =>
      write(`/internal/cases/${encodeURIComponent(id)}/close`, word, ClosedCase),
    ...statementReads(requests, of),
    close: async () => {
      await Promise.all([client.close(), asking.close()])
    },
  }
}
export type LedgerClient = ReturnType<typeof createLedgerClient>

/** Reads the sales freeze. The ledger itself enforces it: here it refuses sooner, with the reason. */
const sellingWord = (asking: InternalClient, now: () => number) =>
  createRefreshingCache({
    read: async () => {
      const state = await asking.get('/internal/selling', SellingState, askTimeoutMs)
      if (state === null) throw new Error('the ledger returned no state of the sales freeze')
      return state
    },
    now,
    limits: sellingAges,
  })

export const ledgerUnavailable = (cause: unknown) =>
  new Problem('LEDGER_UNAVAILABLE', {}, { cause })

const pathOf = (merchant: MerchantId): string =>
  `/internal/merchants/${encodeURIComponent(merchant)}`

const statementReads = ({ read, readKnown }: Requests, of: Of) => {
  const ofSession = (merchant: MerchantId, id: number, path: string) =>
    of(merchant, `/sessions/${id}${path}`)
  const ofFloat = (merchant: MerchantId, operator: OperatorName, path: string) =>
    of(merchant, `/floats/${encodeURIComponent(operator)}${path}`)
  const at = (instant: string) => new URLSearchParams({ at: instant }).toString()
  return {
    sessionStatement: (merchant: MerchantId, id: number, query: StatementQuery) =>
      read(ofSession(merchant, id, `/statement?${queryOf(query)}`), StatementPage),
    sessionBalance: (merchant: MerchantId, id: number, instant: string) =>
      read(ofSession(merchant, id, `/balance?${at(instant)}`), BalanceAt),
    dayReport: (merchant: MerchantId, day: ShopDay, query: DayQuery) =>
      readKnown(of(merchant, `/days/${day}?${queryOf(query)}`), DayReport),
    shiftReport: (merchant: MerchantId, id: number) =>
      read(ofSession(merchant, id, '/report'), ShiftReport),
    floatStatement: (merchant: MerchantId, operator: OperatorName, query: StatementQuery) =>
      read(ofFloat(merchant, operator, `/statement?${queryOf(query)}`), StatementPage),
    floatBalance: (merchant: MerchantId, operator: OperatorName, instant: string) =>
      read(ofFloat(merchant, operator, `/balance?${at(instant)}`), BalanceAt),
  }
}

const queryOf = (query: DayQuery | HistoryQuery | PageQuery | StatementQuery): string =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as [string, string]],
    ),
  ).toString()
