import { dyingCalls } from '../testing/dying-calls.ts'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { money } from '@recargas/contracts'
import { until } from '@recargas/runtime/testing'
import type { Operation } from '../accounting/operation.ts'
import { ensureProjections, projections } from '../projections/all.ts'
import { createGenerationStore, generationsCollection } from '../projections/generation-store.ts'
import { collectionOf, firstGeneration, generationOf } from '../projections/generations.ts'
import { markNewProjections } from '../projections/mark-new-projections.ts'
import type { Projection } from '../projections/projection.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import { aTopup, anOpenShopOperations, idOf } from '../testing/builders.ts'
import { aLedgerHistory, writeHistory } from '../testing/ledger-history.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import { openRebuild, refuseOther } from './open-rebuild.ts'
import { rebuildProjections } from './rebuild-projections.ts'
import type { RebuildDeps, RebuildProgress } from './rebuild-run.ts'

const partition = 3
const timeoutMs = 5_000
const times = { leaseMs: 10_000, settleMs: 30, settledMs: 20_000, keepMs: 50, heardMs: 50 }

let database: LogDatabase
const stops: (() => Promise<void>)[] = []
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
}, 60_000)
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  for (const { name } of projections) {
    await database.db.dropCollection(collectionOf(name, 2)).catch(() => undefined)
  }
  await ensureProjections(database.db)
  await database.empty()
})
afterAll(() => database.drop())

const named = (name: string): Projection => {
  const found = projections.find((projection) => projection.name === name)
  if (found === undefined) throw new Error(name)
  return found
}
const generations = () => createGenerationStore(database.db, { timeoutMs })

/**
 * An instance of the ledger that takes the partition over at its first command; it projects and follows until the test ends.
 */
const anInstance = async (): Promise<TestLogWriter> => {
  const store = generations()
  const writer = testLogWriter(database, {
    partition,
    generations: { ...store, known: await store.read() },
  })
  let isStopping = false
  const round = async (step: () => Promise<unknown>) => {
    while (!isStopping) {
      await step()
      await pause(5)
    }
  }
  const rounds = [round(writer.projector.project), round(writer.follow)]
  stops.push(async () => {
    isStopping = true
    await Promise.all(rounds)
    await writer.stop()
  })
  return writer
}

const depsOf = (
  wanted: readonly Projection[],
  changed: Partial<RebuildDeps> = {},
): RebuildDeps => ({
  ...openRebuild({ db: database.db, blocks: database.db }, { timeoutMs }),
  projections: wanted,
  partitions: 4,
  onProgress: () => undefined,
  isStopping: () => false,
  times,
  ...changed,
})

const documents = async ({ name, collection = name }: Projection) =>
  (await database.db.collection(collection).find().sort({ _id: 1 }).toArray()) as readonly unknown[]
const indexNames = async ({ name, collection = name }: Projection) =>
  (await database.db.collection(collection).indexes()).map((index) => index.name).sort()

/** A history that is projected; the writer has ended. */
const aHistory = async (): Promise<void> => {
  const writer = testLogWriter(database, { partition, batchSizeMax: 7 })
  await writeHistory(writer, aLedgerHistory())
  await writer.projectAll()
  await writer.stop()
}

describe('a rebuild while the ledger sells', () => {
  test('ends with the live projection, also when another instance takes over in the middle', async () => {
    const first = await anInstance()
    const opened = anOpenShopOperations()
    await first.enqueueAll(opened)
    const sold: Operation[] = []
    const sell = async (writer: TestLogWriter): Promise<void> => {
      const number = String(70_000_000 + sold.length)
      const sale = aTopup({ number, amount: money(1) })
      sold.push(sale)
      expect(await writer.enqueue(sale)).toMatchObject({ kind: 'done' })
    }
    for (let sale = 0; sale < 50; sale += 1) await sell(first)
    const second = await anInstance()
    let owner = first
    let isSelling = true
    const selling = (async () => {
      while (isSelling) await sell(owner)
    })()

    const compared: string[] = []
    const progress: RebuildProgress[] = []
    const deps = depsOf(projections)
    await rebuildProjections({
      ...deps,
      onProgress: (each) => {
        progress.push(each)
        // The first group of blocks is written.
        if (each.kind === 'writing') owner = second
        if (each.kind === 'switched') isSelling = false
      },
      times: { ...times, keepMs: 1_000 },
      collections: {
        ...deps.collections,
        drop: async (generation, check) => {
          const original = named(generation.name)
          const rebuilt = await documents(generationOf(original, 2))
          expect(rebuilt.length > 0).toBe(generation.name !== 'cases')
          expect(rebuilt).toEqual(await documents(original))
          compared.push(generation.name)
          await deps.collections.drop(generation, check)
        },
      },
    })
    await selling
    expect(compared).toEqual(projections.map(({ name }) => name))
    expect((await database.db.collection('blocks').distinct('owner')).length).toBeGreaterThan(1)
    expect(progress.filter(({ kind }) => kind === 'dropped')).toHaveLength(projections.length)
    const listed = await database.db.listCollections({}, { nameOnly: true }).toArray()
    const collections = listed.map(({ name }) => name)
    for (const { name } of projections) {
      expect(collections).not.toContain(name)
      expect(await indexNames(generationOf(named(name), 2))).toHaveLength(
        named(name).indexes.length + 1,
      )
    }

    // A later owner begins with the new generation, and sells nothing twice.
    const third = await anInstance()
    const [again = aTopup()] = sold
    expect(await third.enqueue(again)).toMatchObject({ kind: 'done' })
    await sell(third)
    const { operations, sales } = third.projected
    await until(async () => (await sales.countDocuments()) === sold.length)
    expect(await operations.countDocuments({ entry: idOf(again) })).toBe(1)
  }, 60_000)
})

describe('a rebuild that is killed', () => {
  /** Ends for good at its n-th change of the database: before it is sent, or before its answer arrives. */
  const dying = (deps: RebuildDeps, diesAt: number, side: 'before' | 'after') => {
    const { calls, mortal } = dyingCalls(diesAt, side)
    return {
      calls,
      deps: {
        ...deps,
        generations: {
          ...deps.generations,
          lease: mortal(deps.generations.lease),
          release: mortal(deps.generations.release),
          change: mortal(deps.generations.change),
        },
        store: {
          ...deps.store,
          write: mortal(deps.store.write),
          movePositions: mortal(deps.store.movePositions),
        },
        collections: {
          make: mortal(deps.collections.make),
          drop: mortal(deps.collections.drop),
        },
        // A dead store fails for ever: no retry helps.
        pause: (delayMs: number) => pause(Math.min(delayMs, 1)),
      },
    }
  }
  const expireLeases = () =>
    database.db
      .collection<{ _id: string }>(generationsCollection)
      .updateMany({}, { $set: { until: new Date(0) } })

  test.each(['before', 'after'] as const)(
    '%s any change of the database, once and again, goes on with the same command',
    async (side) => {
      await aHistory()
      const balances = named('balances')
      const live = await documents(balances)
      const currentAfter: number[] = []
      for (let diesAt = 1; ; diesAt += 1) {
        let calls = 0
        for (const _ of ['once', 'again']) {
          const mortal = dying(depsOf([balances]), diesAt, side)
          await rebuildProjections(mortal.deps).catch(() => undefined)
          calls = Math.max(calls, mortal.calls())
          await expireLeases()
        }
        await rebuildProjections(depsOf([balances]))
        const { current } = (await generations().read()).get('balances') ?? firstGeneration
        expect((await generations().read()).get('balances')).toEqual({
          ...firstGeneration,
          current,
        })
        expect(await documents(generationOf(balances, current ?? 1))).toEqual(live)
        currentAfter.push(current ?? 0)
        if (calls < diesAt) break
        expect(diesAt).toBeLessThan(60)
      }
      expect(currentAfter.at(-1)).toBeGreaterThan(currentAfter.length)
      expect(currentAfter.length).toBeGreaterThan(8)
    },
    120_000,
  )
})

describe('a projection that is damaged', () => {
  test('whose documents are gone and whose index was dropped is whole after its rebuild, and nothing else is touched', async () => {
    await aHistory()
    const sales = named('sales')
    const live = await documents(sales)
    const indexes = await indexNames(sales)
    const others = await documents(named('balances'))
    await database.db.collection('sales').deleteMany({ state: { $ne: 'reserved' } })
    await database.db.collection('sales').dropIndex('p_1_reservedAt_1')
    await rebuildProjections(depsOf([sales]))
    expect(await documents(generationOf(sales, 2))).toEqual(live)
    expect(await indexNames(generationOf(sales, 2))).toEqual(indexes)
    expect(await documents(named('balances'))).toEqual(others)

    const writer = await anInstance()
    await writer.wake()
    const shown = await writer.positions.positionsOf(partition, ['sales', 'balances'])
    expect([...shown.keys()]).toEqual(['sales', 'balances'])
    expect(await writer.projected.sales.countDocuments()).toBe(live.length)
  })

  test('takes the first collection again with the next rebuild, whatever a late writer left there', async () => {
    await aHistory()
    const cash = named('cash')
    const live = await documents(cash)
    await rebuildProjections(depsOf([cash]))
    await database.db.collection('cash').insertOne({ position: 1, p: partition })
    await rebuildProjections(depsOf([cash]))
    expect(await documents(cash)).toEqual(live)
    expect((await generations().read()).get('cash')).toEqual({ ...firstGeneration, current: 3 })
  })

  test('that is new to a ledger with a history is read only after its rebuild', async () => {
    await aHistory()
    const positions = database.db.collection<{ _id: object }>(positionsCollection)
    await positions.updateMany({}, { $set: { n: 1_001 } })
    await positions.deleteMany({ '_id.projection': 'cases' })
    await markNewProjections(database.db, generations())
    await positions.deleteMany({})
    const writer = await anInstance()
    await writer.wake()
    expect(() => writer.projected.cases.find({})).toThrow('no generation of it can be read')
    expect(await writer.positions.positionsOf(partition, ['cases'])).toEqual(new Map())
    await rebuildProjections(depsOf([named('cases')]))
    const isRead = () => {
      try {
        writer.projected.cases.find({})
        return true
      } catch {
        return false
      }
    }
    await until(isRead)
    expect((await writer.positions.positionsOf(partition, ['cases'])).size).toBe(1)
    expect((await generations().read()).get('cases')).toEqual(firstGeneration)
    expect(await writer.projected.cases.countDocuments({})).toBeGreaterThan(0)
  })
})

describe('a rebuild stops', () => {
  test('where another one is under way', async () => {
    await aHistory()
    await generations().lease('sales', randomUUID(), 60_000)
    const brief = { ...times, leaseMs: 20 }
    await expect(rebuildProjections(depsOf(projections, { times: brief }))).rejects.toThrow(
      'another rebuild of sales is under way',
    )
    expect((await generations().read()).get('balances')).toEqual(firstGeneration)
  })

  test('at a damaged block and names it; the projection of before is read as ever', async () => {
    await aHistory()
    const blocks = database.db.collection<{ _id: { p: number; n: number } }>('blocks')
    await blocks.updateOne({ _id: { p: partition, n: 5 } }, { $set: { epoch: 9 } })
    await expect(rebuildProjections(depsOf([named('sales')]))).rejects.toThrow(
      `block ${partition}/5 is damaged`,
    )
    expect((await generations().read()).get('sales')).toMatchObject({ current: 1, building: 2 })
  })

  test('where there is no log of a ledger', async () => {
    const { db, models } = database
    await expect(refuseOther({ db, blocks: db, models }, timeoutMs)).rejects.toThrow(
      "there is no ledger's log",
    )
  })

  test('where a write fails again and again, and goes on where it fails for a while only', async () => {
    await aHistory()
    const deps = depsOf([named('sales')])
    let failing = 1_000
    const onProgress: RebuildProgress[] = []
    const full: RebuildDeps = {
      ...deps,
      onProgress: (each) => onProgress.push(each),
      pause: () => pause(1),
      store: {
        ...deps.store,
        write: (...asked) => {
          failing -= 1
          return failing > 0
            ? Promise.reject(new Error('not enough disk space'))
            : deps.store.write(...asked)
        },
      },
    }
    await expect(rebuildProjections(full)).rejects.toThrow(
      `sales/2 cannot be written in partition ${partition}: not enough disk space`,
    )
    failing = 10
    await rebuildProjections(full)
    expect(onProgress).toContainEqual({
      kind: 'retrying',
      projection: 'sales/2',
      reason: 'not enough disk space',
    })
    expect((await generations().read()).get('sales')).toEqual({ ...firstGeneration, current: 2 })
  })

  test('before it drops a collection that another one has made under the same name', async () => {
    const { collections } = depsOf([])
    const cash = named('cash')
    const dropping = collections.drop(cash, async () => {
      // Suspended here, while another rebuild goes on.
      await database.db.dropCollection('cash')
      await ensureProjections(database.db, [cash])
      await database.db.collection('cash').insertOne({ position: 1 })
    })
    await expect(dropping).rejects.toMatchObject({ codeName: 'CollectionUUIDMismatch' })
    expect(await documents(cash)).toHaveLength(1)
  })
})
