import { expect, test } from '@jest/globals'
import { readAll, readUnits } from './pages.ts'

const listOf = (length: number) => (cursor: number) =>
  Promise.resolve(Array.from({ length: Math.min(2, length - cursor) }, (_, at) => cursor + at))

test('a list is read to its end, page by page', async () => {
  expect(await readAll(2, listOf(5))).toEqual([0, 1, 2, 3, 4])
  expect(await readAll(2, listOf(4))).toEqual([0, 1, 2, 3])
  expect(await readAll(2, listOf(0))).toEqual([])
})

test('a list without an end is read up to twenty pages', async () => {
  expect(await readAll(2, listOf(Infinity))).toHaveLength(40)
})

test('units of the carrier are whole and positive; dots and spaces group them', () => {
  expect(['500000', ' 500.000 ', '1 000'].map(readUnits)).toEqual([500_000, 500_000, 1_000])
  expect(['', '0', '-5', '1,5', 'x', '100000000001'].map(readUnits)).toEqual(Array(6).fill(null))
})
