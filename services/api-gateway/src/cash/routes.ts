import type { Route } from '../api/route.ts'
import { cajaRoutes } from './cajas.ts'
import { movementRoute } from './movements.ts'
import { correctCountRoute } from './correct-count.ts'
import type { CashDeps } from './ports.ts'
import { sessionRoutes } from './sessions.ts'

/** Everything a POS does with cash. The fixed paths come before those that name an id. */
export const cashRoutes = (deps: CashDeps): readonly Route[] => [
  ...sessionRoutes(deps),
  correctCountRoute(deps),
  movementRoute(deps),
  ...cajaRoutes(deps),
]
