import { expect, test } from '@jest/globals'
import { createSilence } from './silence.ts'

const askedAfterMs = (...tookMs: readonly number[]): number => {
  const silence = createSilence(2_000, 5_000)
  for (const each of tookMs) silence.arrived(each)
  return silence.askAfterMs()
}
const often = (tookMs: number) => Array.from({ length: 100 }, () => tookMs)

test('the ledger is asked after the least silence while outcomes come quickly, or none has come', () => {
  expect(askedAfterMs()).toBe(2_000)
  expect(askedAfterMs(...often(100))).toBe(2_000)
})

test('it is asked later where outcomes take longer, by their mean and four deviations', () => {
  expect(askedAfterMs(800)).toBe(800 + 4 * 400)
  expect(askedAfterMs(...often(2_500))).toBeCloseTo(2_500, 0)
  expect(askedAfterMs(...often(2_500), ...often(100))).toBe(2_000)
})

test('it is asked after the longest silence at the latest', () => {
  expect(askedAfterMs(20_000)).toBe(5_000)
})
