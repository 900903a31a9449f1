import { describe, expect, test } from '@jest/globals'
import type { Actor, MerchantId, VerdictKind } from '@recargas/contracts'
import {
  aDecision,
  anId,
  anOpenShop,
  aTopup,
  aVerdict,
  idOf,
  refusalOf,
  type Shop,
} from '../testing/builders.ts'

const second: Actor = { userId: '8', username: 'luz', role: 'Administrador' }

/** A shop with one sale that no machine could settle. */
const inReview = () => {
  const shop = anOpenShop()
  const sale = aTopup()
  shop.run(sale)
  shop.run(aVerdict(idOf(sale), 'unresolved'))
  return { shop, id: idOf(sale) }
}
const closedAs = (verdict: VerdictKind, id: ReturnType<typeof idOf>) =>
  aVerdict(id, verdict, { closed: true })
const stateOf = (shop: Shop, id: string) => shop.state.topups.get(id)?.state
const held = { posted: 10_000, reserved: 1_050, incoming: 0 }

describe('a decision on a sale in review', () => {
  test('moves nothing until the adapter has closed the sale', () => {
    const { shop, id } = inReview()
    const decided = shop.run(aDecision(id, 'authorized'))
    expect(decided.outcome).toMatchObject({
      kind: 'decided',
      result: { kind: 'resolution', state: 'closing' },
    })
    expect(decided.entry).toMatchObject({ kind: 'decide', topupId: id, lines: [] })
    expect(shop.account('float/Tigo')).toEqual(held)
    shop.run(aVerdict(id, 'unresolved'))
    expect(stateOf(shop, id)).toBe('in-review')
    shop.run(closedAs('unresolved', id))
    expect(stateOf(shop, id)).toBe('committed')
    expect(shop.account('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
  })

  test('gives everything back when it says rejected', () => {
    const { shop, id } = inReview()
    shop.run(aDecision(id, 'rejected'))
    shop.run(closedAs('pending', id))
    expect(shop.state.topups.get(id)).toMatchObject({
      state: 'released',
      releaseReason: 'RESOLVED_AS_REJECTED',
      decision: { evidence: 'ticket 4711', by: { userId: '1' } },
    })
    expect(shop.account('float/Tigo')).toEqual({ posted: 10_000, reserved: 0, incoming: 0 })
    expect(shop.account('drawer/1')).toEqual({ posted: 40_000, reserved: 0, incoming: 0 })
  })

  test('gives way to what the carrier has proven meanwhile', () => {
    const { shop, id } = inReview()
    shop.run(aDecision(id, 'rejected'))
    shop.run(closedAs('authorized', id))
    expect(stateOf(shop, id)).toBe('committed')
  })

  test('that was wrong is corrected by the late truth, with a case', () => {
    const { shop, id } = inReview()
    shop.run(aDecision(id, 'rejected'))
    shop.run(closedAs('unresolved', id))
    const corrected = shop.run(aVerdict(id, 'authorized'))
    expect(corrected.entry).toMatchObject({ kind: 'correct' })
    expect(corrected.changes.cases).toMatchObject([{ kind: 'authorized-after-release' }])
    expect(shop.account('float/Tigo').posted).toBe(8_950)
  })

  test('is refused for a sale that is unknown, another shop’s, not in review, or decided', () => {
    const { shop, id } = inReview()
    const refusal = (...decision: Parameters<typeof aDecision>) =>
      refusalOf(shop.run(aDecision(...decision)))
    expect(refusal(anId(), 'rejected')).toBe('TOPUP_UNKNOWN')
    expect(refusal(id, 'rejected', { merchant: 'bogota' as MerchantId })).toBe('TOPUP_UNKNOWN')
    const sale = aTopup({ number: '71111111' })
    shop.run(sale)
    expect(refusal(idOf(sale), 'rejected')).toBe('TOPUP_NOT_IN_REVIEW')
    shop.run(aDecision(id, 'rejected'))
    expect(refusal(id, 'authorized')).toBe('TOPUP_NOT_IN_REVIEW')
    expect(shop.state.topups.get(id)?.decision?.result).toBe('rejected')
  })
})

describe('with four eyes', () => {
  const four = { fourEyes: true }

  test('a decision counts once another person has said the same', () => {
    const { shop, id } = inReview()
    expect(shop.run(aDecision(id, 'rejected', four)).outcome).toMatchObject({
      result: { state: 'awaiting-second-person' },
    })
    shop.run(closedAs('unresolved', id))
    expect(stateOf(shop, id)).toBe('in-review')
    expect(refusalOf(shop.run(aDecision(id, 'rejected', four)))).toBe(
      'DECISION_NEEDS_ANOTHER_PERSON',
    )
    expect(shop.run(aDecision(id, 'rejected', { ...four, actor: second })).outcome).toMatchObject({
      result: { state: 'closing' },
    })
    expect(shop.state.topups.get(id)?.decision).toMatchObject({
      by: { userId: '1' },
      confirmedBy: { userId: '8' },
      isFinal: true,
    })
    shop.run(closedAs('unresolved', id))
    expect(stateOf(shop, id)).toBe('released')
  })

  test('another person cannot confirm the opposite, and whoever proposed may think again', () => {
    const { shop, id } = inReview()
    shop.run(aDecision(id, 'rejected', four))
    expect(refusalOf(shop.run(aDecision(id, 'authorized', { ...four, actor: second })))).toBe(
      'DECISION_DIFFERS',
    )
    shop.run(aDecision(id, 'authorized', four))
    shop.run(aDecision(id, 'authorized', { ...four, actor: second }))
    shop.run(closedAs('unresolved', id))
    expect(stateOf(shop, id)).toBe('committed')
  })
})
