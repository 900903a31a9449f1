import type { Route } from '../api/route.ts'
import { balanceRoutes, type BalanceDeps } from './read-balances.ts'
import { injectRoute, type InjectDeps } from './inject-float.ts'

/** Everything a POS does with float. */
export const floatRoutes = (deps: InjectDeps & BalanceDeps): readonly Route[] => [
  injectRoute(deps),
  ...balanceRoutes(deps),
]
