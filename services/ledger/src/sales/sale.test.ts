import { describe, expect, test } from '@jest/globals'
import { money, type OperatorName } from '@recargas/contracts'
import {
  aBundle,
  aCaja,
  aClosing,
  administrator,
  anOpening,
  anOpenShop,
  aRefusedPress,
  aShop,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  refusalOf,
} from '../testing/builders.ts'
import { noChanges, sessionKey } from '../accounting/ledger-view.ts'

const session = (shop: ReturnType<typeof anOpenShop>, id = 1) =>
  shop.state.sessions.get(sessionKey(merchant, id))

describe('reserving a sale', () => {
  test('holds float going out and cash coming in, and moves nothing posted', () => {
    const shop = anOpenShop()
    const applied = shop.run(aTopup())
    expect(applied.outcome.kind).toBe('reserved')
    expect(shop.account('float/Tigo')).toEqual({ posted: 10_000, reserved: 1_050, incoming: 0 })
    expect(shop.account('drawer/1')).toEqual({ posted: 40_000, reserved: 0, incoming: 1_050 })
    expect(session(shop)).toMatchObject({ income: 0, outgo: 10_000, pending: 1_050 })
  })

  test('sells exactly the available amount and refuses one centavo more', () => {
    const shop = anOpenShop()
    expect(refusalOf(shop.run(aTopup({ amount: money(10_001) })))).toBe('INSUFFICIENT_FLOAT')
    expect(shop.run(aTopup({ amount: money(10_000) })).outcome.kind).toBe('reserved')
    const refused = shop.run(aTopup({ amount: money(1), number: '70000001' }))
    expect(refused.outcome).toEqual({
      kind: 'refused',
      code: 'INSUFFICIENT_FLOAT',
      details: { operator: 'Tigo', available: 0 },
    })
  })

  test('a refusal changes no balance and is journalled without lines', () => {
    const shop = anOpenShop()
    const before = structuredClone([...shop.state.accounts])
    const refused = shop.run(aTopup({ amount: money(99_999) }))
    expect(refused.entry).toMatchObject({ kind: 'reserve', lines: [] })
    expect(refused.changes.accounts).toEqual([])
    expect([...shop.state.accounts]).toEqual(before)
  })

  test.each([
    ['an unknown session', { sessionId: 99 }, 'SESSION_NOT_OPEN'],
    [
      "another cashier's session",
      { actor: { userId: '3', username: 'x', role: 'Operador' } },
      'SESSION_OF_ANOTHER',
    ],
    [
      'an operator that was never injected',
      { operator: 'Viva' as OperatorName },
      'OPERATOR_NOT_REGISTERED',
    ],
    ["a currency that is not the merchant's", { currency: 'COP' }, 'CURRENCY_MISMATCH'],
  ] as const)('refuses %s', (_, changed, code) => {
    expect(refusalOf(anOpenShop().run(aTopup(changed)))).toBe(code)
  })

  test('journals its gateway’s refusal, without a line and without a check of the shop', () => {
    const refusal = { code: 'OPERATOR_NOT_OFFERED', details: { operator: 'Tigo' } } as const
    const refused = aShop([]).run(aRefusedPress({ refusal }))
    expect(refused.outcome).toEqual({ kind: 'refused', ...refusal })
    expect(refused.entry).toMatchObject({ kind: 'refuse', lines: [] })
    expect(refused.changes).toEqual(noChanges)
  })

  test('refuses a closed session, and an Administrador may sell on an open one of a cashier', () => {
    const shop = anOpenShop()
    expect(shop.run(aTopup({ actor: administrator })).outcome.kind).toBe('reserved')
    shop.run(aClosing({ acceptPending: true }))
    expect(refusalOf(shop.run(aTopup({ number: '70000002' })))).toBe('SESSION_NOT_OPEN')
  })
})

describe('the duplicate guard', () => {
  test('suspects the same number and amount within 120 s and names the earlier sale', () => {
    const shop = anOpenShop()
    const first = aTopup()
    shop.run(first)
    shop.wait(119_999)
    expect(shop.run(aTopup()).outcome).toEqual({
      kind: 'refused',
      code: 'DUPLICATE_SUSPECTED',
      details: { topupId: idOf(first), id: 1, state: 'reserved' },
    })
    shop.run(aVerdict(idOf(first), 'authorized'))
    expect(shop.run(aTopup()).outcome).toMatchObject({ details: { id: 1, state: 'committed' } })
    shop.wait(1)
    expect(shop.run(aTopup()).outcome.kind).toBe('reserved')
  })

  test('asks for as long as an equal sale is reserved or in review, and no longer', () => {
    const shop = anOpenShop()
    const first = aTopup()
    shop.run(first)
    shop.wait(24 * 3_600_000)
    expect(shop.run(aTopup()).outcome).toMatchObject({
      code: 'DUPLICATE_SUSPECTED',
      details: { topupId: idOf(first), id: 1, state: 'reserved' },
    })
    shop.run(aVerdict(idOf(first), 'pending'))
    shop.run(aVerdict(idOf(first), 'unresolved'))
    expect(shop.run(aTopup()).outcome).toMatchObject({
      code: 'DUPLICATE_SUSPECTED',
      details: { id: 1, state: 'in-review' },
    })
    expect(shop.run(aTopup({ amount: money(1_060) })).outcome.kind).toBe('reserved')
    shop.run(aVerdict(idOf(first), 'authorized'))
    expect(shop.run(aTopup()).outcome.kind).toBe('reserved')
  })

  test('asks again where a confirmed sale is over and the equal one before it is not', () => {
    const shop = anOpenShop()
    const [first, second] = [aBundle(), aBundle({ confirmDuplicate: true })]
    shop.run(first)
    shop.wait(200_000)
    expect(shop.run(second).outcome.kind).toBe('reserved')
    expect(shop.run(aBundle()).outcome).toMatchObject({ details: { topupId: idOf(second) } })
    shop.run(aVerdict(idOf(second), 'rejected'))
    expect(shop.run(aBundle()).outcome).toMatchObject({ details: { topupId: idOf(first) } })
    shop.run(aVerdict(idOf(first), 'rejected'))
    expect(shop.run(aBundle()).outcome.kind).toBe('reserved')
  })

  test('lets a confirmed duplicate through, and another amount or number', () => {
    const shop = anOpenShop()
    shop.run(aTopup())
    expect(shop.run(aTopup({ confirmDuplicate: true })).outcome.kind).toBe('reserved')
    expect(shop.run(aTopup({ amount: money(1_060) })).outcome.kind).toBe('reserved')
    expect(shop.run(aTopup({ number: '70000003' })).outcome.kind).toBe('reserved')
  })

  test('forgets a released sale but not the other one of the same number and amount', () => {
    const shop = anOpenShop()
    const [first, second] = [aTopup(), aTopup({ confirmDuplicate: true })]
    shop.run(first)
    shop.run(second)
    shop.run(aVerdict(idOf(second), 'rejected'))
    expect(refusalOf(shop.run(aTopup()))).toBe('DUPLICATE_SUSPECTED')
    shop.run(aVerdict(idOf(first), 'rejected'))
    expect(shop.run(aTopup()).outcome.kind).toBe('reserved')
  })
})

describe('settling a sale', () => {
  const sold = () => {
    const shop = anOpenShop()
    const topup = aTopup()
    shop.run(topup)
    return { shop, id: idOf(topup) }
  }

  test('authorized commits both sides', () => {
    const { shop, id } = sold()
    expect(shop.run(aVerdict(id, 'authorized')).entry).toMatchObject({
      kind: 'commit',
      resolves: id,
    })
    expect(shop.account('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
    expect(shop.account('drawer/1')).toEqual({ posted: 41_050, reserved: 0, incoming: 0 })
    expect(session(shop)).toMatchObject({ income: 1_050, pending: 0 })
  })

  test.each([
    ['rejected', 'CARRIER_REJECTED'],
    ['not-sent', 'CARRIER_UNAVAILABLE'],
    ['invalid', 'CARRIER_INVALID'],
    ['misconfigured', 'CARRIER_MISCONFIGURED'],
  ] as const)('%s gives everything back and says why', (verdict, releaseReason) => {
    const { shop, id } = sold()
    shop.run(aVerdict(id, verdict))
    expect(shop.state.topups.get(id)).toMatchObject({ state: 'released', releaseReason })
    expect(shop.account('float/Tigo')).toEqual({ posted: 10_000, reserved: 0, incoming: 0 })
    expect(shop.account('drawer/1')).toEqual({ posted: 40_000, reserved: 0, incoming: 0 })
    expect(session(shop)).toMatchObject({ income: 0, pending: 0 })
  })

  test.each([
    ['price-changed', 'BUNDLE_PRICE_CHANGED'],
    ['price-unconfirmed', 'BUNDLE_PRICE_UNCONFIRMED'],
    ['not-offered', 'BUNDLE_NOT_OFFERED'],
  ] as const)('a bundle withheld as %s gives everything back and says why', (withheld, reason) => {
    const shop = anOpenShop()
    const bundle = aBundle()
    shop.run(bundle)
    shop.run(aVerdict(idOf(bundle), 'not-sent', { withheld }))
    expect(shop.state.topups.get(idOf(bundle))).toMatchObject({
      state: 'released',
      releaseReason: reason,
    })
    expect(shop.account('float/Tigo')).toEqual({ posted: 10_000, reserved: 0, incoming: 0 })
  })

  test.each(['pending', 'unresolved'] as const)('%s keeps the money held', (verdict) => {
    const { shop, id } = sold()
    expect(shop.run(aVerdict(id, verdict)).outcome.kind).toBe('held')
    expect(shop.account('float/Tigo').reserved).toBe(1_050)
    expect(shop.state.topups.get(id)?.state).toBe(verdict === 'pending' ? 'reserved' : 'in-review')
  })

  test('a verdict published twice has one effect', () => {
    const { shop, id } = sold()
    shop.run(aVerdict(id, 'authorized'))
    const before = structuredClone([...shop.state.accounts])
    expect(shop.run(aVerdict(id, 'authorized')).entry).toBeNull()
    expect(shop.run(aVerdict(id, 'pending')).entry).toBeNull()
    expect([...shop.state.accounts]).toEqual(before)
  })

  test('authorized after a release is booked as a correction with a case, never dropped', () => {
    const { shop, id } = sold()
    shop.run(aVerdict(id, 'rejected'))
    const late = shop.run(aVerdict(id, 'authorized'))
    expect(late.entry?.kind).toBe('correct')
    expect(late.changes.cases).toMatchObject([{ kind: 'authorized-after-release', amount: 1_050 }])
    expect(shop.account('float/Tigo').posted).toBe(8_950)
    expect(shop.account('over-short').posted).toBe(1_050)
    expect(shop.state.topups.get(id)?.state).toBe('committed')
  })

  test('a correction that the float cannot bear is owed to the carrier', () => {
    const { shop, id } = sold()
    shop.run(aVerdict(id, 'rejected'))
    shop.run(aTopup({ amount: money(9_500), number: '70000009' }))
    expect(shop.run(aVerdict(id, 'authorized')).entry?.kind).toBe('correct')
    expect(shop.account('float/Tigo')).toMatchObject({ posted: 9_500, reserved: 9_500 })
    expect(shop.account('carrier-discrepancy').posted).toBe(-550)
  })

  test('rejected after a commit moves nothing and opens one case', () => {
    const { shop, id } = sold()
    shop.run(aVerdict(id, 'authorized'))
    const denied = shop.run(aVerdict(id, 'rejected'))
    expect(denied.entry).toMatchObject({ kind: 'case', lines: [] })
    expect(denied.changes.cases).toHaveLength(1)
    expect(shop.run(aVerdict(id, 'rejected')).changes.cases).toHaveLength(0)
    expect(shop.state.topups.get(id)?.state).toBe('committed')
  })

  test('authorized with another amount than was sent commits at our values and opens one case', () => {
    const { shop, id } = sold()
    const differing = aVerdict(id, 'authorized', { differs: ['amount'] })
    const committed = shop.run(differing)
    expect(committed.entry?.kind).toBe('commit')
    expect(committed.changes.cases).toMatchObject([{ kind: 'echo-differs', amount: 1_050 }])
    expect(shop.account('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
    expect(shop.run(differing)).toMatchObject({ entry: null, changes: { cases: [] } })
    expect(shop.run(aVerdict(id, 'rejected')).changes.cases).toMatchObject([
      { kind: 'rejected-after-commit' },
    ])
  })

  test('an answer that differs is a case of its own beside a correction, and after a commit', () => {
    const late = sold()
    late.shop.run(aVerdict(late.id, 'rejected'))
    const corrected = late.shop.run(aVerdict(late.id, 'authorized', { differs: ['number'] }))
    expect(corrected.entry?.kind).toBe('correct')
    expect(corrected.changes.cases.map(({ kind }) => kind)).toEqual([
      'authorized-after-release',
      'echo-differs',
    ])
    expect(late.shop.run(aVerdict(late.id, 'rejected')).changes.cases).toEqual([])

    const { shop, id } = sold()
    shop.run(aVerdict(id, 'authorized'))
    const before = structuredClone([...shop.state.accounts])
    const seen = shop.run(aVerdict(id, 'authorized', { differs: ['number'] }))
    expect(seen.entry).toMatchObject({ kind: 'case', lines: [] })
    expect(seen.changes.cases).toMatchObject([{ kind: 'echo-differs' }])
    expect([...shop.state.accounts]).toEqual(before)
  })

  test("after its session closed, the cash is an INGRESO of the caja's open session", () => {
    const { shop, id } = sold()
    shop.run(aClosing({ counted: money(41_050), acceptPending: true }))
    const closed = session(shop)
    shop.run(anOpening())
    shop.run(aVerdict(id, 'authorized'))
    expect(session(shop)).toEqual(closed)
    expect(session(shop, 2)).toMatchObject({ opening: 40_000, income: 1_050, pending: 0 })
    expect(shop.account('drawer/1')).toMatchObject({ posted: 41_050, incoming: 0 })
  })

  test('between sessions the cash is part of the next opening; a release moves no posted cash', () => {
    const { shop, id } = sold()
    shop.run(aTopup({ number: '70000004' }))
    shop.run(aClosing({ counted: money(42_100), acceptPending: true }))
    shop.run(aVerdict(id, 'authorized'))
    expect(shop.account('drawer/1')).toMatchObject({ posted: 41_050, incoming: 1_050 })
    const opened = shop.run(anOpening())
    expect(opened.outcome).toMatchObject({ result: { session: { opening: 41_050 } } })
  })
})

test("one merchant's caja never shows in another's", () => {
  const shop = anOpenShop()
  shop.run(aCaja({ merchant: 'bogota' as never, currency: 'COP' }))
  expect(
    refusalOf(shop.run(anOpening({ merchant: 'bogota' as never, currency: 'COP', cajaId: 2 }))),
  ).toBe('CAJA_NOT_FOUND')
})
