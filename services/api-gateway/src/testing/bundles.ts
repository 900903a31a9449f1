import type { BundlePage, BundleProviders, BundleQuote } from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import type { BundleReads } from '../sales/bundle-shop.ts'

type Plays = {
  isAdapterDown: boolean
  providers: BundleProviders
  page: BundlePage
  quote: BundleQuote | null
  /** Requests that the adapter received. */
  bundlesAsked: unknown[]
}

export const noBundles = (): Plays => ({
  isAdapterDown: false,
  providers: { ageSeconds: 0, stale: false, providers: [] },
  page: { ageSeconds: 0, stale: false, offers: [], total: 0 },
  quote: null,
  bundlesAsked: [],
})

/** The adapter's packages as a test fakes them. */
export const fakeBundles = (fakes: Plays): BundleReads => {
  const ofAdapter = async <Found>(asked: unknown, found: Found): Promise<Found> => {
    await Promise.resolve()
    fakes.bundlesAsked.push(asked)
    if (fakes.isAdapterDown) throw new Problem('CARRIER_UNAVAILABLE')
    return found
  }
  return {
    providers: () => ofAdapter('providers', fakes.providers),
    page: (query) => ofAdapter(query, fakes.page),
    quote: (provider, code) => ofAdapter(`${provider}/${code}`, fakes.quote),
  }
}
