import { describe, expect, it, test } from '@jest/globals'
import { money, type ShopDay } from '@recargas/contracts'
import fc from 'fast-check'
import {
  aCaja,
  aClosing,
  aMovement,
  anInjection,
  anOpening,
  anOpenShop,
  aTopup,
  aVerdict,
  idOf,
  policy,
  refusalOf,
  someLimits,
  start,
} from '../testing/builders.ts'
import { apply } from './apply.ts'
import { dayOfRequest, earliestOfDays, isPastDay } from '../accounting/days.ts'
import { emptyState, viewOf } from '../accounting/ledger-view.ts'

const hourMs = 3_600_000
const shopIn = (timeZone: string) => ({ timeZone, openingCount: 'record' as const })
const askedAt = (at: number) => ({ requestedAt: new Date(at).toISOString() })
const on = (text: string) => Date.parse(text)

describe('the day of an operation', () => {
  it.each([
    ['America/La_Paz', '2026-11-29T00:30:00Z', '2026-11-28'],
    ['America/Bogota', '2026-11-29T04:59:59.999Z', '2026-11-28'],
    ['America/Bogota', '2026-11-29T05:00:00Z', '2026-11-29'],
    // The hour after midnight is skipped, and the last one of a day comes twice.
    ['America/Santiago', '2026-09-06T03:59:59.999Z', '2026-09-05'],
    ['America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06'],
    ['America/Santiago', '2026-04-05T03:59:59.999Z', '2026-04-04'],
    ['America/Santiago', '2026-04-05T04:00:00Z', '2026-04-05'],
    ['America/Sao_Paulo', '2018-11-04T02:59:59.999Z', '2018-11-03'],
    ['America/Asuncion', '2024-03-24T03:30:00Z', '2024-03-23'],
  ])('is that of its request at the shop: in %s at %s', (timeZone, text, day) => {
    const at = on(text)
    expect(dayOfRequest({ shop: shopIn(timeZone), ...askedAt(at) }, at)).toBe(day)
    // The ledger accepted it later, perhaps on the next day.
    const request = { shop: shopIn(timeZone), ...askedAt(at) }
    expect(dayOfRequest(request, at + 10_000)).toBe(day)
  })

  it('is never further from the ledger’s own time than an hour', () => {
    const at = on('2026-11-28T12:00:00Z')
    for (const [asked, day] of [
      ['1999-01-01T00:00:00Z', '2026-11-28'],
      ['2999-01-01T00:00:00Z', '2026-11-28'],
    ] as const) {
      expect(dayOfRequest({ shop: shopIn('America/La_Paz'), ...askedAt(on(asked)) }, at)).toBe(day)
    }
  })

  it('is journalled with every operation of a shop, and with no carrier verdict', () => {
    const shop = anOpenShop()
    const sale = aTopup()
    const daysOf = [
      aCaja({ name: 'Caja 02' }),
      anInjection({ keyed: true }),
      aMovement(),
      sale,
      aTopup({ sessionId: 9 }),
      aVerdict(idOf(sale), 'authorized'),
      aClosing(),
      anOpening({ cajaId: 2 }),
    ].map((operation) => shop.run(operation).entry?.day)
    const day = '2026-11-21'
    expect(daysOf).toEqual([day, day, day, day, day, null, day, day])
    expect(shop.state.topups.get(idOf(sale))?.day).toBe(day)
  })

  it('is that of a shift’s opening and closing', () => {
    const shop = anOpenShop()
    expect(shop.state.sessions.get('principal/1')).toMatchObject({
      openedDay: '2026-11-21',
      closedDay: null,
    })
    shop.wait(20 * hourMs)
    shop.run(aClosing(askedAt(shop.at())))
    expect(shop.state.sessions.get('principal/1')).toMatchObject({
      openedDay: '2026-11-21',
      closedDay: '2026-11-22',
    })
  })

  it('is taken from the log in a replay, whatever the zone’s rules have become', () => {
    const { state } = anOpenShop()
    const sale = aTopup({ shop: shopIn('America/Abolished') })
    const at = start
    expect(() => apply(viewOf(state), sale, { at, policy })).toThrow(RangeError)
    const journalledDay = '2026-11-20' as ShopDay
    const applied = apply(viewOf(state), sale, { at, policy, journalledDay })
    expect(applied.entry).toMatchObject({ day: journalledDay })
    expect(applied.changes.topups).toMatchObject([{ day: journalledDay }])
    // A day that was taken out of the journal comes back, and the proof sees the difference.
    const after = viewOf(emptyState(), state)
    expect(
      apply(after, aCaja({ name: 'Caja 03' }), { at, policy, journalledDay: null }).entry,
    ).toMatchObject({ day: '2026-11-21' })
  })

  it('stays the same after the shop’s zone changes, and releases are credited to it', () => {
    const shop = anOpenShop({ ...policy, limits: someLimits({ cashier: { count: 1, amount: 0 } }) })
    const sale = (number: string, timeZone: string) =>
      aTopup({ number, amount: money(100), shop: shopIn(timeZone), ...askedAt(shop.at()) })
    // 8:00 UTC: already 22:00 in Kiritimati.
    const first = sale('70000001', 'Pacific/Kiritimati')
    shop.run(first)
    shop.wait(2 * hourMs)
    expect(shop.run(sale('70000002', 'Pacific/Kiritimati')).outcome.kind).toBe('reserved')
    expect(refusalOf(shop.run(sale('70000003', 'Pacific/Kiritimati')))).toBe('LIMIT_REACHED')
    // West of the zone before it is the first day again, and its sale still counts.
    expect(refusalOf(shop.run(sale('70000004', 'America/La_Paz')))).toBe('LIMIT_REACHED')
    shop.run(aVerdict(idOf(first), 'rejected'))
    expect(shop.state.topups.get(idOf(first))?.day).toBe('2026-11-21')
    expect(refusalOf(shop.run(sale('70000005', 'Pacific/Kiritimati')))).toBe('LIMIT_REACHED')
    expect(shop.run(sale('70000006', 'America/La_Paz')).outcome.kind).toBe('reserved')
  })
})

test('no operation is of a day that was past, or before the earliest time of one that is not', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const sometime = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2030, 0, 1) })
  const lag = fc.integer({ min: -3 * hourMs, max: 3 * hourMs })
  fc.assert(
    fc.property(fc.constantFrom(...zones), sometime, lag, (timeZone, at, lagMs) => {
      const day = dayOfRequest({ shop: shopIn(timeZone), ...askedAt(at - lagMs) }, at)
      expect(isPastDay(day, at)).toBe(false)
      let later = at
      while (!isPastDay(day, later)) {
        expect(earliestOfDays(later)).toBeLessThanOrEqual(at)
        later += hourMs
      }
      expect(later - at).toBeLessThanOrEqual(52 * hourMs)
    }),
    { numRuns: 500 },
  )
})
