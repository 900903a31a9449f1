import type {
  BundleOffer,
  BundlePage,
  BundleProvider,
  BundleProviders,
  BundleQuery,
  BundleQuote,
} from '@recargas/contracts'
import {
  createRefreshingCache,
  type Cached,
  type CacheLimits,
  type RefreshingCache,
} from '@recargas/runtime'

type Deps = {
  readonly carrier: {
    readonly readProviders: () => Promise<readonly BundleProvider[] | null>
    readonly readOffers: (provider: string) => Promise<readonly BundleOffer[] | null>
  }
  readonly now: () => number
  readonly limits: CacheLimits
}

/** The carrier's packages as last read. Each answer is null where no list is young enough. */
export type Bundles = {
  readonly providers: () => Promise<BundleProviders | null>
  readonly page: (query: BundleQuery) => Promise<BundlePage | null>
  readonly quote: (provider: string, code: string) => Promise<BundleQuote | 'no-such-bundle' | null>
}

/** Offers the carrier's packages; each provider's list is kept apart and read on demand. */
export const createBundles = ({ carrier, now, limits }: Deps): Bundles => {
  const providers = createRefreshingCache({ read: carrier.readProviders, now, limits })
  const offers = new Map<string, RefreshingCache<readonly BundleOffer[]>>()
  /** Reads the offers of a listed provider alone: an invented one fills no memory and causes no call. */
  const offersOf = async (
    provider: string,
    listed: readonly BundleProvider[],
  ): Promise<Cached<readonly BundleOffer[]> | null> => {
    if (!listed.some((each) => each.provider === provider)) {
      return { value: [], readAt: now(), ageMs: 0, isStale: false }
    }
    let list = offers.get(provider)
    if (list === undefined) {
      list = createRefreshingCache({ read: () => carrier.readOffers(provider), now, limits })
      offers.set(provider, list)
    }
    return list.current()
  }
  return {
    providers: async () => {
      const known = await providers.current()
      return known === null ? null : { ...ageOf([known]), providers: [...known.value] }
    },
    page: async (query) => {
      const listed = await providers.current()
      if (listed === null) return null
      const asked = [...new Set(query.providers)]
      const found = await Promise.all(asked.map((provider) => offersOf(provider, listed.value)))
      const known = found.filter((list) => list !== null)
      // With a list missing, both the order and the total would be wrong.
      if (known.length < found.length) return null
      const all = known.flatMap(({ value }) => value)
      const from = (query.page - 1) * query.perPage
      return {
        ...ageOf([listed, ...known]),
        offers: all.slice(from, from + query.perPage),
        total: all.length,
      }
    },
    quote: async (provider, code) => {
      const listed = await providers.current()
      if (listed === null) return null
      const known = await offersOf(provider, listed.value)
      if (known === null) return null
      const offer = known.value.find((each) => each.code === code)
      const seller = listed.value.find((each) => each.provider === provider)
      if (offer === undefined || seller === undefined) return 'no-such-bundle'
      return { ...ageOf([listed, known]), offer, enabled: seller.enabled }
    },
  }
}

/** An answer is as old as the oldest list it was made of. */
const ageOf = (lists: readonly Cached<unknown>[]) => ({
  ageSeconds: Math.floor(Math.max(...lists.map(({ ageMs }) => ageMs)) / 1_000),
  stale: lists.some(({ isStale }) => isStale),
})
