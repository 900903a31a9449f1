import { expect, test } from '@jest/globals'
import { latencyOf, median, quantile, spreadOf } from './statistics.ts'

test('a median of an even count lies between the middle two, whatever their order', () => {
  expect(median([9, 1, 3, 5])).toBe(4)
  expect(median([7, 1, 100])).toBe(7)
})

test('a quantile is a value that was measured', () => {
  const values = Array.from({ length: 1_000 }, (_, index) => index + 1)
  expect(quantile(values, 0.5)).toBe(500)
  expect(quantile(values, 0.999)).toBe(999)
  expect(quantile(values, 1)).toBe(1_000)
  expect(quantile([], 0.5)).toBe(0)
})

test('latencies are sorted as numbers and not as text', () => {
  expect(latencyOf([100, 9, 20])).toMatchObject({ p50: 20, max: 100 })
})

test('a spread names the worst and the best round', () => {
  expect(spreadOf([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30 })
})
