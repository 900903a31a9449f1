import { bundleRoutes } from './sales/bundle-routes.ts'
import { cashRoutes } from './cash/routes.ts'
import type { Route } from './api/route.ts'
import { floatRoutes } from './float/routes.ts'
import { statementRoutes } from './statements/routes.ts'
import type { StatementReads } from './statements/ports.ts'
import { topupRoutes } from './sales/routes.ts'

type Deps = Parameters<typeof topupRoutes>[0] &
  Parameters<typeof bundleRoutes>[0] &
  Parameters<typeof floatRoutes>[0] &
  Parameters<typeof cashRoutes>[0] & { readonly reads: StatementReads }

/** The gateway's route table: the roles and answers of each route. Of two that match, the first counts. */
export const gatewayRoutes = (deps: Deps): readonly Route[] => [
  ...topupRoutes(deps),
  ...bundleRoutes(deps),
  ...floatRoutes(deps),
  ...cashRoutes(deps),
  ...statementRoutes(deps),
]
