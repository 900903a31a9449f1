import { describe, expect, test } from '@jest/globals'
import { money, type OperatorName } from '@recargas/contracts'
import {
  aBundle,
  administrator,
  anInjection,
  anOpenShop,
  aTopup,
  aVerdict,
  idOf,
  policy,
  refusalOf,
  someLimits,
  type Shop,
} from '../testing/builders.ts'
import { forgetProjected, memoryOf } from './memory.ts'
import { merge, emptyState } from '../accounting/ledger-view.ts'
import type { Limits } from '../accounting/limits.ts'

const hourMs = 3_600_000
const shopWith = (limits: Partial<Limits>): Shop =>
  anOpenShop({ ...policy, limits: someLimits(limits) })
const at100 = (number: string) => aTopup({ number, amount: money(100) })

describe('a limit of a day', () => {
  test('may be reached exactly, in sales, and no sale more', () => {
    const shop = shopWith({ cashier: { count: 2, amount: 0 } })
    expect(shop.run(at100('70000001')).outcome.kind).toBe('reserved')
    expect(shop.run(at100('70000002')).outcome.kind).toBe('reserved')
    const refused = shop.run(at100('70000003'))
    expect(refused).toMatchObject({
      entry: { kind: 'reserve', lines: [] },
      outcome: {
        kind: 'refused',
        code: 'LIMIT_REACHED',
        details: { limit: 'cashier', of: 'count', max: 2 },
      },
    })
    expect(refused.changes.usages).toEqual([])
    expect(shop.run(aTopup({ actor: administrator })).outcome.kind).toBe('reserved')
  })

  test('may be reached exactly, in money, and no centavo more', () => {
    const shop = shopWith({ operator: { count: 0, amount: 2_100 } })
    shop.run(aTopup({ number: '70000001' }))
    expect(shop.run(aTopup({ number: '70000002', amount: money(1_051) })).outcome).toMatchObject({
      code: 'LIMIT_REACHED',
      details: { limit: 'operator', of: 'amount', max: 2_100 },
    })
    expect(shop.run(aTopup({ number: '70000002' })).outcome.kind).toBe('reserved')
    expect(refusalOf(shop.run(aTopup({ number: '7', amount: money(1) })))).toBe('LIMIT_REACHED')
  })

  test('counts each number and each operator on its own, and bundles like top-ups', () => {
    const shop = shopWith({ number: { count: 2, amount: 0 }, operator: { count: 3, amount: 0 } })
    shop.run(aTopup())
    expect(shop.run(aBundle()).outcome.kind).toBe('reserved')
    const limitOf = (sale: Parameters<Shop['run']>[0]) => shop.run(sale).outcome
    expect(limitOf(aTopup({ amount: money(7) }))).toMatchObject({ details: { limit: 'number' } })
    expect(limitOf(aBundle({ confirmDuplicate: true }))).toMatchObject({
      details: { limit: 'number' },
    })
    expect(limitOf(aTopup({ number: '70000001' })).kind).toBe('reserved')
    expect(limitOf(aTopup({ number: '70000002' }))).toMatchObject({
      details: { limit: 'operator' },
    })
    const viva = 'Viva' as OperatorName
    shop.run(anInjection({ operator: viva }))
    expect(limitOf(aTopup({ number: '70000002', operator: viva })).kind).toBe('reserved')
  })

  test('a release gives back, a sale that is final or still unclear does not', () => {
    const shop = shopWith({ cashier: { count: 2, amount: 0 } })
    const [sold, unclear] = [at100('70000001'), at100('70000002')]
    shop.run(sold)
    shop.run(unclear)
    shop.run(aVerdict(idOf(sold), 'authorized'))
    shop.run(aVerdict(idOf(unclear), 'unresolved'))
    expect(refusalOf(shop.run(at100('70000003')))).toBe('LIMIT_REACHED')
    shop.run(aVerdict(idOf(unclear), 'rejected'))
    expect(shop.run(at100('70000004')).outcome.kind).toBe('reserved')
    expect(refusalOf(shop.run(at100('70000005')))).toBe('LIMIT_REACHED')
  })

  test('a late correction is booked although the limit is reached, and takes nothing of it', () => {
    const shop = shopWith({ cashier: { count: 1, amount: 0 } })
    const late = at100('70000001')
    shop.run(late)
    shop.run(aVerdict(idOf(late), 'rejected'))
    expect(shop.run(aVerdict(idOf(late), 'authorized')).entry?.kind).toBe('correct')
    expect(shop.run(at100('70000002')).outcome.kind).toBe('reserved')
    expect(refusalOf(shop.run(at100('70000003')))).toBe('LIMIT_REACHED')
  })

  test('begins anew with the day of the shop; a release of the day before is credited to that day', () => {
    const shop = shopWith({ cashier: { count: 1, amount: 0 } })
    // Requested at any time of the shop, which opens at 4:00 in La Paz.
    const asked = (number: string) =>
      aTopup({ number, amount: money(100), requestedAt: new Date(shop.at()).toISOString() })
    const yesterday = asked('70000001')
    shop.run(yesterday)
    shop.wait(20 * hourMs - 1)
    expect(refusalOf(shop.run(asked('70000002')))).toBe('LIMIT_REACHED')
    const beforeMidnight = asked('70000005')
    shop.wait(1)
    expect(shop.run(asked('70000003')).outcome.kind).toBe('reserved')
    shop.run(aVerdict(idOf(yesterday), 'rejected'))
    expect(refusalOf(shop.run(asked('70000004')))).toBe('LIMIT_REACHED')
    // The sale's day is that of its request, as a history shows it.
    expect(shop.run(beforeMidnight).outcome.kind).toBe('reserved')
  })

  test('nothing is counted where no limit is set', () => {
    const shop = anOpenShop()
    const sale = aTopup()
    shop.run(sale)
    shop.run(aVerdict(idOf(sale), 'rejected'))
    expect(shop.state.usages.size).toBe(0)
  })

  test('the writer forgets the days that are past in every zone', () => {
    const shop = shopWith({ cashier: { count: 9, amount: 0 } })
    const memory = memoryOf(emptyState(), { position: 0, refusedUntil: 0 }, shop.at())
    const { usages } = memory.state
    const commit = (number: string): void => {
      merge(memory.state, shop.run(at100(number)).changes)
      const now = shop.at()
      forgetProjected(memory, { projected: 0, now, duplicateWindowMs: 0, operationsKeptMs: 0 })
    }
    const days = () => [...new Set([...usages.values()].map(({ day }) => day))]
    commit('70000001')
    commit('70000002')
    expect([usages.size, days()]).toEqual([4, ['2026-11-21']])
    // 13:00 UTC of the day after: on the last islands to see it end the day has been over for an hour.
    shop.wait(29 * hourMs - 1)
    commit('70000003')
    expect(days()).toEqual(['2026-11-21', '2026-11-22'])
    shop.wait(1)
    commit('70000004')
    expect([usages.size, days()]).toEqual([4, ['2026-11-22']])
  })
})
