import { BundlePage, BundleProviders, BundleQuote, type BundleQuery } from '@recargas/contracts'
import type { BundleReads } from '../sales/bundle-shop.ts'
import { Problem } from '../api/problem.ts'
import { createInternalClient, requestsOf, type InternalSettings } from './internal-client.ts'

type Settings = InternalSettings & { readonly timeoutMs: number }

const notListed =
  'La lista de paquetes del proveedor no está disponible. No se vendió nada; intente más tarde.'

/** The adapter's reads of the carrier's packages. Every failure is {@link Problem} CARRIER_UNAVAILABLE. */
export const createBundleClient = (
  settings: Settings,
): BundleReads & { readonly close: () => Promise<void> } => {
  const client = createInternalClient(settings)
  const { read, readKnown } = requestsOf(client, settings.timeoutMs, unavailable)
  const at = (path: string) => ({ path: `/internal/bundles${path}` })
  return {
    providers: () => readKnown(at('/providers'), BundleProviders),
    page: (query) => readKnown(at(`?${queryOf(query)}`), BundlePage),
    quote: async (provider, code) => {
      const quote = await read(at(`/${provider}/${code}`), BundleQuote)
      if (quote === null) return null
      // Another package's price must never be taken for this one's.
      if (quote.offer.provider === provider && quote.offer.code === code) return quote
      throw unavailable(new Error(`the adapter quoted another package than ${provider}/${code}`))
    },
    close: client.close,
  }
}

const unavailable = (cause: unknown) =>
  new Problem('CARRIER_UNAVAILABLE', {}, { cause, message: notListed })

const queryOf = ({ providers, page, perPage }: BundleQuery): string =>
  new URLSearchParams({
    providers: providers.join(','),
    page: String(page),
    perPage: String(perPage),
  }).toString()
