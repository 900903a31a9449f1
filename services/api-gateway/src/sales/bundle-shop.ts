import {
  type CatalogueOperator,
  type GatewayRefusal,
  money,
  type BundleOffer,
  type Money,
  type BundlePage,
  type BundleProviders,
  type BundleQuery,
  type BundleQuote,
} from '@recargas/contracts'
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

/** The shop's price of a package: the carrier's list price, in minor units. */
export const priceOf = (
  { unidad_carrier: unit }: Pick<CatalogueOperator, 'unidad_carrier'>,
  { carrierAmount }: Pick<BundleOffer, 'carrierAmount'>,
): Money => money(carrierAmount * unit)

/** The adapter's copy of the carrier's packages. Throw {@link Problem} CARRIER_UNAVAILABLE where none can be had. */
export type BundleReads = {
  readonly providers: () => Promise<BundleProviders>
  readonly page: (query: BundleQuery) => Promise<BundlePage>
  /** Null where the carrier's list has no such package. */
  readonly quote: (provider: string, code: string) => Promise<BundleQuote | null>
}
