import type { CatalogueOperator, GatewayRefusal } from '@recargas/contracts'
import { operatorRefusal, type Shop } from '../catalogue/catalogue.ts'
import { refusalProblem } from '../commands/refusal.ts'

/** An operator with packages in the shop's catalogue. */
export type BundleOperator = CatalogueOperator & { readonly proveedor_paquetes: string }

export const hasBundles = (operator: CatalogueOperator): operator is BundleOperator =>
  operator.proveedor_paquetes !== undefined

/** The shop's operators with packages, by the carrier's code of their provider. */
export const bundleOperatorsOf = ({ operators }: Shop): ReadonlyMap<string, BundleOperator> => {
  const byProvider = new Map<string, BundleOperator>()
  for (const operator of operators) {
    if (!hasBundles(operator)) continue
    const { proveedor_paquetes: provider } = operator
    // When two operators share a provider, its packages belong to the first.
    if (!byProvider.has(provider)) byProvider.set(provider, operator)
  }
  return byProvider
}

export const bundlesRefusal = ({ nombre }: CatalogueOperator): GatewayRefusal => ({
  code: 'OPERATOR_WITHOUT_BUNDLES',
  details: { operator: nombre },
})

/** The operator that a query names, with its packages. Throws {@link Problem}. */
export const requireBundleOperator = (shop: Shop, name: string): BundleOperator => {
  const operator = shop.find(name)
  if (operator !== null && hasBundles(operator)) return operator
  const refusal = operator === null ? operatorRefusal(shop, 'operadora') : bundlesRefusal(operator)
  throw refusalProblem({ refusal, operation: 'RequestBundle.v1', operationId: null })
}
