import { afterEach, expect, test } from '@jest/globals'
import { time, timeZone } from './format.ts'

afterEach(() => {
  timeZone.value = null
})

test('a time is told by the clock of the shop, wherever the device is', () => {
  const noon = '2026-01-05T12:00:00Z'
  timeZone.value = 'America/La_Paz'
  expect(time(noon)).toMatch(/^0?8:00/)
  timeZone.value = 'Asia/Tokyo'
  expect(time(noon)).toMatch(/^(21|0?9):00/)
})
