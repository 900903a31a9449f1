import { describe, expect, it } from '@jest/globals'
import type { AttemptSummary } from '@recargas/contracts'
import type { Decision, Topup } from '../accounting/entities.ts'
import { aTopup, anOpenShop, idOf, start } from '../testing/builders.ts'
import { likelySales } from './likely-sales.ts'

const sold = (() => {
  const shop = anOpenShop()
  const sale = aTopup()
  shop.run(sale)
  const topup = shop.state.topups.get(idOf(sale))
  if (topup === undefined) throw new Error('not sold')
  return topup
})()

/** A sale named by its phone. */
const aSale = (phone: string, changed: Partial<Topup>): Topup => ({ ...sold, phone, ...changed })
const unclearRows = [8, 9]
const anAttempt = (row: number | undefined, lookup?: true): AttemptSummary => ({
  attempt: 1,
  startedAt: new Date(start).toISOString(),
  observed: 'seen',
  ...(row === undefined ? {} : { row, endedAt: new Date(start).toISOString() }),
  ...(row !== undefined && unclearRows.includes(row) ? { unclear: true } : {}),
  ...(lookup === undefined ? {} : { lookup }),
})
const byPerson = { isFinal: true } as Decision
const names = (sales: readonly Topup[]) => sales.map(({ phone }) => phone)

describe('the likely sales of a difference', () => {
  it('are, where the carrier took more, the released ones of that cost or with an unclear attempt, then those in review', () => {
    const released = { state: 'released' } as const
    const sales = [
      aSale('in review', { state: 'in-review', carrierAmount: 1 }),
      aSale('unclear', { ...released, carrierAmount: 1, attempts: [anAttempt(9)] }),
      aSale('in review, same', { state: 'in-review', carrierAmount: 500 }),
      aSale('same', { ...released, carrierAmount: 500, attempts: [anAttempt(2)] }),
      aSale('same and unclear', {
        ...released,
        carrierAmount: 500,
        attempts: [anAttempt(undefined)],
      }),
      aSale('neither', { ...released, carrierAmount: 1, attempts: [anAttempt(6)] }),
      aSale('only asked about', {
        ...released,
        carrierAmount: 1,
        attempts: [anAttempt(2), anAttempt(8, true)],
      }),
      aSale('committed', { state: 'committed', carrierAmount: 500 }),
    ]
    expect(names(likelySales(500, sales))).toEqual([
      'same and unclear',
      'same',
      'unclear',
      'in review, same',
      'in review',
    ])
  })

  it('are, when it took less, the committed ones of that cost, a person’s settlements first', () => {
    const committed = { state: 'committed' } as const
    const sales = [
      aSale('same', { ...committed, carrierAmount: 500 }),
      aSale('by a person', { ...committed, carrierAmount: 1, decision: byPerson }),
      aSale('same, in a case', {
        ...committed,
        carrierAmount: 500,
        cases: ['rejected-after-commit'],
      }),
      aSale('same, by a person', { ...committed, carrierAmount: 500, decision: byPerson }),
      aSale('another', { ...committed, carrierAmount: 1 }),
      aSale('released', { state: 'released', carrierAmount: 500 }),
    ]
    expect(names(likelySales(-500, sales))).toEqual([
      'same, by a person',
      'same, in a case',
      'same',
      'by a person',
    ])
  })
})
