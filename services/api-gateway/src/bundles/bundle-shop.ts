import type { CatalogueOperator } from '@recargas/contracts'
import type { Shop } from '../catalogue/catalogue.ts'
import { Problem } from '../edge/problem.ts'

/** An operator whose packages the shop sells. */
export type BundleOperator = CatalogueOperator & { readonly proveedor_paquetes: string }

const hasBundles = (operator: CatalogueOperator): operator is BundleOperator =>
  operator.proveedor_paquetes !== undefined

/** The shop's operators with packages, by the carrier's code of their provider. */
export const bundleOperatorsOf = ({ operators }: Shop): ReadonlyMap<string, BundleOperator> => {
  const byProvider = new Map<string, BundleOperator>()
  for (const operator of operators) {
    if (!hasBundles(operator)) continue
    const { proveedor_paquetes: provider } = operator
    // Where two operators share a provider, its packages are told as the first one's.
    if (!byProvider.has(provider)) byProvider.set(provider, operator)
  }
  return byProvider
}

/** The operator a body or a query names, with its packages. Throws {@link Problem}. */
export const requireBundleOperator = (shop: Shop, name: string): BundleOperator => {
  const operator = shop.operator(name, 'operadora')
  if (hasBundles(operator)) return operator
  throw new Problem('OPERATOR_WITHOUT_BUNDLES', { operator: operator.nombre })
}
