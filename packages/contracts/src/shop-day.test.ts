import { describe, expect, it, test } from '@jest/globals'
import fc from 'fast-check'
import { dayBounds, shopDayOf, shopTimeOf, ShopDay } from './shop-day.ts'

const day = (text: string) => ShopDay.parse(text)
const instant = (text: string) => Date.parse(text)
const boundsOf = (text: string, timeZone: string) => {
  const { start, end } = dayBounds(day(text), timeZone)
  return [new Date(start).toISOString(), new Date(end).toISOString()]
}
const hourMs = 3_600_000

describe('a day of a shop', () => {
  it.each([
    ['America/La_Paz', '2026-11-29T00:30:00Z', '2026-11-28'],
    ['America/La_Paz', '2026-11-29T03:59:59.999Z', '2026-11-28'],
    ['America/La_Paz', '2026-11-29T04:00:00Z', '2026-11-29'],
    ['America/Bogota', '2026-11-29T04:59:59.999Z', '2026-11-28'],
    ['America/Bogota', '2026-11-29T05:00:00Z', '2026-11-29'],
    ['Pacific/Kiritimati', '2026-11-28T10:00:00Z', '2026-11-29'],
  ])('in %s the instant %s lies in %s', (timeZone, at, expected) => {
    expect(shopDayOf(instant(at), timeZone)).toBe(expected)
  })

  it.each([
    ['America/La_Paz', '2026-11-28', 24, '2026-11-28T04:00:00.000Z'],
    ['America/Bogota', '2026-11-28', 24, '2026-11-28T05:00:00.000Z'],
    // The clocks go forward at midnight: the day begins at one o'clock.
    ['America/Santiago', '2026-09-06', 23, '2026-09-06T04:00:00.000Z'],
    ['America/Asuncion', '2023-10-01', 23, '2023-10-01T04:00:00.000Z'],
    ['America/Sao_Paulo', '2018-11-04', 23, '2018-11-04T03:00:00.000Z'],
    // The clocks go back at midnight: the last hour of the day comes twice.
    ['America/Santiago', '2026-04-04', 25, '2026-04-04T03:00:00.000Z'],
    ['America/Asuncion', '2024-03-23', 25, '2024-03-23T03:00:00.000Z'],
    ['America/Sao_Paulo', '2018-02-17', 25, '2018-02-17T02:00:00.000Z'],
    // The clocks go back to midnight: midnight comes twice, and the day begins at the first.
    ['America/Havana', '2025-11-02', 25, '2025-11-02T04:00:00.000Z'],
    ['Atlantic/Azores', '2025-10-26', 25, '2025-10-26T00:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-04-05', 24.5, '2026-04-04T13:00:00.000Z'],
  ])('in %s %s has %d hours and begins at %s', (timeZone, text, hours, start) => {
    const bounds = dayBounds(day(text), timeZone)
    expect([new Date(bounds.start).toISOString(), (bounds.end - bounds.start) / hourMs]).toEqual([
      start,
      hours,
    ])
    expect(shopDayOf(bounds.start, timeZone)).toBe(text)
    expect(shopDayOf(bounds.end - 1, timeZone)).toBe(text)
    expect(shopDayOf(bounds.start - 1, timeZone)).not.toBe(text)
    expect(shopDayOf(bounds.end, timeZone)).not.toBe(text)
  })

  it('has no instant where the zone skipped it', () => {
    expect(boundsOf('2011-12-30', 'Pacific/Apia')).toEqual([
      '2011-12-30T10:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
    ])
  })

  it('has bounds up to the last year that can be written', () => {
    expect(dayBounds(day('9999-12-31'), 'America/La_Paz').end).toBe(
      Date.UTC(10_000, 0, 1) + 4 * hourMs,
    )
    expect(dayBounds(day('0001-01-01'), 'America/La_Paz').start).toBeLessThan(0)
  })

  it('is refused where the time zone is not known', () => {
    expect(() => shopDayOf(0, 'America/Nowhere')).toThrow(RangeError)
  })
})

test('every instant lies within the bounds of its day, in any zone and any order', () => {
  const zones = Intl.supportedValuesOf('timeZone')
  const sometime = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2037, 11, 31) })
  fc.assert(
    fc.property(fc.constantFrom(...zones), fc.array(sometime, { minLength: 3 }), (zone, times) => {
      for (const at of times) {
        const { start, end } = dayBounds(shopDayOf(at, zone), zone)
        expect(start <= at && at < end).toBe(true)
      }
    }),
    { numRuns: 100 },
  )
})

test('the shop’s clock is shown to the second', () => {
  expect(shopTimeOf(instant('2026-11-29T00:30:05.999Z'), 'America/La_Paz')).toBe(
    '2026-11-28 20:30:05',
  )
  // The clocks go forward, and back.
  expect(shopTimeOf(instant('2026-09-06T04:00:00Z'), 'America/Santiago')).toBe(
    '2026-09-06 01:00:00',
  )
  const santiago = (at: string) => shopTimeOf(instant(at), 'America/Santiago')
  expect(santiago('2026-04-05T02:59:59Z')).toBe('2026-04-04 23:59:59')
  expect(santiago('2026-04-05T03:00:00Z')).toBe('2026-04-04 23:00:00')
  expect(santiago('2026-04-05T04:00:00Z')).toBe('2026-04-05 00:00:00')
})
