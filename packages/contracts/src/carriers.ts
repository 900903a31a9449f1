import { z } from 'zod'

/** Goods that a carrier sells; each kind of each carrier has a queue of its own. */
export const saleKinds = ['topup', 'bundle'] as const
export type SaleKind = (typeof saleKinds)[number]

type CarrierRow = {
  readonly sells: readonly SaleKind[]
  /**
   * `carrier`: the adapter sends a request, so it can prove that it never did. `person`: somebody carries the sale out as
   * soon as it is reserved, so nothing ever proves that it was not.
   */
  readonly carriedOutBy: 'carrier' | 'person'
  /** The carrier keeps a balance of the merchant's, which is reconciled with the committed sales. */
  readonly isReconciled: boolean
}

/** Every carrier by the name that the catalogue and each sale carry; its protocol is the adapter's (docs/carriers.md). */
export const carriers = {
  tpaga: { sells: ['topup', 'bundle'], carriedOutBy: 'carrier', isReconciled: true },
  manual: { sells: ['topup'], carriedOutBy: 'person', isReconciled: false },
} as const satisfies Readonly<Record<string, CarrierRow>>
export type CarrierName = keyof typeof carriers

export const carrierNames = Object.keys(carriers) as readonly CarrierName[]
export const CarrierName = z.enum(carrierNames)

const rowOf = (carrier: CarrierName): CarrierRow => carriers[carrier]

export const sellsKind = (carrier: CarrierName, kind: SaleKind): boolean =>
  rowOf(carrier).sells.includes(kind)

export const carriedOutBy = (carrier: CarrierName): CarrierRow['carriedOutBy'] =>
  rowOf(carrier).carriedOutBy

export const reconciledCarriers = carrierNames.filter((carrier) => rowOf(carrier).isReconciled)

/**
 * Conditions of an operator's row in the catalogue that travel with each of its sales to the carrier. The ledger keeps
 * and forwards them as data.
 */
export const CarrierTerms = z.record(
  z.string().regex(/^[a-z][a-zA-Z]{0,29}$/),
  z.string().min(1).max(60),
)
export type CarrierTerms = z.infer<typeof CarrierTerms>
