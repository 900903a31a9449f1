import type { Route } from '../api/route.ts'
import { balanceRoutes, type BalanceDeps } from './read-balances.ts'
import { injectRoute, type InjectDeps } from './inject-float.ts'
import { rechargeRoute } from './record-recharge.ts'

export type FloatDeps = InjectDeps & BalanceDeps

/** Everything a POS does with float. */
export const floatRoutes = (deps: FloatDeps): readonly Route[] => [
  injectRoute(deps),
  rechargeRoute(deps),
  ...balanceRoutes(deps),
]
