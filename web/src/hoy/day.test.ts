import { describe, expect, test } from '@jest/globals'
import { barsOf, dayIn, hoursOf, runwayOf, shareOf, type Sums } from './day.ts'

const sold = (cantidad: number, monto: number): Sums => {
  const none = { cantidad: 0, monto: 0 }
  return { vendidas: { cantidad, monto }, pendientes: none, en_revision: none, rechazadas: none }
}

describe('the day of the shop', () => {
  test('is that of its own clock, not of this device', () => {
    const at = Date.parse('2026-11-29T02:30:00Z')
    expect(dayIn('America/La_Paz', at)).toBe('2026-11-28')
    expect(dayIn('Asia/Tokyo', at)).toBe('2026-11-29')
  })

  test('shows its quiet hours between the first sale and the last', () => {
    const hours = hoursOf([
      { hora: 9, ...sold(1, 10) },
      { hora: 11, ...sold(2, 5) },
    ])
    expect(hours.map(({ name, vendidas }) => [name, vendidas.cantidad])).toEqual([
      ['09:00', 1],
      ['10:00', 0],
      ['11:00', 2],
    ])
    expect(hoursOf([])).toEqual([])
  })

  test('compares amounts with the largest, and none where nothing was sold', () => {
    const groups = [sold(1, 10.5), sold(3, 5.25), sold(0, 0)]
    expect(groups.map((group) => shareOf(group, groups))).toEqual([100, 50, 0])
    expect(shareOf(sold(0, 0), [sold(0, 0)])).toBe(0)
  })

  test('draws a bar for each hour, named by it', () => {
    const hours = hoursOf([
      { hora: 9, ...sold(1, 10.5) },
      { hora: 11, ...sold(2, 5) },
    ])
    const { xs, ys, nameOfX } = barsOf(hours)
    expect([xs, ys, xs.map(nameOfX)]).toEqual([
      [0, 1, 2],
      [10.5, 0, 5],
      ['09:00', '10:00', '11:00'],
    ])
  })

  test('tells how long a float lasts, in hours and minutes', () => {
    expect([runwayOf(148), runwayOf(0), runwayOf(null)]).toEqual([
      { hours: 2, minutes: 28 },
      { hours: 0, minutes: 0 },
      null,
    ])
  })
})
