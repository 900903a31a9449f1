import { expect, test } from '@jest/globals'
import type { Projection, ReadableBlock } from './projection.ts'
import type { ProjectionStore } from './projection-store.ts'
import { createProjector, groupBytesMax } from './projector.ts'

const projection: Projection = {
  name: 'places',
  indexes: [],
  documentsOf: ({ partition, position }) => [{ id: `${partition}/${position}`, fields: {} }],
}
/** A store in memory that keeps the ids of each write, and the most moves that were under way at once. */
const aStore = () => {
  const positions = new Map<number, number>()
  const writes: string[][] = []
  let moving = 0
  let movingMax = 0
  const store: ProjectionStore = {
    write: (_, documents) => {
      writes.push(documents.map(({ id }) => id as string))
      return Promise.resolve()
    },
    positionOf: (_, partition) => Promise.resolve(positions.get(partition) ?? -1),
    movePosition: async (_, partition, { to }) => {
      moving += 1
      movingMax = Math.max(movingMax, moving)
      await Promise.resolve()
      moving -= 1
      positions.set(partition, to)
      return true
    },
  }
  return { store, writes, movingMax: () => movingMax }
}
const blockOf = (partition: number, position: number, bytes: number): ReadableBlock => ({
  partition,
  position,
  at: 0,
  entries: [],
  bytes,
})

test('a group is bounded by its bytes, and a block alone is always written', async () => {
  const { store, writes } = aStore()
  const projector = createProjector([projection], store, { blocksMax: 100 })
  await projector.begin(1)
  const half = groupBytesMax / 2
  for (const [position, bytes] of [half, half, 1, 2 * groupBytesMax, 1].entries()) {
    projector.enqueue(blockOf(1, position, bytes))
  }
  for (let round = 0; round < 4; round += 1) await projector.project()
  expect(writes).toEqual([['1/0', '1/1'], ['1/2'], ['1/3'], ['1/4']])
  expect(projector.lag()).toEqual({ blocks: 0, bytes: 0 })
})

test('the partitions of a group move their positions together', async () => {
  const { store, writes, movingMax } = aStore()
  const projector = createProjector([projection], store, { blocksMax: 100 })
  for (const partition of [1, 2, 3]) {
    await projector.begin(partition)
    projector.enqueue(blockOf(partition, 0, 1))
  }
  expect(await projector.project()).toEqual([])
  expect(writes).toEqual([['1/0', '2/0', '3/0']])
  expect(movingMax()).toBe(3)
})

test('the lag counts each block until every projection shows it, and forgets a partition that ends or begins again', async () => {
  const { store } = aStore()
  const shown: number[] = []
  const projector = createProjector([projection], store, {
    blocksMax: 1,
    onShown: (seconds) => shown.push(seconds),
  })
  for (const partition of [1, 2]) {
    await projector.begin(partition)
    for (const position of [0, 1]) projector.enqueue(blockOf(partition, position, 10))
  }
  expect(projector.lag()).toEqual({ blocks: 4, bytes: 40 })
  await projector.project()
  expect(projector.lag()).toEqual({ blocks: 2, bytes: 20 })
  expect(shown).toHaveLength(2)
  expect(Math.min(...shown)).toBeGreaterThanOrEqual(0)
  projector.end(1)
  expect(projector.lag()).toEqual({ blocks: 1, bytes: 10 })
  await projector.begin(2)
  expect(projector.lag()).toEqual({ blocks: 0, bytes: 0 })
  expect(shown).toHaveLength(2)
})
