import type { Route } from '../edge/route.ts'
import { balanceRoutes, type BalanceDeps } from './balances.ts'
import { injectRoute, type InjectDeps } from './inject.ts'

/** Everything a POS does with float. */
export const floatRoutes = (deps: InjectDeps & BalanceDeps): readonly Route[] => [
  injectRoute(deps),
  ...balanceRoutes(deps),
]
