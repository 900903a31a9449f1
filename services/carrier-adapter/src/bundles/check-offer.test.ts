import { expect, test } from '@jest/globals'
import type { BundleQuote } from '@recargas/contracts'
import { checkOffer } from './check-offer.ts'

const bundle = { provider: '58', code: '024', name: '200 MINUTOS' }
const quoted = { bundle, carrierAmount: 9_900 }
const aQuote = (changes: Partial<BundleQuote> = {}): BundleQuote => ({
  ageSeconds: 12,
  stale: false,
  enabled: true,
  offer: {
    ...bundle,
    description: '',
    carrierAmount: 9_900,
    validity: '',
    category: '',
    sku: null,
  },
  ...changes,
})
const check = (quote: BundleQuote | 'no-such-bundle' | null) =>
  checkOffer({ quote: () => Promise.resolve(quote) }, quoted)

test('a bundle that the carrier lists as it was quoted is sold', async () => {
  expect(await check(aQuote())).toBeNull()
})

test('a bundle whose price has changed since its quote is withheld', async () => {
  const { offer } = aQuote()
  expect(await check(aQuote({ offer: { ...offer, carrierAmount: 9_901 } }))).toBe('price-changed')
})

test('a bundle is withheld while the list is stale or unknown, though the old price is the same', async () => {
  expect(await check(aQuote({ stale: true }))).toBe('price-unconfirmed')
  expect(await check(null)).toBe('price-unconfirmed')
})

test('a bundle that the carrier has taken off its list, or its provider, is withheld', async () => {
  expect(await check('no-such-bundle')).toBe('not-offered')
  expect(await check(aQuote({ enabled: false, stale: true }))).toBe('not-offered')
})
