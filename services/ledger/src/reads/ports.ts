import type {
  BalanceAt,
  CajaView,
  CajaWithSessions,
  CaseView,
  DayReport,
  FloatView,
  HeldQuery,
  HistoryQuery,
  InjectionPage,
  LedgerIdentity,
  MerchantId,
  OperationAnswer,
  OperationId,
  Overview,
  PageQuery,
  RetiredCajas,
  SessionView,
  ShiftReport,
  ShopDay,
  StatementPage,
  StatementQuery,
  TopupPage,
  TopupView,
} from '@recargas/contracts'

/** The ledger's reads. Each shows every write that an answer has confirmed. */
export type LedgerReads = {
  readonly identity: () => Promise<LedgerIdentity>
  /** The outcome of an operation id. A missing outcome does not exclude that the operation is still on its way. */
  readonly operation: (merchant: MerchantId, id: OperationId) => Promise<OperationAnswer>
  readonly topup: (merchant: MerchantId, number: number) => Promise<TopupView | null>
  readonly topups: (merchant: MerchantId, query: HistoryQuery) => Promise<TopupPage>
  readonly injections: (merchant: MerchantId, query: HistoryQuery) => Promise<InjectionPage>
  /** Sales that wait for a person, the longest first, with all that happened to them. */
  readonly reviews: (merchant: MerchantId, query: PageQuery) => Promise<TopupView[]>
  readonly cases: (merchant: MerchantId, query: PageQuery) => Promise<CaseView[]>
  readonly floats: (merchant: MerchantId) => Promise<FloatView[]>
  readonly cajas: (merchant: MerchantId) => Promise<CajaView[]>
  readonly caja: (merchant: MerchantId, id: number) => Promise<CajaWithSessions | null>
  readonly session: (merchant: MerchantId, id: number) => Promise<SessionView | null>
  readonly activeSession: (merchant: MerchantId, userId: string) => Promise<SessionView | null>
  /** Entries with the balances after them, oldest first; null for a float or session that does not exist. */
  readonly floatStatement: Statement<string>
  readonly sessionStatement: Statement<number>
  /** The account's balance at an instant; a future instant is now, one outside a session its nearest end. */
  readonly floatBalance: (merchant: MerchantId, of: string, at: number) => Promise<BalanceAt | null>
  readonly sessionBalance: (
    merchant: MerchantId,
    of: number,
    at: number,
  ) => Promise<BalanceAt | null>
  /** The sales of one day added up, with the sessions that were open in it. `timeZone` cuts the hours. */
  readonly dayReport: (merchant: MerchantId, day: ShopDay, timeZone: string) => Promise<DayReport>
  /** Throws where the lines contradict the session. */
  readonly shiftReport: (merchant: MerchantId, sessionId: number) => Promise<ShiftReport | null>
}

type Statement<Of> = (
  merchant: MerchantId,
  of: Of,
  query: StatementQuery,
) => Promise<StatementPage | null>

/** Reads over every shop, for operators of the system. */
export type OperatorReads = {
  /** Sales with held money, of every shop or of one, oldest first. */
  readonly held: (query: HeldQuery) => Promise<TopupView[]>
  /** Retired cajas that still hold money, which no till shows any more. */
  readonly retiredCajas: () => Promise<RetiredCajas>
  readonly overview: () => Promise<Overview>
}
