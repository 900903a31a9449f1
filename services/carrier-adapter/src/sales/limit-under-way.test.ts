import { expect, test } from '@jest/globals'
import { limitUnderWay } from './limit-under-way.ts'

test('lets no more through than it may, in the order they came', async () => {
  const started: number[] = []
  const ends = new Map<number, () => void>()
  const handle = limitUnderWay(2, async (sale: number) => {
    started.push(sale)
    await new Promise<void>((resolve) => ends.set(sale, resolve))
    return sale
  })
  const results = Promise.all([1, 2, 3, 4].map(handle))
  expect(started).toEqual([1, 2])
  for (const sale of [2, 1, 3, 4]) {
    ends.get(sale)?.()
    await new Promise(setImmediate)
  }
  expect(started).toEqual([1, 2, 3, 4])
  expect(await results).toEqual([1, 2, 3, 4])
})

test('one that fails gives its place to the next', async () => {
  const handle = limitUnderWay(1, (fails: boolean) =>
    fails ? Promise.reject(new Error('failed')) : Promise.resolve('done'),
  )
  const [first, second] = await Promise.allSettled([handle(true), handle(false)])
  expect(first.status).toBe('rejected')
  expect(second).toEqual({ status: 'fulfilled', value: 'done' })
})
