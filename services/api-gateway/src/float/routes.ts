import type { Route } from '../api/route.ts'
import { balanceRoutes, type BalanceDeps } from './read-balances.ts'
import { injectRoute, type InjectDeps } from './inject-float.ts'
import { rechargeRoute } from './record-recharge.ts'

/** Everything a POS does with float. */
export const floatRoutes = (deps: InjectDeps & BalanceDeps): readonly Route[] => [
  injectRoute(deps),
  rechargeRoute(deps),
  ...balanceRoutes(deps),
]
