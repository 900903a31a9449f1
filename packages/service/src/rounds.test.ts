import { expect, test } from '@jest/globals'
import { runRounds } from './rounds.ts'

const counting = (enoughAt: number) => {
  let tellEnough: () => void = () => undefined
  const enough = new Promise<void>((resolve) => (tellEnough = resolve))
  let count = 0
  return {
    enough,
    count: () => count,
    add: () => {
      count += 1
      if (count === enoughAt) tellEnough()
    },
  }
}

test('rounds go on after one that failed, one at a time, until they are stopped', async () => {
  const seen = counting(3)
  const failures: unknown[] = []
  let underWay = 0
  let mostAtOnce = 0
  const rounds = runRounds(
    async () => {
      mostAtOnce = Math.max(mostAtOnce, (underWay += 1))
      await new Promise((resolve) => setImmediate(resolve))
      underWay -= 1
      seen.add()
      if (seen.count() === 1) throw new Error('away')
    },
    { everyMs: 1, begin: 'at-once', onFailure: (error) => failures.push(String(error)) },
  )
  await seen.enough
  await rounds.stop()
  expect(failures).toEqual(['Error: away'])
  expect({ mostAtOnce, underWay }).toEqual({ mostAtOnce: 1, underWay: 0 })
})

test('where the first pause comes first, a stop meanwhile means no round at all', async () => {
  const seen = counting(1)
  const round = () => {
    seen.add()
    return Promise.resolve()
  }
  const rounds = runRounds(round, {
    everyMs: 60_000,
    begin: 'after-pause',
    onFailure: () => undefined,
  })
  await rounds.stop()
  expect(seen.count()).toBe(0)
})
