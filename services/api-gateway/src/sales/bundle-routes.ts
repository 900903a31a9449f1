import type { Route } from '../api/route.ts'
import { readSaleRoute, type ReadTopupDeps } from './read-sale.ts'
import { buyRoute, type BuyDeps } from './sell-bundle.ts'
import { bundleListRoutes, type BundleListDeps } from './list-bundles.ts'

export type BundleDeps = BuyDeps & BundleListDeps & ReadTopupDeps

/** Everything a POS does with mobile packages; as sales they stand in the top-ups' lists too. */
export const bundleRoutes = (deps: BundleDeps): readonly Route[] => [
  ...bundleListRoutes(deps),
  buyRoute(deps),
  readSaleRoute(deps, {
    path: '/paquetes/compra/:id',
    summary: 'Look up the sale of a package',
    operation: 'RequestBundle.v1',
    isShown: ({ bundle }) => bundle !== undefined,
    absent: 'BUNDLE_SALE_NOT_FOUND',
  }),
]
