import { shopRoute } from './catalogue/read-shop.ts'
import type { Route } from './api/route.ts'
import { cajaRoutes } from './cash/cajas.ts'
import { closeSessionRoute } from './cash/close-session.ts'
import { correctCountRoute } from './cash/correct-count.ts'
import { handOverSessionRoute } from './cash/hand-over-session.ts'
import { movementRoute } from './cash/movements.ts'
import { openSessionRoute } from './cash/open-session.ts'
import type { CashDeps } from './cash/ports.ts'
import { activeSessionRoute, sessionBalanceRoute } from './cash/read-session.ts'
import { injectRoute, type InjectDeps } from './float/inject-float.ts'
import { balanceRoutes, type BalanceDeps } from './float/read-balances.ts'
import { rechargeRoute } from './float/record-recharge.ts'
import { notificationRoute, type NotificationDeps } from './notifications/notification-route.ts'
import type { OperationDeps } from './operation/ports.ts'
import { operationRoute } from './operation/read-operation.ts'
import { quarantineRoutes } from './operation/settle-quarantine.ts'
import { closeCaseRoute, type CaseWrites } from './sales/close-case.ts'
import { confirmRoute, type ConfirmDeps } from './sales/confirm-sale.ts'
import { bundleListRoutes, type BundleListDeps } from './sales/list-bundles.ts'
import { reviewRoutes, type ReviewReads } from './sales/list-review.ts'
import { historyRoutes, type HistoryReads } from './sales/list-sales.ts'
import { receiptRoute, type ReceiptDeps } from './sales/read-receipt.ts'
import { readBundleSaleRoute, readTopupRoute, type ReadTopupDeps } from './sales/read-sale.ts'
import { resolveRoute, type ResolveDeps } from './sales/resolve-sale.ts'
import { buyRoute, type BuyDeps } from './sales/sell-bundle.ts'
import { sellRoute, type SellDeps } from './sales/sell-topup.ts'
import { dayClosingRoutes, type DayClosingReads } from './statements/close-day.ts'
import type { StatementReads } from './statements/ports.ts'
import { statementRoutes } from './statements/read-statements.ts'

export type GatewayDeps = SellDeps &
  ResolveDeps &
  ConfirmDeps &
  ReadTopupDeps &
  ReceiptDeps &
  BuyDeps &
  BundleListDeps &
  InjectDeps &
  BalanceDeps &
  CashDeps &
  NotificationDeps &
  OperationDeps & {
    readonly reads: HistoryReads & ReviewReads & CaseWrites & StatementReads & DayClosingReads
  }

/** The gateway's route table: the roles and answers of each route. Of two that match, the first counts. */
export const gatewayRoutes = (deps: GatewayDeps): readonly Route[] => [
  sellRoute(deps),
  readTopupRoute(deps),
  receiptRoute(deps),
  confirmRoute(deps),
  resolveRoute(deps),
  ...reviewRoutes(deps.reads),
  closeCaseRoute(deps.reads),
  ...historyRoutes(deps),

  // A package that was sold stands in the lists of top-ups too.
  ...bundleListRoutes(deps),
  buyRoute(deps),
  readBundleSaleRoute(deps),

  injectRoute(deps),
  rechargeRoute(deps),
  ...balanceRoutes(deps),
  shopRoute(deps),

  // The fixed paths of cash come before those that name an id.
  openSessionRoute(deps),
  activeSessionRoute(deps),
  sessionBalanceRoute(deps),
  closeSessionRoute(deps),
  handOverSessionRoute(deps),
  correctCountRoute(deps),
  movementRoute(deps),
  ...cajaRoutes(deps),
  ...statementRoutes(deps),
  ...dayClosingRoutes(deps),
  notificationRoute(deps),

  operationRoute(deps),
  ...quarantineRoutes(deps),
]
