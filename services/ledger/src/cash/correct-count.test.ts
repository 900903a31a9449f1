import { describe, expect, test } from '@jest/globals'
import { money } from '@recargas/contracts'
import { sessionKey } from '../accounting/ledger-view.ts'
import type { Operation } from '../accounting/operation.ts'
import {
  aCajaChange,
  aClosing,
  aCorrection,
  aMovement,
  anOpening,
  anOpenShop,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  refusalOf,
} from '../testing/builders.ts'

describe('correcting a mistyped count', () => {
  /** 400.00 lie in the drawer after the injection; the cashier types 4,000.00. */
  const aMistypedClosing = () => {
    const shop = anOpenShop()
    shop.run(aClosing({ counted: money(400_000) }))
    shop.wait(60_000)
    return shop
  }
  const right = (changed: Parameters<typeof aCorrection>[0] = {}) =>
    aCorrection({ counted: money(40_000), ...changed })
  const sessionOf = (shop: ReturnType<typeof anOpenShop>, id: number) =>
    shop.state.sessions.get(sessionKey(merchant, id))

  test('books the difference between both counts and leaves the closed figures', () => {
    const shop = aMistypedClosing()
    const closed = sessionOf(shop, 1)
    const applied = shop.run(right())
    expect(applied.entry).toMatchObject({ kind: 'correct-count', sessionId: 1 })
    expect(applied.entry?.lines.map(({ account, posted }) => [account, posted])).toEqual([
      ['principal/drawer/1', -360_000],
      ['principal/over-short', 360_000],
    ])
    const correction = {
      counted: 400_000,
      corrected: 40_000,
      difference: -360_000,
      reason: 'a digit too many',
      by: '1',
    }
    expect(applied.outcome).toMatchObject({
      result: { session: { counted: 400_000, difference: 360_000, corrections: [correction] } },
    })
    expect(sessionOf(shop, 1)).toEqual({
      ...closed,
      corrections: [expect.objectContaining(correction)],
    })
    expect(shop.account('over-short').posted).toBe(0)
    expect(shop.account('drawer/1').posted).toBe(40_000)
  })

  test('before the next opening it is part of it; the next closing finds nothing', () => {
    const shop = aMistypedClosing()
    shop.run(right())
    expect(shop.run(anOpening()).outcome).toMatchObject({
      result: { session: { opening: 40_000 } },
    })
    expect(shop.run(aClosing({ sessionId: 2, counted: money(40_000) })).outcome).toMatchObject({
      result: { session: { difference: 0 } },
    })
  })

  test('in an open session it is a line of that session, and its own user stays known as busy', () => {
    const shop = aMistypedClosing()
    shop.run(anOpening())
    const applied = shop.run(right())
    expect(applied.entry?.lines[0]).toMatchObject({ account: 'principal/drawer/1', session: 2 })
    expect(sessionOf(shop, 2)).toMatchObject({ opening: 400_000, income: 0, outgo: 360_000 })
    expect(refusalOf(shop.run(anOpening()))).toBe('USER_HAS_OPEN_SESSION')
    expect(shop.run(aClosing({ sessionId: 2, counted: money(40_000) })).outcome).toMatchObject({
      result: { session: { expected: 40_000, difference: 0 } },
    })
  })

  test('a correction is corrected again from the count that stands', () => {
    const shop = aMistypedClosing()
    shop.run(right({ counted: money(4_000) }))
    shop.run(right())
    expect(
      sessionOf(shop, 1)?.corrections?.map(({ counted, corrected }) => [counted, corrected]),
    ).toEqual([
      [400_000, 4_000],
      [4_000, 40_000],
    ])
    expect(shop.account('drawer/1').posted).toBe(40_000)
  })

  test('an amount that the drawer cannot bear is kept as its shortage, and found by the next count', () => {
    const shop = aMistypedClosing()
    shop.run(anOpening())
    shop.run(aMovement({ sessionId: 2, direction: 'out', amount: money(390_000) }))
    shop.run(right())
    expect(shop.account('drawer/1').posted).toBe(0)
    expect(shop.account('drawer-shortage/1').posted).toBe(-350_000)
    expect(shop.account('over-short').posted).toBe(0)
  })

  test('is taken for 24 hours, and not a millisecond longer', () => {
    const shop = aMistypedClosing()
    shop.wait(24 * 3_600_000 - 60_000)
    expect(shop.run(right()).outcome.kind).toBe('applied')
    shop.wait(1)
    expect(refusalOf(shop.run(right({ counted: money(1) })))).toBe('COUNT_TOO_OLD')
  })

  test.each<readonly [string, readonly Operation[], Parameters<typeof right>[0], string]>([
    ['of a session that there is not', [], { sessionId: 9 }, 'SESSION_NOT_FOUND'],
    ['of an open session', [anOpening()], { sessionId: 2 }, 'SESSION_NOT_CLOSED'],
    ['in another currency', [], { currency: 'COP' }, 'CURRENCY_MISMATCH'],
    ['that changes nothing', [], { counted: money(400_000) }, 'COUNT_UNCHANGED'],
    [
      'after the next closing',
      [anOpening(), aClosing({ sessionId: 2, counted: money(40_000) })],
      {},
      'CAJA_CLOSED_SINCE',
    ],
    ['after a counted opening', [anOpening({ declared: money(40_000) })], {}, 'CAJA_COUNTED_SINCE'],
    [
      'after a declared balance',
      [aCajaChange({ balance: money(40_000) })],
      {},
      'CAJA_COUNTED_SINCE',
    ],
    [
      'after a declared balance and an opening',
      [aCajaChange({ balance: money(40_000) }), anOpening()],
      {},
      'CAJA_COUNTED_SINCE',
    ],
    [
      'of a retired caja',
      [aCajaChange({ balance: money(0) }), aCajaChange({ active: false })],
      {},
      'CAJA_NOT_FOUND',
    ],
  ])('is refused %s', (_, before, changed, code) => {
    const shop = aMistypedClosing()
    before.forEach((operation) => shop.run(operation))
    const posted = shop.account('drawer/1').posted
    expect(refusalOf(shop.run(right(changed)))).toBe(code)
    expect(shop.account('drawer/1').posted).toBe(posted)
  })

  test('cash of a sale that settled between the sessions is no count', () => {
    const shop = anOpenShop()
    const sale = aTopup()
    shop.run(sale)
    shop.run(aClosing({ counted: money(401_050), acceptPending: true }))
    shop.run(aVerdict(idOf(sale), 'authorized'))
    shop.wait(1_000)
    shop.run(anOpening())
    shop.run(right({ counted: money(41_050) }))
    expect(shop.run(aClosing({ sessionId: 2, counted: money(41_050) })).outcome).toMatchObject({
      result: { session: { difference: 0 } },
    })
  })

  test('a session lists twenty corrections at most', () => {
    const shop = aMistypedClosing()
    for (let times = 1; times <= 20; times += 1) shop.run(right({ counted: money(times) }))
    expect(refusalOf(shop.run(right()))).toBe('COUNT_CORRECTED_TOO_OFTEN')
    expect(sessionOf(shop, 1)?.corrections).toHaveLength(20)
  })
})
