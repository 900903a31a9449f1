import type { Bundle, WithheldReason } from '@recargas/contracts'
import type { Bundles } from './read-bundles.ts'

/** A bundle as it was quoted to the cashier. */
type Quoted = { readonly bundle: Bundle; readonly carrierAmount: number }

/**
 * Reads the carrier's list once more before a bundle is sold: the quote is older by the way through the ledger, and a
 * price that the carrier does not confirm now is nobody's to take.
 * @returns the reason for keeping the bundle from the carrier, or null where the list still shows it as quoted
 */
export const checkOffer = async (
  bundles: Pick<Bundles, 'quote'>,
  { bundle, carrierAmount }: Quoted,
): Promise<WithheldReason | null> => {
  const quote = await bundles.quote(bundle.provider, bundle.code)
  if (quote === null) return 'price-unconfirmed'
  if (quote === 'no-such-bundle' || !quote.enabled) return 'not-offered'
  if (quote.stale) return 'price-unconfirmed'
  return quote.offer.carrierAmount === carrierAmount ? null : 'price-changed'
}
