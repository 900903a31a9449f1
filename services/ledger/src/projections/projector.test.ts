import { describe, expect, test } from '@jest/globals'
import type { Projection, ReadableBlock } from './projection.ts'
import type { ProjectionStore } from './projection-store.ts'
import { groupBytesMax } from './block-groups.ts'
import { createProjector } from './projector.ts'

const projection: Projection = {
  name: 'places',
  indexes: [],
  documentsOf: ({ partition, position }) => [{ id: `${partition}/${position}`, fields: {} }],
}
/** A store in memory that keeps the ids of each write, and the partitions of each command that moves positions. */
const aStore = () => {
  const positions = new Map<number, number>()
  const writes: string[][] = []
  const moved: number[][] = []
  const store: ProjectionStore = {
    write: (_, documents) => {
      writes.push(documents.map(({ id }) => id as string))
      return Promise.resolve()
    },
    positionOf: (_, partition) => Promise.resolve(positions.get(partition) ?? -1),
    movePositions: (_, moves) => {
      moved.push(moves.map(({ partition }) => partition))
      for (const { partition, to } of moves) positions.set(partition, to)
      return Promise.resolve(new Map(moves.map(({ partition, to }) => [partition, to])))
    },
  }
  return { store, writes, moved }
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

test('a group moves the positions of all its partitions in one command', async () => {
  const { store, writes, moved } = aStore()
  const projector = createProjector([projection], store, { blocksMax: 100 })
  for (const partition of [1, 2, 3]) {
    await projector.begin(partition)
    projector.enqueue(blockOf(partition, 0, 1))
  }
  expect(await projector.project()).toEqual([])
  expect(writes).toEqual([['1/0', '2/0', '3/0']])
  expect(moved).toEqual([[1, 2, 3]])
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

describe('a generation that is built', () => {
  const next: Projection = { ...projection, name: 'places/2', collection: 'places_b' }
  /** Ids that each collection was given, and positions by name; partition 1 alone. */
  const aBuild = async () => {
    const positions = new Map<string, number>([
      ['places', 4],
      ['places/2', -1],
    ])
    const written = new Map<string, string[]>()
    const failing = new Set<string>()
    const beforeWrites: (() => Promise<void>)[] = []
    const store: ProjectionStore = {
      write: async (collection, documents) => {
        await beforeWrites.shift()?.()
        if (failing.has(collection)) throw new Error('refused')
        const ids = documents.map(({ id }) => id as string)
        written.set(collection, [...(written.get(collection) ?? []), ...ids])
      },
      positionOf: (name) => Promise.resolve(positions.get(name) ?? -1),
      movePositions: (name, moves) => {
        for (const { from, to } of moves) {
          if ((positions.get(name) ?? -1) === from) positions.set(name, to)
        }
        const now = positions.get(name) ?? -1
        return Promise.resolve(new Map(moves.map(({ partition }) => [partition, now])))
      },
    }
    const projector = createProjector([projection], store, { blocksMax: 100 })
    await projector.begin(1)
    const follow = () => projector.follow([projection, next], ['places'])
    await follow()
    const append = async (position: number) => {
      projector.enqueue(blockOf(1, position, 1))
      return projector.project()
    }
    return { projector, positions, written, failing, beforeWrites, follow, append }
  }

  test('is written beside the others, and its position moves once the rebuild has come to where this projector began', async () => {
    const { projector, positions, written, follow, append } = await aBuild()
    await append(5)
    await append(6)
    expect(written.get('places_b')).toEqual(['1/5', '1/6'])
    expect(positions.get('places/2')).toBe(-1)
    expect(projector.projected(1)).toBe(6)
    expect(projector.promote('places/2')).toBe(false)

    positions.set('places/2', 3)
    await follow()
    await append(7)
    expect(positions.get('places/2')).toBe(3)

    positions.set('places/2', 4)
    await follow()
    await append(8)
    expect(positions.get('places/2')).toBe(8)
    expect(projector.promote('places/2')).toBe(true)
    expect(projector.projected(1)).toBe(8)
  })

  test('that fails holds nothing up, and is the business of the rebuild again from there', async () => {
    const { projector, positions, written, failing, follow, append } = await aBuild()
    positions.set('places/2', 4)
    await follow()
    await append(5)
    expect(positions.get('places/2')).toBe(5)
    failing.add('places_b')
    expect(await append(6)).toMatchObject([{ projection: 'places/2', partition: 1 }])
    expect(projector.lag()).toEqual({ blocks: 0, bytes: 0 })
    failing.clear()
    await append(7)
    expect(written.get('places_b')).toEqual(['1/5', '1/7'])
    expect(positions.get('places/2')).toBe(5)
    expect(projector.promote('places/2')).toBe(false)

    positions.set('places/2', 6)
    await follow()
    await append(8)
    expect(positions.get('places/2')).toBe(8)
    expect(projector.promote('places/2')).toBe(true)
  })

  test('counts also where the partition is idle since it failed, once the rebuild has written the rest', async () => {
    const { projector, positions, failing, follow, append } = await aBuild()
    positions.set('places/2', 4)
    await follow()
    failing.add('places_b')
    await append(5)
    expect(projector.promote('places/2')).toBe(false)
    positions.set('places/2', 5)
    await follow()
    expect(projector.promote('places/2')).toBe(true)
  })

  test('that counts holds memory and blocks back like the others, until it is listed no more', async () => {
    const { projector, positions, failing, follow, append } = await aBuild()
    positions.set('places/2', 4)
    await follow()
    await append(5)
    expect(projector.promote('places/2')).toBe(true)
    failing.add('places')
    await append(6)
    expect([positions.get('places'), positions.get('places/2')]).toEqual([5, 6])
    expect(projector.projected(1)).toBe(5)
    // Reads still use the previous generation: it is written no more, and memory keeps the changes that it does not show.
    await projector.follow([next], ['places', 'places/2'])
    expect(projector.projected(1)).toBe(5)
    await projector.follow([next], ['places/2'])
    expect(projector.projected(1)).toBe(6)
    await append(7)
    expect(projector.lag()).toEqual({ blocks: 0, bytes: 0 })
    expect(positions.get('places')).toBe(5)
  })

  test('that replaced another while its group was written is not held back by it', async () => {
    const { projector, positions, beforeWrites, follow, append } = await aBuild()
    positions.set('places/2', 4)
    await follow()
    await append(5)
    expect(projector.promote('places/2')).toBe(true)
    beforeWrites.push(() => projector.follow([next], ['places/2']))
    await append(6)
    await append(7)
    expect(projector.projected(1)).toBe(7)
  })

  test('that began to count while a partition was taken over counts there too', async () => {
    const { projector, positions, follow } = await aBuild()
    positions.set('places/2', 4)
    await follow()
    await projector.project()
    const begun = projector.begin(1)
    expect(projector.promote('places/2')).toBe(true)
    await begun
    positions.set('places', 9)
    expect(projector.positionOf('places/2', 1)).toBe(4)
    expect(projector.projected(1)).toBe(4)
  })
})
