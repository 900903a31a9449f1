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
  start,
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

  test('gives everything back on a rejection', () => {
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

  test('gives way to the carrier’s proof', () => {
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

describe('a sale that the adapter has closed without a decision of this ledger', () => {
  /** The decision was lost with the ledger's last minutes: the adapter still holds to it. */
  const closedUnasked = (verdict: VerdictKind = 'pending') => {
    const shop = anOpenShop()
    const sale = aTopup()
    shop.run(sale)
    return { shop, id: idOf(sale), applied: shop.run(closedAs(verdict, idOf(sale))) }
  }

  test.each(['pending', 'unresolved'] as const)(
    'goes in review with one case where it is %s: nobody would ask about it again',
    (verdict) => {
      const { shop, id, applied } = closedUnasked(verdict)
      expect(applied.entry).toMatchObject({ kind: 'review', lines: [] })
      expect(applied.changes.cases).toMatchObject([
        { kind: 'closed-without-decision', topupId: id, amount: 1_050 },
      ])
      expect(stateOf(shop, id)).toBe('in-review')
      expect(shop.account('float/Tigo')).toEqual(held)
      expect(shop.run(closedAs(verdict, id))).toMatchObject({ entry: null, changes: { cases: [] } })
    },
  )

  test('can be decided, and settles by the adapter’s next verdict', () => {
    const { shop, id } = closedUnasked()
    expect(shop.run(aDecision(id, 'rejected')).outcome).toMatchObject({
      result: { state: 'closing' },
    })
    shop.run(closedAs('pending', id))
    expect(stateOf(shop, id)).toBe('released')
    expect(shop.account('float/Tigo')).toEqual({ posted: 10_000, reserved: 0, incoming: 0 })
  })

  test('opens its case in review too, and none when the carrier’s verdict ends it', () => {
    const { shop, id } = inReview()
    const applied = shop.run(closedAs('pending', id))
    expect(applied.entry).toMatchObject({ kind: 'case', lines: [] })
    expect(applied.changes.cases).toHaveLength(1)
    expect(shop.run(closedAs('pending', id)).entry).toBeNull()

    const proven = closedUnasked('authorized')
    expect(stateOf(proven.shop, proven.id)).toBe('committed')
    expect(proven.applied.changes.cases).toEqual([])
    expect(stateOf(shop, id)).toBe('in-review')
  })
})

describe('a verdict between a decision and its acknowledgement', () => {
  const nextAt = new Date(start + 3_600_000).toISOString()
  const progressOf = (shop: Shop, id: string) => shop.state.topups.get(id)?.progressAt

  test.each([
    ['pending, with an hour to the next look', 'pending', { nextAt }],
    ['unresolved', 'unresolved', {}],
  ] as const)('that is %s does not delay the repeat of the order to close', (_, verdict, more) => {
    const { shop, id } = inReview()
    shop.wait(1_000)
    shop.run(aDecision(id, 'rejected'))
    const decidedAt = shop.at()
    shop.wait(1_000)
    shop.run(aVerdict(id, verdict, more))
    expect(progressOf(shop, id)).toBe(decidedAt)
  })

  test('counts as progress without a decision, or before a second person’s', () => {
    const { shop, id } = inReview()
    shop.run(aDecision(id, 'rejected', { fourEyes: true }))
    shop.run(aVerdict(id, 'pending', { nextAt }))
    expect(progressOf(shop, id)).toBe(start + 3_600_000)
  })
})

describe('with four eyes', () => {
  const four = { fourEyes: true }

  test('a decision counts once another person has confirmed it', () => {
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

  test('another person cannot confirm the opposite, and the proposer may change it', () => {
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

describe('a confirmation of a sale that a person carries out', () => {
  const leftToPerson = () => {
    const shop = anOpenShop()
    const sale = aTopup({ carrier: 'manual', terms: { confirmation: 'person' } })
    shop.run(sale)
    return { shop, id: idOf(sale) }
  }
  const confirmation = { confirmation: true, evidence: '0041873' } as const

  test('settles the sale before any review, once the adapter has closed it', () => {
    const { shop, id } = leftToPerson()
    shop.run(aVerdict(id, 'pending'))
    expect(shop.run(aDecision(id, 'authorized', confirmation)).outcome.kind).toBe('decided')
    expect(shop.account('float/Tigo')).toEqual(held)
    shop.run(closedAs('pending', id))
    expect(stateOf(shop, id)).toBe('committed')
    expect(shop.account('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
  })

  test('that it was not made gives everything back as the carrier’s own no', () => {
    const { shop, id } = leftToPerson()
    shop.run(aDecision(id, 'rejected', confirmation))
    shop.run(closedAs('pending', id))
    expect(shop.state.topups.get(id)).toMatchObject({
      state: 'released',
      releaseReason: 'CARRIER_REJECTED',
    })
    expect(shop.account('float/Tigo')).toEqual({ posted: 10_000, reserved: 0, incoming: 0 })
  })

  test('that comes with the end of the schedule needs no review', () => {
    const { shop, id } = leftToPerson()
    shop.run(aDecision(id, 'authorized', confirmation))
    shop.run(aVerdict(id, 'unresolved'))
    expect(stateOf(shop, id)).toBe('reserved')
    shop.run(closedAs('unresolved', id))
    expect(stateOf(shop, id)).toBe('committed')
  })

  test('is answered the same again, and moves nothing a second time', () => {
    const { shop, id } = leftToPerson()
    shop.run(aDecision(id, 'authorized', confirmation))
    shop.run(closedAs('pending', id))
    const again = shop.run(aDecision(id, 'authorized', confirmation))
    expect(again.outcome).toMatchObject({ kind: 'decided', result: { state: 'closing' } })
    expect(again.entry?.lines).toEqual([])
    shop.run(closedAs('pending', id))
    expect(shop.account('float/Tigo')).toEqual({ posted: 8_950, reserved: 0, incoming: 0 })
  })

  test('is refused for another word than the first, in review, and for a sale that nobody confirms', () => {
    const { shop, id } = leftToPerson()
    const refusal = (...decision: Parameters<typeof aDecision>) =>
      refusalOf(shop.run(aDecision(...decision)))
    shop.run(aDecision(id, 'authorized', confirmation))
    expect(refusal(id, 'rejected', confirmation)).toBe('TOPUP_NOT_CONFIRMABLE')
    expect(refusal(id, 'authorized', { ...confirmation, evidence: '2' })).toBe(
      'TOPUP_NOT_CONFIRMABLE',
    )
    const late = aTopup({
      carrier: 'manual',
      terms: { confirmation: 'person' },
      number: '70000001',
    })
    shop.run(late)
    shop.run(aVerdict(idOf(late), 'unresolved'))
    expect(refusal(idOf(late), 'authorized', confirmation)).toBe('TOPUP_NOT_CONFIRMABLE')
    const sent = aTopup({ number: '70000002' })
    shop.run(sent)
    expect(refusal(idOf(sent), 'authorized', confirmation)).toBe('TOPUP_NOT_CONFIRMABLE')
    expect(refusal(idOf(sent), 'authorized')).toBe('TOPUP_NOT_IN_REVIEW')
  })
})
