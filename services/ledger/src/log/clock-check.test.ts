import { expect, test } from '@jest/globals'
import { createClockCheck } from './clock-check.ts'

/** A request takes 200 ms; the primary reads its clock in the middle. */
const measured = async (aheadMs: number, answer: () => Promise<Date>) => {
  let time = 1_000_000 + aheadMs
  const clock = createClockCheck(answer, {
    now: () => {
      time += 100
      return time
    },
    clockSkewMs: 2_000,
  })
  const isTrusted = await clock.measure()
  return { isTrusted, is: clock.isTrusted(), aheadMs: clock.aheadMs() }
}
const primary = () => Promise.resolve(new Date(1_000_150))

test.each([
  ['of the primary', 0, true],
  ['ahead by the skew', 2_000, true],
  ['behind by the skew', -2_000, true],
  ['ahead by more than the skew', 2_100, false],
  ['behind by more than the skew', -2_100, false],
])('a clock %s', async (_, aheadMs, isTrusted) => {
  expect(await measured(aheadMs, primary)).toEqual({ isTrusted, is: isTrusted, aheadMs })
})

test('an unreachable primary does not change the clock’s state', async () => {
  const { isTrusted } = await measured(90_000, () => Promise.reject(new Error('no primary')))
  expect(isTrusted).toBe(true)
})
