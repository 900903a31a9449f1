import { expect, test } from '@jest/globals'
import { quantileBetween } from './metric.ts'

const bounds = [0.1, 0.2, Number.POSITIVE_INFINITY]
const histogram = (...counts: number[]) =>
  counts.map((count, index) => ({ atMost: bounds[index] ?? 0, count }))

test('estimates a quantile of the values between two readings of a histogram', () => {
  const before = histogram(100, 100, 100)
  expect(quantileBetween(before, histogram(100, 200, 200), 0.5)).toBeCloseTo(0.15)
  expect(quantileBetween(before, histogram(150, 200, 200), 0.25)).toBeCloseTo(0.05)
})

test('gives the last bound for values beyond it, and null where none came', () => {
  expect(quantileBetween(histogram(0, 0, 0), histogram(0, 0, 10), 0.99)).toBe(0.2)
  expect(quantileBetween(histogram(5, 5, 5), histogram(5, 5, 5), 0.99)).toBeNull()
})
