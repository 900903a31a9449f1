import { expect, test } from '@jest/globals'
import { createBatcher } from './batcher.ts'

/** A store whose test answers each write, in the order of its calls. */
const heldWrites = () => {
  const batches: (readonly string[])[] = []
  const answers: ((results: readonly string[] | Error) => void)[] = []
  const write = (items: readonly string[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      batches.push(items)
      answers.push((results) => (results instanceof Error ? reject(results) : resolve(results)))
    })
  return {
    batches,
    write,
    answer: (results: readonly string[] | Error) => answers.shift()?.(results),
  }
}
const upTo = (max: number) => (waiting: readonly string[]) => Math.min(max, waiting.length)
const turn = () => new Promise((resolve) => setImmediate(resolve))

test('writes at once while there is room, and groups the items that had to wait', async () => {
  const { write, batches, answer } = heldWrites()
  const { add, waiting } = createBatcher({ write, cut: upTo(2), underWayMax: 2 })
  const results = ['a', 'b', 'c', 'd', 'e'].map((item) => add(item))
  expect(batches).toEqual([['a'], ['b']])
  expect(waiting()).toBe(3)
  answer(['A'])
  expect(await results[0]).toBe('A')
  expect(batches).toEqual([['a'], ['b'], ['c', 'd']])
  answer(['B'])
  answer(['C', 'D'])
  await turn()
  answer(['E'])
  expect(await Promise.all(results)).toEqual(['A', 'B', 'C', 'D', 'E'])
  expect(waiting()).toBe(0)
})

test('a deferred batcher groups the items of one turn of the event loop', async () => {
  const { write, batches, answer } = heldWrites()
  const { add } = createBatcher({ write, cut: upTo(9), underWayMax: 1, defer: setImmediate })
  const results = [add('a'), add('b')]
  expect(batches).toEqual([])
  await turn()
  expect(batches).toEqual([['a', 'b']])
  answer(['A', 'B'])
  expect(await Promise.all(results)).toEqual(['A', 'B'])
})

test('a failed write rejects the items of its batch and gives its place to the next one', async () => {
  const { write, answer } = heldWrites()
  const { add } = createBatcher({ write, cut: upTo(1), underWayMax: 1 })
  const [first, second] = [add('a'), add('b')]
  answer(new Error('no database'))
  await expect(first).rejects.toThrow('no database')
  answer(['B'])
  expect(await second).toBe('B')
})

test('rejects an item that its batch left without an answer', async () => {
  const { write, answer } = heldWrites()
  const { add } = createBatcher({ write, cut: upTo(1), underWayMax: 1 })
  const left = add('a')
  answer([])
  await expect(left).rejects.toThrow('a batch answers each of its items')
})
