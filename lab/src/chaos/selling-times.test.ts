import { describe, expect, test } from '@jest/globals'
import {
  askedAndSoldWithin,
  failedWithin,
  longestGapMs,
  refusedWithin,
  resumedAfterMs,
} from './selling-times.ts'

const span = { from: 100, healedAt: 200 }
const at = (...times: readonly number[]) => times.map((each) => ({ at: each, askedAt: each }))

describe('the time without a sale', () => {
  test.each([
    ['between two sales around the fault', [90, 140, 150, 190, 205], 50],
    ['that the heal does not end', [90, 140, 260], 120],
    ['counts from the sale before the fault', [40, 150, 210], 110],
    ['is none of before or after', [0, 90, 110, 130, 150, 170, 190, 210, 900], 20],
  ])('%s', (_, times, gapMs) => {
    expect(longestGapMs({ sold: at(...times) }, span)).toBe(gapMs)
  })

  test('has no end where nothing is sold any more', () => {
    expect(longestGapMs({ sold: at(90, 150) }, span)).toBeNull()
    expect(resumedAfterMs({ sold: at(90, 150) }, { healingAt: 180, backAt: 200 })).toBeNull()
  })

  test('after a heal counts from the return of a majority to the first sale', () => {
    const healing = { healingAt: 180, backAt: 200 }
    expect(resumedAfterMs({ sold: at(90, 150, 230, 240) }, healing)).toBe(30)
    expect(resumedAfterMs({ sold: at(90, 190, 230) }, healing)).toBe(0)
  })
})

test('a customer without a clear answer counts where the fault met them', () => {
  const customers = [
    { from: 0, to: 90, isServed: false },
    { from: 90, to: 120, isServed: false },
    { from: 150, to: 400, isServed: false },
    { from: 150, to: 160, isServed: true },
    { from: 210, to: 400, isServed: false },
  ]
  expect(failedWithin({ customers }, span)).toBe(2)
})

test('a refusal without a time to come again is told apart', () => {
  const refusals = [
    { at: 50, saysWhenAgain: false },
    { at: 120, saysWhenAgain: true },
    { at: 130, saysWhenAgain: false },
  ]
  expect(refusedWithin({ refusals }, span)).toEqual({ refusals: 2, withoutTime: 1 })
})

test('a sale that was asked for before is not one that is made where selling stops', () => {
  const sold = [
    { askedAt: 90, at: 150 },
    { askedAt: 120, at: 150 },
    { askedAt: 150, at: 210 },
  ]
  expect(askedAndSoldWithin({ sold }, span)).toBe(1)
})
