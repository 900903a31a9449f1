import type {
  BalanceAt,
  MerchantId,
  OperatorName,
  SessionView,
  ShiftReport,
  StatementPage,
  StatementQuery,
} from '@recargas/contracts'

/** Reads throw when the ledger cannot be reached and give null for a missing record. */
export type StatementReads = {
  readonly session: (merchant: MerchantId, id: number) => Promise<SessionView | null>
  readonly sessionStatement: (
    merchant: MerchantId,
    id: number,
    query: StatementQuery,
  ) => Promise<StatementPage | null>
  readonly sessionBalance: (
    merchant: MerchantId,
    id: number,
    at: string,
  ) => Promise<BalanceAt | null>
  readonly shiftReport: (merchant: MerchantId, id: number) => Promise<ShiftReport | null>
  readonly floatStatement: (
    merchant: MerchantId,
    operator: OperatorName,
    query: StatementQuery,
  ) => Promise<StatementPage | null>
  readonly floatBalance: (
    merchant: MerchantId,
    operator: OperatorName,
    at: string,
  ) => Promise<BalanceAt | null>
}
