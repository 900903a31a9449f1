import {
  ShopDay,
  StatementEntry,
  type BalanceAt,
  type CloseDay,
  DayClosing,
  type DayNotClosable,
  type DayQuery,
  type DayReport,
  type MerchantId,
  type ShiftReport,
  type StatementPage,
  type StatementQuery,
} from '@recargas/contracts'
import { operationId } from './samples.ts'

type Plays = {
  /** The ledger's answers to statement queries, one by one; an error is thrown. */
  statements: (StatementPage | Error)[]
  balance: BalanceAt | null
  report: ShiftReport | null
  statementQueries: StatementQuery[]
  balancesAt: string[]
  day: DayReport
  dayClosing: DayClosing | DayNotClosable
  daysClosed: (CloseDay & { readonly day: ShopDay })[]
  daysAsked: (DayQuery & { readonly day: ShopDay })[]
}

export const noStatements = (): Plays => ({
  statements: [],
  balance: null,
  report: null,
  statementQueries: [],
  balancesAt: [],
  day: { day: ShopDay.parse('2026-01-05'), position: 0, sums: [], sessions: [] },
  daysAsked: [],
  dayClosing: DayClosing.parse({
    number: 12,
    currency: 'BOB',
    by: 'Eva Paz (1)',
    at: '2026-01-05T21:00:00.000Z',
    previous: null,
    report: { day: '2026-01-05', position: 0, sums: [], sessions: [] },
  }),
  daysClosed: [],
})

/** The ledger's statements as a test fakes them. */
export const fakeStatements = (
  fakes: Plays,
  read: <LookupResult>(found: LookupResult) => Promise<LookupResult>,
) => {
  const statement = (_: MerchantId, __: unknown, query: StatementQuery) => {
    fakes.statementQueries.push(query)
    const next = fakes.statements.shift() ?? null
    return next instanceof Error ? Promise.reject(next) : read(next)
  }
  const balance = (_: MerchantId, __: unknown, at: string) => {
    fakes.balancesAt.push(at)
    return read(fakes.balance)
  }
  return {
    sessionStatement: statement,
    floatStatement: statement,
    sessionBalance: balance,
    floatBalance: balance,
    shiftReport: () => read(fakes.report),
    closeDay: (_: MerchantId, day: ShopDay, word: CloseDay) => {
      fakes.daysClosed.push({ day, ...word })
      return read(fakes.dayClosing)
    },
    dayClosings: () => read('number' in fakes.dayClosing ? [fakes.dayClosing] : []),
    dayClosing: (_: MerchantId, number: number) =>
      read(
        'number' in fakes.dayClosing && fakes.dayClosing.number === number
          ? fakes.dayClosing
          : null,
      ),
    dayReport: (_: MerchantId, day: ShopDay, query: DayQuery) => {
      fakes.daysAsked.push({ day, ...query })
      return read(fakes.day)
    },
  }
}

/** Sale 7 of 10.50 for Tigo, as a float saw it. */
export const anEntry = (changes: Partial<StatementEntry> = {}): StatementEntry =>
  StatementEntry.parse({
    seq: 5,
    at: '2026-01-05T12:00:01.000Z',
    kind: 'sale',
    operationId,
    number: 7,
    operator: 'Tigo',
    originSessionId: null,
    reason: null,
    change: { posted: -1_050, reserved: -1_050, incoming: 0 },
    after: { posted: 8_950, reserved: 2_000, incoming: 0 },
    ...changes,
  })
