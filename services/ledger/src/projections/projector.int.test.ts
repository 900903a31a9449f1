import { dyingCalls } from '../testing/dying-calls.ts'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import type { Projection, ReadableBlock } from './projection.ts'
import { createProjectionStore, type Move, type ProjectionStore } from './projection-store.ts'
import type { ProjectionFailure } from './built-generations.ts'
import { createProjector, type Projector } from './projector.ts'

let database: LogDatabase
let store: ProjectionStore
beforeAll(async () => {
  database = await logDatabase()
  store = createProjectionStore(database.db, { timeoutMs: 5_000 })
}, 60_000)
afterAll(() => database.drop())

/** Blocks with one entry that sets a document to a new value. */
const blockOf = (
  partition: number,
  position: number,
  key: string,
  value: number,
): ReadableBlock => ({
  partition,
  position,
  at: 1_000 * position,
  bytes: 100,
  entries: [{ id: key, kind: 'reserve', operation: String(value) }] as never,
})
let made = 0
/** A projection of its own collection: each entry's value under its key, and the sum of the block. */
const aProjection = (): Projection => {
  made += 1
  return {
    name: `values_${made}`,
    indexes: [],
    documentsOf: ({ partition, position, entries }) => [
      ...entries.map(({ id, operation }) => ({
        id: `${partition}/${id}`,
        fields: { p: partition, value: Number(operation) },
      })),
      { id: { p: partition, n: position }, fields: { entries: entries.length }, isNew: true },
    ],
  }
}
const keys = ['a', 'b', 'a', 'c', 'b', 'a']
const blocksOf = (partition: number): ReadableBlock[] =>
  keys.map((key, position) => blockOf(partition, position, key, 10 * position))
const expected = (partition: number) => [
  [`${partition}/a`, 50, 5],
  [`${partition}/b`, 40, 4],
  [`${partition}/c`, 30, 3],
]
const values = async ({ name }: Projection, partition: number) => {
  const found = await database.db.collection(name).find({ p: partition }).sort({ _id: 1 }).toArray()
  return found.map(({ _id, value, position }) => [_id, value, position] as unknown)
}

const limits = { blocksMax: 4 }
/** Begins the partitions, enqueues every block and projects until nothing is left. */
const projectAll = async (
  projector: Projector,
  partitions: readonly number[],
): Promise<readonly ProjectionFailure[]> => {
  for (const partition of partitions) {
    await projector.begin(partition)
    blocksOf(partition)
      .filter(({ position }) => position > projector.projected(partition))
      .forEach(projector.enqueue)
  }
  for (let round = 0; round < 20; round += 1) {
    const failures = await projector.project()
    if (failures.length > 0 || projector.lag().blocks === 0) return failures
  }
  throw new Error('never done')
}

test('each document shows its last value and position, and every block its own', async () => {
  const projection = aProjection()
  const projector = createProjector([projection], store, limits)
  expect(await projectAll(projector, [1, 2])).toEqual([])
  for (const partition of [1, 2]) {
    expect(await values(projection, partition)).toEqual(expected(partition))
    expect(projector.projected(partition)).toBe(5)
    expect(await store.positionOf(projection.name, partition)).toBe(5)
  }
  const blocks = database.db.collection(projection.name)
  expect(await blocks.countDocuments({ '_id.p': 1 })).toBe(keys.length)
})

test('an older value never replaces a newer one, also by a projector that comes late', async () => {
  const projection = aProjection()
  await projectAll(createProjector([projection], store, limits), [3])
  await store.write(projection.name, [
    { id: '3/a', position: 2, fields: { p: 3, value: 20 } },
    { id: '3/d', position: 2, fields: { p: 3, value: 1 } },
  ])
  expect(await values(projection, 3)).toEqual([...expected(3), ['3/d', 1, 2]])
})

test('projectors of the same partition at once end with the same documents', async () => {
  const projection = aProjection()
  const several = Array.from({ length: 4 }, () => createProjector([projection], store, limits))
  await Promise.all(several.map((projector) => projectAll(projector, [4])))
  expect(await values(projection, 4)).toEqual(expected(4))
  expect(await store.positionOf(projection.name, 4)).toBe(5)
})

describe('killed', () => {
  /** Ends for good at its n-th call of the database: before the call is sent, or before its answer arrives. */
  const dyingStore = (diesAt: number, side: 'before' | 'after') => {
    const { calls, mortal } = dyingCalls(diesAt, side)
    return {
      calls,
      store: {
        write: mortal(store.write),
        positionOf: mortal(store.positionOf),
        movePositions: mortal(store.movePositions),
      } satisfies ProjectionStore,
    }
  }

  test('at every step it goes on from there, and ends with the same documents', async () => {
    for (const side of ['before', 'after'] as const) {
      for (let diesAt = 1; ; diesAt += 1) {
        const projections = [aProjection(), aProjection()]
        const dying = dyingStore(diesAt, side)
        await projectAll(createProjector(projections, dying.store, limits), [5]).catch(
          () => undefined,
        )
        expect(await projectAll(createProjector(projections, store, limits), [5])).toEqual([])
        for (const projection of projections) {
          expect(await values(projection, 5)).toEqual(expected(5))
        }
        if (dying.calls() < diesAt) break
        expect(diesAt).toBeLessThan(50)
      }
    }
  }, 60_000)
})

describe('a projection that fails', () => {
  const failingIn = (projection: Projection, partition: number): Projection => ({
    ...projection,
    documentsOf: (block) => {
      if (block.partition === partition) throw new Error('unreadable')
      return projection.documentsOf(block)
    },
  })

  test('in one partition waits there, is named, and holds nothing else up', async () => {
    const [failing, other] = [aProjection(), aProjection()]
    const projector = createProjector([failingIn(failing, 7), other], store, limits)
    const failures = await projectAll(projector, [6, 7])
    expect(failures).toEqual([
      { projection: failing.name, partition: 7, error: expect.any(Error) as unknown },
    ])
    for (let round = 0; round < 3; round += 1) await projector.project()
    expect(await values(failing, 6)).toEqual(expected(6))
    expect(await values(other, 7)).toEqual(expected(7))
    expect(await values(failing, 7)).toEqual([])
    expect([projector.projected(6), projector.projected(7)]).toEqual([5, -1])
    expect(projector.lag()).toEqual({ blocks: 6, bytes: 600 })
  })

  test('by a second effect raises the alarm of its unique index and moves no position', async () => {
    const projection = aProjection()
    await database.db.createCollection(projection.name)
    await database.db
      .collection(projection.name)
      .createIndex({ p: 1, value: 1 }, { unique: true, partialFilterExpression: { value: 10 } }, {})
    await store.write(projection.name, [
      { id: 'earlier', position: 0, fields: { p: 8, value: 10 } },
    ])
    const failures = await projectAll(createProjector([projection], store, limits), [8])
    expect(String(failures[0]?.error)).toContain('E11000')
    expect(await store.positionOf(projection.name, 8)).toBe(-1)
  })
})

describe('a block', () => {
  test('after a gap is refused; one that is projected already changes nothing', async () => {
    const projector = createProjector([aProjection()], store, limits)
    await projectAll(projector, [9])
    expect(() => projector.enqueue(blockOf(9, 7, 'a', 1))).toThrow('handed over after 9/5')
    projector.enqueue(blockOf(9, 3, 'a', 1))
    expect(projector.lag().blocks).toBe(0)
  })

  test('of a partition that has ended is dropped', async () => {
    const projector = createProjector([aProjection()], store, limits)
    await projector.begin(10)
    projector.enqueue(blockOf(10, 0, 'a', 1))
    projector.end(10)
    projector.enqueue(blockOf(10, 1, 'a', 1))
    expect(projector.lag().blocks).toBe(0)
    expect(await projector.project()).toEqual([])
  })
})

test('positions are moved only from the one that is expected', async () => {
  const name = aProjection().name
  const move = async (...moves: readonly Move[]) => [...(await store.movePositions(name, moves))]
  expect(await move({ partition: 1, from: -1, to: 3 })).toEqual([[1, 3]])
  expect(await move({ partition: 1, from: -1, to: 9 })).toEqual([[1, 3]])
  expect(await move({ partition: 1, from: 2, to: 9 })).toEqual([[1, 3]])
  expect(await move({ partition: 1, from: 3, to: 4 })).toEqual([[1, 4]])
  // One that another owner has moved keeps none of the others back.
  const both = await move({ partition: 1, from: 3, to: 5 }, { partition: 2, from: -1, to: 7 })
  expect(both.sort()).toEqual([
    [1, 4],
    [2, 7],
  ])
  expect(await store.positionOf(name, 1)).toBe(4)
})
