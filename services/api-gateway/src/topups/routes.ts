import type { Route } from '../edge/route.ts'
import { historyRoutes, type HistoryReads } from './history.ts'
import { readTopupRoute } from './read-topup.ts'
import { resolveRoute, type ResolveDeps } from './resolve.ts'
import { reviewRoutes, type ReviewReads } from './review.ts'
import { sellRoute, type SellDeps } from './sell.ts'

type Deps = SellDeps &
  ResolveDeps &
  Parameters<typeof readTopupRoute>[0] & { readonly reads: HistoryReads & ReviewReads }

/** Everything a POS does with sales. */
export const topupRoutes = (deps: Deps): readonly Route[] => [
  sellRoute(deps),
  readTopupRoute(deps),
  resolveRoute(deps),
  ...reviewRoutes(deps.reads),
  ...historyRoutes(deps),
]
