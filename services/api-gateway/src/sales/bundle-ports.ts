import type { BundlePage, BundleProviders, BundleQuery, BundleQuote } from '@recargas/contracts'

/** The adapter's copy of the carrier's packages. Throw {@link Problem} CARRIER_UNAVAILABLE where none can be had. */
export type BundleReads = {
  readonly providers: () => Promise<BundleProviders>
  readonly page: (query: BundleQuery) => Promise<BundlePage>
  /** Null where the carrier's list has no such package. */
  readonly quote: (provider: string, code: string) => Promise<BundleQuote | null>
}
