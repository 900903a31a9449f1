import { expect, test } from '@jest/globals'
import { pause, timerMs } from './rounds.ts'

test.each([
  [-1, 0],
  [-Infinity, 0],
  [NaN, 0],
  [0, 0],
  [1_500, 1_500],
  [2 ** 31 - 1, 2 ** 31 - 1],
  [2 ** 31, 2 ** 31 - 1],
  [Infinity, 2 ** 31 - 1],
])('a delay of %d ms is a timer of %d ms', (delayMs, expected) => {
  expect(timerMs(delayMs)).toBe(expected)
})

test('a pause of less than nothing, or of more than a timer holds, warns of nothing', async () => {
  const warnings: string[] = []
  const listen = ({ name }: Error) => void warnings.push(name)
  process.on('warning', listen)
  const stopping = new AbortController()
  const long = pause(2 ** 31, stopping.signal)
  await pause(-3_600_000)
  stopping.abort()
  await long
  await new Promise((resolve) => setImmediate(resolve))
  process.off('warning', listen)
  expect(warnings).toEqual([])
})
