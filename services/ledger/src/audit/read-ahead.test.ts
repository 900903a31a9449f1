import { expect, test } from '@jest/globals'
import { readAhead } from './read-ahead.ts'

test('values are read while others are used, all of them and never more than the bound', async () => {
  let read = 0
  const source = async function* () {
    for (; read < 1_000;) {
      read += 1
      yield await Promise.resolve(read)
    }
  }
  const used: number[] = []
  let aheadMost = 0
  for await (const value of readAhead(source(), 4)) {
    used.push(value)
    aheadMost = Math.max(aheadMost, read - used.length)
    await Promise.resolve()
  }
  expect(used).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 1))
  expect(aheadMost).toBeGreaterThan(0)
  expect(aheadMost).toBeLessThanOrEqual(5)
})

test('a source that fails gives what it had, then its error', async () => {
  const source = async function* () {
    yield await Promise.resolve(1)
    throw new Error('the database is gone')
  }
  const used: number[] = []
  const reading = async () => {
    for await (const value of readAhead(source(), 4)) used.push(value)
  }
  await expect(reading()).rejects.toThrow('the database is gone')
  expect(used).toEqual([1])
})
