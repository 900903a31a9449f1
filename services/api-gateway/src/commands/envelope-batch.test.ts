import { expect, test } from '@jest/globals'
import { batchesOf } from './envelope-batch.ts'

const items = (...bodies: string[]) => bodies.map((body) => ({ body }))
const textOf = (batches: ReturnType<typeof batchesOf>) => batches.map(({ body }) => body.toString())

test('one travels as it is, several as an array', () => {
  expect(textOf(batchesOf(items('{"a":1}'), 1_000))).toEqual(['{"a":1}'])
  expect(textOf(batchesOf(items('{"a":1}', '{"b":2}'), 1_000))).toEqual(['[{"a":1},{"b":2}]'])
})

test('no message is longer than allowed, and the order stays', () => {
  const batches = batchesOf(items('"aaaaaaaa"', '"bbbbbbbb"', '"cccccccc"'), 30)
  expect(textOf(batches)).toEqual(['["aaaaaaaa","bbbbbbbb"]', '"cccccccc"'])
  expect(Math.max(...batches.map(({ body }) => body.byteLength))).toBeLessThanOrEqual(30)
})

test('one that is too long alone still leaves, alone', () => {
  expect(textOf(batchesOf(items('"a"', `"${'x'.repeat(50)}"`, '"b"'), 30))).toHaveLength(3)
})
