import type { Route } from '../api/route.ts'
import { closeCaseRoute, type CaseWrites } from './close-case.ts'
import { historyRoutes, type HistoryReads } from './list-sales.ts'
import { confirmRoute, type ConfirmDeps } from './confirm-sale.ts'
import { readTopupRoute, type ReadTopupDeps } from './read-sale.ts'
import { receiptRoute, type ReceiptDeps } from './read-receipt.ts'
import { resolveRoute, type ResolveDeps } from './resolve-sale.ts'
import { reviewRoutes, type ReviewReads } from './list-review.ts'
import { sellRoute, type SellDeps } from './sell-topup.ts'

export type SalesDeps = SellDeps &
  ResolveDeps &
  ConfirmDeps &
  ReadTopupDeps &
  ReceiptDeps & { readonly reads: HistoryReads & ReviewReads & CaseWrites }

/** Everything a POS does with sales. */
export const topupRoutes = (deps: SalesDeps): readonly Route[] => [
  sellRoute(deps),
  readTopupRoute(deps),
  receiptRoute(deps),
  confirmRoute(deps),
  resolveRoute(deps),
  ...reviewRoutes(deps.reads),
  closeCaseRoute(deps.reads),
  ...historyRoutes(deps),
]
