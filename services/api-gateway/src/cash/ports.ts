import type { CajaView, CajaWithSessions, MerchantId, SessionView } from '@recargas/contracts'
import type { Shops } from '../catalogue/catalogue.ts'
import type { ExecuteCommand } from '../commands/execute-command.ts'

/** Reads throw when the ledger cannot be reached and give null for a missing record. */
export type CashReads = {
  readonly cajas: (merchant: MerchantId) => Promise<readonly CajaView[]>
  readonly caja: (merchant: MerchantId, id: number) => Promise<CajaWithSessions | null>
  readonly session: (merchant: MerchantId, id: number) => Promise<SessionView | null>
  readonly activeSession: (merchant: MerchantId, userId: string) => Promise<SessionView | null>
}

export type CashDeps = {
  readonly executeCommand: ExecuteCommand
  readonly shops: Shops
  readonly reads: CashReads
}
