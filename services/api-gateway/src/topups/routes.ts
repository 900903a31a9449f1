import type { Route } from '../edge/route.ts'
import { historyRoutes, type HistoryReads } from './history.ts'
import { readTopupRoute } from './read-topup.ts'
import { sellRoute, type SellDeps } from './sell.ts'

type Deps = SellDeps & Parameters<typeof readTopupRoute>[0] & { readonly reads: HistoryReads }

/** Everything a POS does with sales. */
export const topupRoutes = (deps: Deps): readonly Route[] => [
  sellRoute(deps),
  readTopupRoute(deps),
  ...historyRoutes(deps.reads),
]
