import { describe, expect, test } from '@jest/globals'
import { money } from '@recargas/contracts'
import {
  aCaja,
  aCajaChange,
  aClosing,
  administrator,
  aMovement,
  anInjection,
  anOpening,
  anOpenShop,
  aShop,
  aTopup,
  merchant,
  refusalOf,
} from '../testing/builders.ts'
import { sessionKey } from './ledger-view.ts'

const stranger = { userId: '3', username: 'x', role: 'Operador' } as const

describe('injecting float', () => {
  test('spends drawer cash and registers the operator with its own number', () => {
    const shop = anOpenShop()
    shop.run(anInjection({ operator: 'Entel' as never, amount: money(2_000) }))
    expect(shop.account('drawer/1').posted).toBe(38_000)
    expect(shop.account('float/Entel').posted).toBe(2_000)
    expect(shop.state.accounts.get(`${merchant}/float/Entel`)?.number).toBe(2)
  })

  test('takes the last centavo of the drawer and refuses one more', () => {
    const shop = anOpenShop()
    const tooMuch = shop.run(anInjection({ amount: money(40_001) }))
    expect(tooMuch.outcome).toMatchObject({
      code: 'INSUFFICIENT_DRAWER',
      details: { available: 40_000 },
    })
    expect(shop.run(anInjection({ amount: money(40_000) })).outcome.kind).toBe('applied')
  })

  test('cash of unsettled sales cannot be spent', () => {
    const shop = anOpenShop()
    shop.run(aTopup())
    expect(refusalOf(shop.run(anInjection({ amount: money(40_001) })))).toBe('INSUFFICIENT_DRAWER')
  })

  test('an unkeyed repeat within 120 s is suspected, a keyed one is another injection', () => {
    const shop = anOpenShop()
    expect(refusalOf(shop.run(anInjection()))).toBe('DUPLICATE_SUSPECTED')
    expect(shop.run(anInjection({ keyed: true })).outcome.kind).toBe('applied')
    shop.wait(120_000)
    expect(shop.run(anInjection()).outcome.kind).toBe('applied')
  })

  test("refuses another's session", () => {
    expect(refusalOf(anOpenShop().run(anInjection({ actor: stranger })))).toBe('SESSION_OF_ANOTHER')
  })
})

describe('opening a session', () => {
  test('a cashier opens with what the drawer holds, whatever they declare', () => {
    const shop = aShop([aCaja()])
    const opened = shop.run(anOpening({ declared: money(1) }))
    expect(opened.outcome).toMatchObject({ result: { session: { opening: 50_000, id: 1 } } })
  })

  test('an Administrador declares the opening and the difference is booked', () => {
    const shop = aShop([aCaja()])
    shop.run(anOpening({ declared: money(49_000), actor: administrator }))
    expect(shop.account('drawer/1').posted).toBe(49_000)
    expect(shop.account('over-short').posted).toBe(1_000)
  })

  test.each([
    ['an unknown caja', { cajaId: 9 }, 'CAJA_NOT_FOUND'],
    ['a second session of one user', { cajaId: 2 }, 'USER_HAS_OPEN_SESSION'],
    ['a second session of one caja', { userId: '7' }, 'CAJA_HAS_OPEN_SESSION'],
  ])('refuses %s', (_, changed, code) => {
    const shop = anOpenShop()
    shop.run(aCaja({ name: 'Caja 02' }))
    expect(refusalOf(shop.run(anOpening(changed)))).toBe(code)
  })
})

describe('closing a session', () => {
  test('books short cash at once and fixes the totals', () => {
    const shop = anOpenShop()
    const closed = shop.run(aClosing({ counted: money(39_950) }))
    expect(closed.outcome).toMatchObject({
      result: { session: { expected: 40_000, counted: 39_950, difference: -50, state: 'closed' } },
    })
    expect(shop.account('drawer/1').posted).toBe(39_950)
    expect(shop.account('over-short').posted).toBe(50)
  })

  test('pending cash is counted apart: over or short = counted - (expected + pending)', () => {
    const shop = anOpenShop()
    shop.run(aTopup())
    expect(shop.run(aClosing()).outcome).toMatchObject({
      code: 'SESSION_HAS_PENDING',
      details: { pending: 1_050 },
    })
    const closed = shop.run(aClosing({ counted: money(41_050), acceptPending: true }))
    expect(closed.outcome).toMatchObject({ result: { session: { difference: 0, pending: 1_050 } } })
    expect(shop.account('drawer/1')).toMatchObject({ posted: 40_000, incoming: 1_050 })
  })

  test('counting less than the pending cash never drives the drawer below zero', () => {
    const shop = anOpenShop()
    shop.run(aTopup())
    const closed = shop.run(aClosing({ counted: money(0), acceptPending: true }))
    expect(closed.outcome).toMatchObject({ result: { session: { difference: -41_050 } } })
    expect(shop.account('drawer/1').posted).toBe(0)
  })

  test.each([
    ['an unknown session', { sessionId: 9 }, 'SESSION_NOT_FOUND'],
    ["another's session", { actor: stranger }, 'SESSION_OF_ANOTHER'],
  ])('refuses %s', (_, changed, code) => {
    expect(refusalOf(anOpenShop().run(aClosing(changed)))).toBe(code)
  })

  test('a closed session cannot be closed again, and its user may open the next', () => {
    const shop = anOpenShop()
    shop.run(aClosing({ counted: money(40_000) }))
    expect(refusalOf(shop.run(aClosing()))).toBe('SESSION_ALREADY_CLOSED')
    expect(shop.run(anOpening()).outcome.kind).toBe('applied')
  })
})

describe('moving drawer cash', () => {
  test('in and out are booked against other income and other expense', () => {
    const shop = anOpenShop()
    shop.run(aMovement())
    shop.run(aMovement({ direction: 'out', amount: money(700) }))
    expect(shop.account('drawer/1').posted).toBe(39_800)
    expect(shop.account('other-income').posted).toBe(-500)
    expect(shop.account('other-expense').posted).toBe(700)
    expect(shop.state.sessions.get(sessionKey(merchant, 1))).toMatchObject({
      income: 500,
      outgo: 10_700,
    })
  })

  test.each([
    [
      'more than the drawer holds',
      { direction: 'out', amount: money(40_001) },
      'INSUFFICIENT_DRAWER',
    ],
    ['an unknown session', { sessionId: 9 }, 'SESSION_NOT_FOUND'],
    ["another's session", { actor: stranger }, 'SESSION_OF_ANOTHER'],
  ] as const)('refuses %s', (_, changed, code) => {
    expect(refusalOf(anOpenShop().run(aMovement(changed)))).toBe(code)
  })
})

describe('changing a caja', () => {
  test('a declared balance is booked, in the open session too, never just written', () => {
    const shop = anOpenShop()
    shop.run(aCajaChange({ balance: money(40_100), name: 'Caja Uno' }))
    expect(shop.account('drawer/1').posted).toBe(40_100)
    expect(shop.account('over-short').posted).toBe(-100)
    expect(shop.state.sessions.get(sessionKey(merchant, 1))).toMatchObject({ income: 100 })
  })

  test('a caja with an open session is not retired; retired it is not found', () => {
    const shop = anOpenShop()
    expect(refusalOf(shop.run(aCajaChange({ active: false })))).toBe('CAJA_HAS_OPEN_SESSION')
    shop.run(aClosing({ counted: money(40_000) }))
    shop.run(aCajaChange({ active: false }))
    expect(refusalOf(shop.run(anOpening()))).toBe('CAJA_NOT_FOUND')
  })
})
