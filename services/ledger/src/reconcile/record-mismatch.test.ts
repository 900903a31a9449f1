import { describe, expect, it } from '@jest/globals'
import { anId, anOpenShop, merchant, start } from '../testing/builders.ts'

describe('a carrier balance that no sale explains', () => {
  it('becomes a case of its own, tied to no sale, and moves no balance', () => {
    const shop = anOpenShop()
    const operationId = anId()
    const likely = [anId()]
    const { entry, changes, outcome } = shop.run({
      type: 'CarrierMismatch',
      data: {
        operationId,
        merchant,
        currency: 'BOB',
        carrierAmount: -700,
        from: new Date(start).toISOString(),
        to: new Date(start + 1_000).toISOString(),
        likely,
      },
    })
    expect(entry).toMatchObject({ id: operationId, kind: 'case', topupId: null, lines: [] })
    expect(changes.accounts).toEqual([])
    expect(changes.cases).toMatchObject([
      { kind: 'carrier-balance-differs', carrierAmount: -700, from: start, likely },
    ])
    expect(outcome).toEqual({ kind: 'case-opened' })
  })
})
