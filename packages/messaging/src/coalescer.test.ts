import { expect, test } from '@jest/globals'
import { createCoalescer } from './coalescer.ts'
import type { PublishOutcome } from './publisher.ts'

const confirmed: PublishOutcome = { kind: 'confirmed' }

/** A publisher whose outcomes the test supplies, in the order of its calls. */
const recorder = () => {
  const batches: (readonly string[])[] = []
  const pending: ((outcome: PublishOutcome) => void)[] = []
  return {
    batches,
    publishBatch: (items: readonly string[]) =>
      new Promise<PublishOutcome>((resolve) => {
        batches.push(items)
        pending.push(resolve)
      }),
    end: (outcome: PublishOutcome) => pending.shift()?.(outcome),
  }
}

test('items go at once while there is room, and those that had to wait travel together', async () => {
  const { publishBatch, batches, end } = recorder()
  const { add } = createCoalescer<string>({ publishBatch, max: 2, inFlight: 2, waitingMax: 9 })
  const outcomes = ['a', 'b', 'c', 'd', 'e'].map((item) => add(item))
  expect(batches).toEqual([['a'], ['b']])
  end(confirmed)
  expect(await outcomes[0]).toEqual(confirmed)
  expect(batches).toEqual([['a'], ['b'], ['c', 'd']])
  end(confirmed)
  await outcomes[1]
  expect(batches).toEqual([['a'], ['b'], ['c', 'd'], ['e']])
  end(confirmed)
  end(confirmed)
  expect(await Promise.all(outcomes)).toEqual(Array.from({ length: 5 }, () => confirmed))
})

test('each item receives the outcome of its message', async () => {
  const { publishBatch, end } = recorder()
  const { add } = createCoalescer<string>({ publishBatch, max: 9, inFlight: 1, waitingMax: 9 })
  const [first, second, third] = [add('a'), add('b'), add('c')]
  end({ kind: 'refused' })
  expect(await first).toEqual({ kind: 'refused' })
  end(confirmed)
  expect(await Promise.all([second, third])).toEqual([confirmed, confirmed])
})

test('a publish that fails leaves the outcome unknown and gives its room back', async () => {
  let calls = 0
  const { add } = createCoalescer<string>({
    publishBatch: () => {
      calls += 1
      return calls === 1 ? Promise.reject(new Error('broken')) : Promise.resolve(confirmed)
    },
    max: 1,
    inFlight: 1,
    waitingMax: 9,
  })
  const [first, second] = [add('a'), add('b')]
  expect(await first).toEqual({ kind: 'unknown', reason: 'Error: broken' })
  expect(await second).toEqual(confirmed)
})

test('while the broker confirms nothing, waiting items are bounded: further ones are refused at once and dropped', async () => {
  const { publishBatch, batches, end } = recorder()
  const { add } = createCoalescer<string>({ publishBatch, max: 4, inFlight: 1, waitingMax: 3 })
  const outcomes = Array.from({ length: 10_000 }, (_, item) => add(String(item)))
  const refused = { kind: 'refused', reason: '3 wait already' }
  expect(await Promise.all(outcomes.slice(4))).toEqual(outcomes.slice(4).map(() => refused))
  end(confirmed)
  await outcomes[0]
  expect(batches).toEqual([['0'], ['1', '2', '3']])
  end(confirmed)
  expect(await Promise.all(outcomes.slice(0, 4))).toEqual(outcomes.slice(0, 4).map(() => confirmed))
  const late = add('late')
  end(confirmed)
  expect(await late).toEqual(confirmed)
})
