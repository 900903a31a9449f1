import { money, type BundleOffer, type CatalogueOperator, type Money } from '@recargas/contracts'

/** The shop's price of a package: the carrier's list price, in minor units. */
export const priceOf = (
  { unidad_carrier: unit }: Pick<CatalogueOperator, 'unidad_carrier'>,
  { carrierAmount }: Pick<BundleOffer, 'carrierAmount'>,
): Money => money(carrierAmount * unit)
