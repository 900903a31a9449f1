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
  aVerdict,
  idOf,
  merchant,
  refusalOf,
  type Shop,
} from '../testing/builders.ts'
import { sessionKey } from '../accounting/ledger-view.ts'

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
  const refusing = { timeZone: 'America/La_Paz', openingCount: 'refuse' as const }

  test('without a count it opens with the drawer’s cash', () => {
    const shop = aShop([aCaja()])
    expect(shop.run(anOpening()).outcome).toMatchObject({
      result: {
        session: { opening: 50_000, id: 1, openingCounted: null, openingDifference: null },
      },
    })
  })

  test.each([
    ['a cashier', {}],
    ['an Administrador', { actor: administrator }],
    ['an Administrador of a shop that refuses', { actor: administrator, shop: refusing }],
  ])("the count of %s is booked as the opening's over or short", (_, changed) => {
    const shop = aShop([aCaja()])
    expect(shop.run(anOpening({ declared: money(48_000), ...changed })).outcome).toMatchObject({
      result: {
        session: { opening: 48_000, openingCounted: 48_000, openingDifference: -2_000 },
      },
    })
    expect(shop.account('drawer/1').posted).toBe(48_000)
    expect(shop.account('over-short').posted).toBe(2_000)
    expect(shop.run(aClosing({ counted: money(48_000) })).outcome).toMatchObject({
      result: { session: { expected: 48_000, difference: 0 } },
    })
  })

  test('an empty drawer that was counted is another thing than one that was not', () => {
    const shop = aShop([aCaja()])
    expect(shop.run(anOpening({ declared: money(0) })).outcome).toMatchObject({
      result: { session: { opening: 0, openingCounted: 0, openingDifference: -50_000 } },
    })
  })

  test('a shop that refuses differences opens no session on one, and opens on the exact count', () => {
    const shop = aShop([aCaja()])
    const refused = shop.run(anOpening({ declared: money(48_000), shop: refusing }))
    expect(refused).toMatchObject({
      outcome: {
        code: 'OPENING_COUNT_DIFFERS',
        details: { counted: 48_000, inDrawer: 50_000 },
      },
      entry: { lines: [] },
    })
    expect(shop.state.sessions.size).toBe(0)
    expect(shop.run(anOpening({ declared: money(50_000), shop: refusing })).outcome).toMatchObject({
      result: { session: { id: 1, openingDifference: 0 } },
    })
  })

  test('in another currency than the drawer’s is refused', () => {
    const shop = aShop([aCaja()])
    expect(refusalOf(shop.run(anOpening({ currency: 'COP' })))).toBe('CURRENCY_MISMATCH')
    expect(shop.state.sessions.size).toBe(0)
    expect(shop.run(anOpening()).outcome.kind).toBe('applied')
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

  test('counting less than the pending cash never drives the drawer below zero, and is short once', () => {
    const shop = anOpenShop()
    shop.run(aTopup())
    const closed = shop.run(aClosing({ counted: money(0), acceptPending: true }))
    expect(closed.outcome).toMatchObject({ result: { session: { difference: -41_050 } } })
    expect(shop.account('drawer/1').posted).toBe(0)
    expect(shop.account('over-short').posted).toBe(41_050)
    shop.run(anOpening())
    expect(shop.run(aClosing({ sessionId: 2, counted: money(0) })).outcome).toMatchObject({
      result: {
        session: { expected: -1_050, pendingEarlier: 1_050, shortage: 1_050, difference: 0 },
      },
    })
  })

  test('in another currency than the session’s is refused', () => {
    const shop = anOpenShop()
    expect(refusalOf(shop.run(aClosing({ currency: 'COP' })))).toBe('CURRENCY_MISMATCH')
    expect(shop.run(aClosing({ counted: money(40_000) })).outcome.kind).toBe('applied')
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

  test('a declared balance is a count: cash of pending sales lies in it and is no surplus', () => {
    const shop = anOpenShop()
    shop.run(aTopup())
    expect(shop.run(aCajaChange({ balance: money(41_050) })).outcome).toMatchObject({
      result: { caja: { balance: 40_000, incoming: 1_050 } },
    })
    expect(shop.account('over-short').posted).toBe(0)
    shop.run(aCajaChange({ balance: money(41_000) }))
    expect(shop.account('over-short').posted).toBe(50)
    expect(
      shop.run(aClosing({ counted: money(41_000), acceptPending: true })).outcome,
    ).toMatchObject({ result: { session: { expected: 39_950, difference: 0 } } })
  })

  test('in another currency than the drawer’s is refused, and so is a caja or a movement', () => {
    const shop = anOpenShop()
    for (const operation of [
      aCajaChange({ balance: money(1), currency: 'COP' }),
      aCaja({ currency: 'COP' }),
      aMovement({ currency: 'COP' }),
    ]) {
      expect(refusalOf(shop.run(operation))).toBe('CURRENCY_MISMATCH')
    }
    expect(shop.account('drawer/1').posted).toBe(40_000)
  })
})

describe('retiring a caja', () => {
  test('waits for its session; retired it is not found', () => {
    const shop = anOpenShop()
    expect(refusalOf(shop.run(aCajaChange({ active: false })))).toBe('CAJA_HAS_OPEN_SESSION')
    shop.run(aMovement({ direction: 'out', amount: money(40_000) }))
    shop.run(aClosing({ counted: money(0) }))
    expect(shop.run(aCajaChange({ active: false })).outcome.kind).toBe('applied')
    expect(refusalOf(shop.run(anOpening()))).toBe('CAJA_NOT_FOUND')
  })

  test('is refused while it holds cash or a sale is pending, and names both', () => {
    const shop = anOpenShop()
    const sale = aTopup()
    shop.run(sale)
    shop.run(aClosing({ counted: money(41_050), acceptPending: true }))
    const retire = (changed: object = {}) =>
      shop.run(aCajaChange({ active: false, ...changed })).outcome
    expect(retire()).toMatchObject({
      code: 'CAJA_NOT_EMPTY',
      details: { cajaId: 1, balance: 40_000, pending: 1_050 },
    })
    shop.run(aCajaChange({ balance: money(1_050) }))
    expect(retire()).toMatchObject({ details: { balance: 0, pending: 1_050 } })
    shop.run(aVerdict(idOf(sale), 'authorized'))
    expect(retire()).toMatchObject({ details: { balance: 1_050, pending: 0 } })
    expect(retire({ balance: money(0) })).toMatchObject({ code: 'CAJA_NOT_EMPTY' })
    shop.run(aCajaChange({ balance: money(0) }))
    expect(retire({ balance: money(7) })).toMatchObject({ code: 'CAJA_NOT_EMPTY' })
    expect(retire().kind).toBe('applied')
    expect(shop.account('drawer/1')).toEqual({ posted: 0, reserved: 0, incoming: 0 })
  })
})

describe('three sessions of one caja with sales pending over all of them', () => {
  const session = (shop: Shop, id: number) => shop.state.sessions.get(sessionKey(merchant, id))
  const settled = [
    ['authorized', 1_050],
    ['rejected', 0],
  ] as const

  /** Sells, closes over it, opens the next; the same again. Each count is exact. */
  const overTwoShifts = () => {
    const shop = anOpenShop()
    const first = aTopup()
    const second = aTopup({
      sessionId: 2,
      amount: money(700),
      carrierAmount: 700,
      number: '70000001',
    })
    shop.run(first)
    const close = (sessionId: number, counted: number, acceptPending = true) =>
      shop.run(aClosing({ sessionId, counted: money(counted), acceptPending })).outcome
    const differences = [close(1, 41_050)]
    shop.run(anOpening())
    shop.run(second)
    differences.push(close(2, 41_750))
    shop.run(anOpening())
    return { shop, first, second, close, differences }
  }

  test('an exact count is neither over nor short in any of them, and earlier sales block no closing', () => {
    const { close, differences } = overTwoShifts()
    expect(differences).toMatchObject([
      { result: { session: { expected: 40_000, pending: 1_050, pendingEarlier: 0 } } },
      { result: { session: { expected: 40_000, pending: 700, pendingEarlier: 1_050 } } },
    ])
    expect(close(3, 41_750, false)).toMatchObject({
      result: {
        session: { expected: 40_000, pending: 0, pendingEarlier: 1_750, difference: 0 },
      },
    })
    for (const one of differences)
      expect(one).toMatchObject({ result: { session: { difference: 0 } } })
  })

  test.each(settled)(
    'a later commit is income of the open session and a release is cash handed back: %s',
    (verdict, income) => {
      const { shop, first, second, close } = overTwoShifts()
      const closed = [session(shop, 1), session(shop, 2)]
      const ended = shop.run(aVerdict(idOf(first), verdict))
      expect(ended.entry).toMatchObject({ sessionId: 3 })
      expect(shop.account('drawer/1')).toMatchObject({ posted: 40_000 + income, incoming: 700 })
      expect(session(shop, 3)).toMatchObject({ income, outgo: 0, pending: 0, pendingEarlier: 700 })
      expect([session(shop, 1), session(shop, 2)]).toEqual(closed)
      const counted = 40_000 + income + 700
      expect(close(3, counted)).toMatchObject({ result: { session: { difference: 0 } } })
      shop.run(aVerdict(idOf(second), verdict))
      expect(shop.account('drawer/1').incoming).toBe(0)
      expect(shop.account('over-short').posted).toBe(0)
    },
  )

  test.each(settled)(
    'a sale settled between sessions belongs to the next opening and is no difference: %s',
    (verdict, income) => {
      const { shop, first, close } = overTwoShifts()
      close(3, 41_750)
      expect(shop.run(aVerdict(idOf(first), verdict)).entry).toMatchObject({ sessionId: 3 })
      shop.run(anOpening({ declared: money(40_000 + income + 700) }))
      expect(session(shop, 4)).toMatchObject({
        previous: 3,
        opening: 40_000 + income,
        openingDifference: 0,
        pendingEarlier: 700,
      })
    },
  )
})
