import { bundleRoutes, type BundleDeps } from './sales/bundle-routes.ts'
import type { CashDeps } from './cash/ports.ts'
import { cashRoutes } from './cash/routes.ts'
import type { Route } from './api/route.ts'
import { floatRoutes, type FloatDeps } from './float/routes.ts'
import { statementRoutes } from './statements/routes.ts'
import type { StatementReads } from './statements/ports.ts'
import { notificationRoute, type NotificationDeps } from './notifications/notification-route.ts'
import { topupRoutes, type SalesDeps } from './sales/routes.ts'

export type GatewayDeps = SalesDeps &
  BundleDeps &
  FloatDeps &
  CashDeps &
  NotificationDeps & { readonly reads: StatementReads }

/** The gateway's route table: the roles and answers of each route. Of two that match, the first counts. */
export const gatewayRoutes = (deps: GatewayDeps): readonly Route[] => [
  ...topupRoutes(deps),
  ...bundleRoutes(deps),
  ...floatRoutes(deps),
  ...cashRoutes(deps),
  ...statementRoutes(deps),
  notificationRoute(deps),
]
