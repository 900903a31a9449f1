import type {
  BalanceAt,
  DayQuery,
  DayReport,
  MerchantId,
  OperatorName,
  SessionView,
  ShiftReport,
  ShopDay,
  StatementPage,
  StatementQuery,
} from '@recargas/contracts'

/** Reads throw when the ledger cannot be reached and give null for a missing record. */
export type StatementReads = {
  readonly session: (merchant: MerchantId, id: number) => Promise<SessionView | null>
  readonly sessionStatement: Statement<number>
  readonly sessionBalance: Balance<number>
  readonly shiftReport: (merchant: MerchantId, id: number) => Promise<ShiftReport | null>
  readonly dayReport: (merchant: MerchantId, day: ShopDay, query: DayQuery) => Promise<DayReport>
  readonly floatStatement: Statement<OperatorName>
  readonly floatBalance: Balance<OperatorName>
}

type Statement<Of> = (
  merchant: MerchantId,
  of: Of,
  query: StatementQuery,
) => Promise<StatementPage | null>
type Balance<Of> = (merchant: MerchantId, of: Of, at: string) => Promise<BalanceAt | null>
