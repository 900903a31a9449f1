import type { BundleOffer, BundleProvider } from '@recargas/contracts'
import CircuitBreaker from 'opossum'
import type { AnswerBody } from '../../domain/call-result.ts'
import { bundleProvidersOf, offersOf, type Readable } from './package-list.ts'
import { breakerOptions, followCircuit, type BehindBreaker } from './breaker.ts'
import { startClock } from './calls.ts'

export type Packages = {
  /** The whole list; null where the carrier gives none. */
  readonly readProviders: () => Promise<readonly BundleProvider[] | null>
  readonly readOffers: (provider: string) => Promise<readonly BundleOffer[] | null>
  readonly close: () => void
}

type Deps = BehindBreaker & {
  /** Counts the entries that could not be read. */
  readonly countLeftOut: (list: 'providers' | 'packages', count: number) => void
}

const providersPath = '/mobile_package_service_providers_list'
const pageSize = 200
const pagesMax = 50

/** Reads the carrier's packages, behind a breaker of their own: a slow list must never touch a sale. */
export const createPackages = ({ client, breaker, observer, countLeftOut }: Deps): Packages => {
  const read = async (path: string): Promise<AnswerBody> => {
    const stop = startClock()
    const callResult = await client.call({ method: 'GET', path })
    const isAnswer =
      callResult.kind === 'answer' &&
      callResult.httpStatus >= 200 &&
      callResult.httpStatus < 300 &&
      callResult.body.kind === 'json'
    const result = isAnswer ? 'good' : 'bad'
    observer.called({ operation: 'packages', callResult, result, seconds: stop() })
    if (!isAnswer) throw new Error('the carrier gave no list of packages')
    return callResult.body
  }
  const reader = new CircuitBreaker(read, breakerOptions({ operation: 'packages', ...breaker }))
  followCircuit(reader, 'packages', observer)
  const list = async <Entry>(
    name: 'providers' | 'packages',
    path: string,
    parse: (body: AnswerBody) => Readable<Entry> | null,
  ): Promise<Readable<Entry> | null> => {
    const body = await reader.fire(path).catch(() => null)
    const readable = body === null ? null : parse(body)
    if (readable === null) return null
    const leftOut = readable.listed - readable.entries.length
    if (leftOut > 0) countLeftOut(name, leftOut)
    return readable
  }
  return {
    readProviders: async () => {
      const providers = await list('providers', providersPath, bundleProvidersOf)
      return providers === null ? null : firstOfEach(providers.entries, ({ provider }) => provider)
    },
    readOffers: (provider) =>
      readPages((page) => {
        const query = `provider_identifier=${encodeURIComponent(provider)}&page=${page}&per_page=${pageSize}`
        return list('packages', `/packages?${query}`, (body) => offersOf(body, provider, pageSize))
      }),
    close: () => reader.shutdown(),
  }
}

/** All pages or nothing: half a list would look like the whole of it. */
const readPages = async (
  readPage: (page: number) => Promise<Readable<BundleOffer> | null>,
): Promise<readonly BundleOffer[] | null> => {
  const offers: BundleOffer[] = []
  for (let page = 1; page <= pagesMax; page += 1) {
    const { entries, listed } = (await readPage(page)) ?? { entries: null, listed: 0 }
    if (entries === null) return null
    offers.push(...entries)
    if (listed < pageSize) break
  }
  return firstOfEach(offers, ({ code }) => code)
}

/** An entry that is listed twice, or again on the next page while the list changes, counts once. */
const firstOfEach = <Entry>(
  entries: readonly Entry[],
  keyOf: (entry: Entry) => string,
): readonly Entry[] => {
  const known = new Map<string, Entry>()
  for (const entry of entries) if (!known.has(keyOf(entry))) known.set(keyOf(entry), entry)
  return [...known.values()]
}
