import { describe, expect, it } from '@jest/globals'
import { askedOf, RequestBundle, RequestTopup } from './commands.ts'

const topup = {
  operationId: '00000000-0000-4000-8000-000000000001',
  merchant: 'principal',
  currency: 'BOB',
  actor: { userId: '2', username: 'ana', role: 'Operador' },
  requestedAt: '2026-11-21T08:00:00.000Z',
  acceptUntil: '2026-11-21T08:00:10.000Z',
  keyed: true,
  shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
  sessionId: 1,
  operator: 'Tigo',
  carrier: 'tpaga',
  slug: 'tigo',
  number: '78945612',
  amount: 1_050,
  carrierAmount: 1_050,
  confirmDuplicate: false,
}
const bundle = { ...topup, bundle: { provider: '3', code: '024', name: '200 MINUTOS' } }
const later = { requestedAt: '2026-11-21T08:00:05.000Z', acceptUntil: '2026-11-21T08:00:15.000Z' }

const topupAsked = (changes: object = {}) =>
  askedOf({ type: 'RequestTopup.v1', data: RequestTopup.parse({ ...topup, ...changes }) })
const bundleAsked = (changes: object = {}) =>
  askedOf({ type: 'RequestBundle.v1', data: RequestBundle.parse({ ...bundle, ...changes }) })

describe('what a client asked for', () => {
  it('is the same at whatever time it is pressed', () => {
    expect(topupAsked(later)).toBe(topupAsked())
    expect(bundleAsked(later)).toBe(bundleAsked())
  })

  it('is the same after the shop’s settings changed', () => {
    const shop = { timeZone: 'America/Bogota', openingCount: 'refuse' }
    expect(topupAsked({ shop })).toBe(topupAsked())
  })

  it('is the same where a gateway lets nothing new begin meanwhile', () => {
    const refusal = { code: 'CARRIER_UNAVAILABLE', details: {} }
    expect(topupAsked({ refusal })).toBe(topupAsked())
    expect(bundleAsked({ refusal })).toBe(bundleAsked())
  })

  it.each([{ amount: 1_051 }, { number: '78945613' }, { sessionId: 2 }])(
    'is another top-up with %j',
    (changes) => {
      expect(topupAsked(changes)).not.toBe(topupAsked())
    },
  )

  it('is the same bundle when the carrier changed its price or its name between two presses', () => {
    const renamed = { ...bundle.bundle, name: '200 MINUTOS NUEVO' }
    expect(bundleAsked({ amount: 1_100, carrierAmount: 1_100, bundle: renamed })).toBe(
      bundleAsked(),
    )
  })

  it.each([
    { bundle: { ...bundle.bundle, code: '24' } },
    { bundle: { ...bundle.bundle, provider: '58' } },
    { number: '78945613' },
  ])('is another bundle with %j', (changes) => {
    expect(bundleAsked(changes)).not.toBe(bundleAsked())
  })
})
