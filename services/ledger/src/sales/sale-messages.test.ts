import { describe, expect, test } from '@jest/globals'
import { FundsReservedMessage, money } from '@recargas/contracts'
import { aBundle, anOpenShop, aTopup, aVerdict, idOf, refusalOf } from '../testing/builders.ts'
import type { Applied } from '../accounting/operation.ts'
import { closeTopup } from './sale-messages.ts'
import { fundsReserved } from './sale-messages.ts'
import { topupView } from './sale-view.ts'

const soldIn = ({ outcome }: Applied) => {
  if (outcome.kind !== 'reserved') throw new Error(`not reserved: ${outcome.kind}`)
  return outcome.topup
}

describe('a bundle', () => {
  test('is reserved, committed and released like a top-up of its price', () => {
    const shop = anOpenShop()
    const kept = aBundle()
    const refused = aBundle({ number: '70000001' })
    shop.run(kept)
    shop.run(refused)
    expect(shop.account('float/Tigo')).toEqual({ posted: 10_000, reserved: 2_100, incoming: 0 })
    shop.run(aVerdict(idOf(kept), 'authorized'))
    shop.run(aVerdict(idOf(refused), 'rejected'))
    expect(shop.account('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
    expect(shop.account('drawer/1')).toEqual({ posted: 41_050, reserved: 0, incoming: 0 })
  })

  test('keeps the leading zero of its code on its way to the carrier and back to the POS', () => {
    const topup = soldIn(anOpenShop().run(aBundle()))
    const job = FundsReservedMessage.parse(JSON.parse(fundsReserved(topup).body))
    expect(job.data.bundle).toEqual({ provider: '3', code: '024', name: '200 MINUTOS' })
    expect(topupView(topup).bundle?.code).toBe('024')
  })

  test('travels on a queue of its own, and so does the order to close it', () => {
    const shop = anOpenShop()
    const bundle = soldIn(shop.run(aBundle()))
    const topup = soldIn(shop.run(aTopup()))
    expect([fundsReserved(bundle).to, closeTopup(bundle).to]).toEqual(
      Array.from({ length: 2 }, () => ({ carrier: 'tpaga', kind: 'bundle' })),
    )
    expect([fundsReserved(topup).to, closeTopup(topup).to]).toEqual(
      Array.from({ length: 2 }, () => ({ carrier: 'tpaga', kind: 'topup' })),
    )
  })

  test('is no duplicate of a top-up of its price, nor of another package; of the same one it is', () => {
    const shop = anOpenShop()
    shop.run(aTopup())
    expect(shop.run(aBundle()).outcome.kind).toBe('reserved')
    const other = { provider: '3', code: '025', name: '300 MINUTOS' }
    expect(shop.run(aBundle({ bundle: other })).outcome.kind).toBe('reserved')
    const dearer = aBundle({ amount: money(1_100), carrierAmount: 1_100 })
    expect(refusalOf(shop.run(dearer))).toBe('DUPLICATE_SUSPECTED')
  })

  test('may be sold again once it was released', () => {
    const shop = anOpenShop()
    const first = aBundle()
    shop.run(first)
    shop.run(aVerdict(idOf(first), 'rejected'))
    expect(shop.run(aBundle()).outcome.kind).toBe('reserved')
  })
})
