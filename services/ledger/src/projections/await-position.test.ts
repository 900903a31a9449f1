import { expect, test } from '@jest/globals'
import { createAwaitPosition } from './await-position.ts'

/** A partition whose projected position advances with the simulated time. */
const aPartition = (changed: { readonly waitingMax?: number } = {}) => {
  let time = 0
  let newest = 7
  let looks = 0
  let wakes = 0
  const shown = new Map([
    ['sales', 7],
    ['balances', 7],
  ])
  const steps: (() => void)[] = []
  const reads = createAwaitPosition({
    newest: () => Promise.resolve(newest),
    positions: () => {
      looks += 1
      return Promise.resolve(new Map(shown))
    },
    wakeProjector: () => {
      wakes += 1
    },
    now: () => time,
    pause: (ms) => {
      time += ms
      steps.shift()?.()
      return Promise.resolve()
    },
    limits: { waitMsMax: 2_000, waitingMax: changed.waitingMax ?? 100, pollEveryMs: 10 },
  })
  return {
    reads,
    shown,
    steps,
    append: (position: number) => {
      newest = position
    },
    looks: () => looks,
    wakes: () => wakes,
    time: () => time,
  }
}

test('a read of a projected position does not wait', async () => {
  const { reads, wakes, time } = aPartition()
  expect(await reads.shown(3, ['sales', 'balances'])).toEqual({ kind: 'reached', position: 7 })
  expect([wakes(), time()]).toEqual([0, 0])
})

test('a read waits for the newest block, and for a later one that its caller names', async () => {
  const { reads, shown, steps, append, wakes } = aPartition()
  append(9)
  steps.push(
    () => shown.set('sales', 9),
    () => shown.set('balances', 10),
  )
  // Cut where both show everything, so that a balance never shows without its line.
  expect(await reads.shown(3, ['sales', 'balances'])).toEqual({ kind: 'reached', position: 9 })
  expect(wakes()).toBe(2)
  steps.push(() => shown.set('sales', 12))
  expect(await reads.shown(3, ['sales'], 12)).toEqual({ kind: 'reached', position: 12 })
})

test('a projection that a read does not need holds it up no more than another partition', async () => {
  const { reads, append, shown } = aPartition()
  append(9)
  shown.set('balances', 9)
  expect(await reads.shown(3, ['balances'])).toEqual({ kind: 'reached', position: 9 })
})

test('a read that waits in vain names the late projection', async () => {
  const { reads, append, time } = aPartition()
  append(9)
  expect(await reads.shown(3, ['sales'])).toEqual({
    kind: 'late',
    position: 9,
    projection: 'sales',
  })
  expect(time()).toBe(2_000)
})

test('reads of one partition share their looks, and no more may wait than the limit', async () => {
  const { reads, append, steps, shown, looks } = aPartition({ waitingMax: 3 })
  append(8)
  steps.push(() => shown.set('sales', 8))
  const several = [1, 2, 3].map(() => reads.shown(3, ['sales']))
  expect(await reads.shown(3, ['sales'])).toEqual({ kind: 'busy' })
  expect(await Promise.all(several)).toEqual(
    [1, 2, 3].map(() => ({ kind: 'reached', position: 8 })),
  )
  expect(looks()).toBeLessThanOrEqual(3)
  // The waiting places are free again.
  expect(await Promise.all([1, 2, 3].map(() => reads.shown(3, ['sales'])))).toEqual(
    [1, 2, 3].map(() => ({ kind: 'reached', position: 8 })),
  )
})

test('a read that comes as the last one is answered is answered too', async () => {
  const { reads } = aPartition()
  const first = reads.shown(3, ['sales'])
  const after = first.then(() => reads.shown(3, ['sales']))
  expect(await Promise.all([first, after, first.then(() => reads.shown(3, ['sales']))])).toEqual(
    [1, 2, 3].map(() => ({ kind: 'reached', position: 7 })),
  )
})

test('a database that cannot be asked fails the reads that wait, and the next one asks again', async () => {
  let isDown = true
  const reads = createAwaitPosition({
    newest: () => Promise.resolve(1),
    positions: () =>
      isDown ? Promise.reject(new Error('no primary')) : Promise.resolve(new Map([['sales', 1]])),
    wakeProjector: () => undefined,
    now: () => 0,
    pause: () => Promise.resolve(),
    limits: { waitMsMax: 2_000, waitingMax: 10, pollEveryMs: 10 },
  })
  await expect(reads.shown(3, ['sales'])).rejects.toThrow('no primary')
  isDown = false
  expect(await reads.shown(3, ['sales'])).toEqual({ kind: 'reached', position: 1 })
})
