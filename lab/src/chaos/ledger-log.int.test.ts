import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import mongoose from 'mongoose'
import { createAppendQueue } from '../../../services/ledger/src/log/append-queue.ts'
import { blocksCollection, createBlockStore } from '../../../services/ledger/src/log/block-store.ts'
import { appendBlock, type Limits } from '../../../services/ledger/src/log/append-block.ts'
import {
  batchBlock,
  birthBlock,
  type Birth,
  type Block,
} from '../../../services/ledger/src/log/block.ts'
import {
  ensureBirth,
  takeOver,
  type TakeoverPorts,
} from '../../../services/ledger/src/log/own-partition.ts'
import { walkBlocks } from '../../../services/ledger/src/log/walk-blocks.ts'
import type {
  Projection,
  ReadableBlock,
} from '../../../services/ledger/src/projections/projection.ts'
import {
  createProjectionStore,
  type ProjectionStore,
} from '../../../services/ledger/src/projections/projection-store.ts'
import { createProjector } from '../../../services/ledger/src/projections/projector.ts'
import { createGuard } from '@recargas/stack/guard'
import { findMongod } from '@recargas/stack/install'
import { waitUntil } from '@recargas/stack/readiness'
import { runRounds } from '@recargas/runtime'
import { startReplicaSet, type Mongod, type ReplicaSet } from './replica-set.ts'

/** The ledger's log and its projections on a replica set with paused, killed and stepped-down members. */
const { MongoClient } = mongoose.mongo
const mongod = findMongod()
const describeOnMembers = mongod === null ? describe.skip : describe
const limitMs = 60_000
/** Time limit of one command: short, so that an append has several tries without a majority. */
const timeoutMs = 1_000
const databaseName = 'ledger_log'

const guard = createGuard()
let folder: string
let set: ReplicaSet
let client: mongoose.mongo.MongoClient
let store: ReturnType<typeof createBlockStore>

// Readers run beside a test; they end with it, also where it fails.
let readers: (() => Promise<void>)[] = []
const failures: unknown[] = []
const readAgain = (everyMs: number, round: () => Promise<void>): (() => Promise<void>) => {
  const onFailure = (error: unknown) => failures.push(error)
  const { stop } = runRounds(round, { everyMs, begin: 'at-once', onFailure })
  readers.push(stop)
  return stop
}

/** The ports of one instance: all its partitions share a queue. */
const portsOf = (): TakeoverPorts => ({
  insert: createAppendQueue(store.insert).insert,
  find: store.find,
  newest: store.newest,
  now: () => Date.now(),
  blockTime: () => Date.now(),
})
const within = (ms = 30_000, signal = new AbortController().signal): Limits => ({
  untilMs: Date.now() + ms,
  signal,
})

const ledger: Birth = { id: randomUUID(), namespace: randomUUID(), partitions: 64, at: Date.now() }
let partitions = 0
/** A partition without an owner. */
const aPartition = async (): Promise<Block> => {
  const birth = birthBlock(partitions, ledger)
  partitions += 1
  await ensureBirth(portsOf(), birth, within())
  return birth
}
const owned = async (birth: Block, owner: string): Promise<Block> => {
  const taken = await takeOver(portsOf(), birth, owner, within())
  if (taken.kind !== 'owner') throw new Error(`not the owner: ${JSON.stringify(taken)}`)
  return taken.tip
}
const aBatch = (tip: Block): Block =>
  batchBlock(tip, { at: Date.now(), rules: 1, policy: '{}', entries: [`{"id":"${randomUUID()}"}`] })

// --- The log that is left

const walked = async ({ partition }: Block): Promise<readonly Block[]> => {
  const blocks: Block[] = []
  for await (const read of walkBlocks(store, partition, null)) {
    if (read.kind === 'damaged') throw new Error(JSON.stringify(read.damage))
    blocks.push(read.block)
  }
  return blocks
}

/** Asks one member, whatever it is, for its own data. */
const onMember = async <Result>(
  { port }: Mongod,
  ask: (db: mongoose.mongo.Db) => Promise<Result>,
): Promise<Result> => {
  const direct = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    readPreference: 'secondaryPreferred',
    serverSelectionTimeoutMS: 2_000,
    connectTimeoutMS: 2_000,
    socketTimeoutMS: 2_000,
  })
  try {
    return await ask(direct.db(databaseName))
  } finally {
    await direct.close(true)
  }
}
/** The hashes of a partition as one member has them, of a majority or not. */
const hashesOn = (member: Mongod, { partition }: Block): Promise<readonly string[]> =>
  onMember(member, async (db) => {
    const blocks = db.collection(blocksCollection).find({ '_id.p': partition } as never)
    return (await blocks.sort({ _id: 1 }).toArray()).map(({ hash }) => String(hash))
  })

/** One unbroken log with every block that was reported appended, the same on each member. */
const expectWhole = async (birth: Block, reported: readonly Block[]): Promise<readonly Block[]> => {
  const blocks = await walked(birth)
  const hashes = blocks.map(({ hash }) => hash)
  for (const { position, hash } of reported) {
    expect([position, hashes[position]]).toEqual([position, hash])
  }
  await waitUntil('every member has the same log', limitMs, async () => {
    const each = await Promise.all(
      set.members.map((member) => hashesOn(member, birth).catch(() => [])),
    )
    return each.every((onOne) => onOne.join() === hashes.join())
  })
  return blocks
}

// --- Members

const serves = async (member: Mongod): Promise<'primary' | 'secondary' | null> => {
  const hello = await onMember(member, (db) => db.command({ hello: 1 })).catch(() => null)
  if (hello?.['isWritablePrimary'] === true) return 'primary'
  return hello?.['secondary'] === true ? 'secondary' : null
}
const heal = async (): Promise<void> => {
  for (const member of set.members) member.signal('SIGCONT')
  await Promise.all(set.members.flatMap(({ pid, start }) => (pid() === null ? [start()] : [])))
  await waitUntil('every member serves', limitMs, async () => {
    const states = await Promise.all(set.members.map(serves))
    return states.includes('primary') && !states.includes(null)
  })
}
const withoutSecondaries = async () => {
  const primary = await set.waitPrimary()
  const secondaries = set.members.filter((member) => member !== primary)
  // Killed, not paused: a paused member would still find the primary's messages on its connection.
  await Promise.all(secondaries.map((each) => each.kill()))
  return { primary, secondaries }
}

describeOnMembers(`on three members${mongod === null ? ' (skipped: no mongod here)' : ''}`, () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recargas-members-'))
    set = await startReplicaSet({ binary: mongod ?? '', folder, guard, failover: 'quick' })
    client = await new MongoClient(set.uri).connect()
    const db = client.db(databaseName)
    await db.createCollection(blocksCollection)
    store = createBlockStore(db, { timeoutMs })
  }, limitMs)
  afterEach(async () => {
    await Promise.all([heal(), ...readers.map((stop) => stop())])
    readers = []
    expect(failures.splice(0)).toEqual([])
  }, limitMs)
  afterAll(async () => {
    await client.close(true)
    await set.stop()
    await guard.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }, limitMs)

  test(
    'appends that a paused primary holds up end appended or in doubt, and a takeover settles them',
    async () => {
      const births = await Promise.all(Array.from({ length: 4 }, aPartition))
      const tips = await Promise.all(births.map((birth) => owned(birth, 'old')))
      const paused = await set.waitPrimary()
      const ports = portsOf()
      const batches = tips.map(aBatch)
      const underWay = batches.map((batch, index) =>
        appendBlock(ports, tips[index] ?? batch, batch, within(1_500)),
      )
      // The queue sends at the end of this turn of the event loop.
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
      paused.signal('SIGSTOP')
      const outcomes = await Promise.all(underWay)
      for (const { kind } of outcomes) expect(['appended', 'in-doubt']).toContain(kind)

      const taken = await Promise.all(births.map((birth) => owned(birth, 'new')))
      const late = await Promise.all(
        batches.map((batch, index) => appendBlock(ports, tips[index] ?? batch, batch, within())),
      )
      paused.signal('SIGCONT')
      for (const [index, birth] of births.entries()) {
        const [batch, takeover] = [batches[index], taken[index]]
        if (batch === undefined || takeover === undefined) throw new Error('a block is missing')
        const isIn = late[index]?.kind === 'appended'
        if (outcomes[index]?.kind === 'appended') expect(isIn).toBe(true)
        // Fenced: its next block, or the one in doubt, finds the takeover in its place.
        const next = isIn ? await appendBlock(ports, batch, aBatch(batch), within()) : late[index]
        expect(next).toEqual({ kind: 'occupied', by: takeover })
        await expectWhole(birth, isIn ? [batch, takeover] : [takeover])
      }
    },
    limitMs,
  )

  test(
    'every call of the log and of the projections ends while the primary is silent',
    async () => {
      const birth = await aPartition()
      const tip = await owned(birth, 'one')
      const projected = createProjectionStore(client.db(databaseName), { timeoutMs })
      ;(await set.waitPrimary()).signal('SIGSTOP')
      const startedAt = performance.now()
      const ended = await Promise.allSettled([
        store.insert([aBatch(tip)]),
        store.find(birth.partition, 1),
        store.newest(birth.partition),
        walked(birth),
        projected.write('silent', [{ id: 'one', position: 1, fields: {} }]),
        projected.positionOf('silent', 1),
        projected.movePositions('silent', [{ partition: 1, from: -1, to: 1 }]),
        projected.movePositions('silent', [{ partition: 2, from: 1, to: 2 }]),
      ])
      expect(ended[0]).toEqual({ status: 'fulfilled', value: ['unknown'] })
      for (const each of ended.slice(1)) expect(each.status).toBe('rejected')
      // The driver's own monitor gives such a connection up after forty seconds.
      expect(performance.now() - startedAt).toBeLessThan(10_000)
    },
    limitMs,
  )

  describe('two instances that take over from one another lose no block', () => {
    /** Blocks per turn: the other owner takes over in the middle, and succeeds once its blocks are absorbed. */
    const blocksPerTurn = 20
    type Load = { readonly birth: Block; readonly reported: Block[] }
    /** Takes the partition over and appends, again and again. */
    const append = async (
      ports: TakeoverPorts,
      instance: string,
      { birth, reported }: Load,
      signal: AbortSignal,
    ): Promise<void> => {
      const isOver = () => signal.aborted
      while (!isOver()) {
        const owner = `${instance}-${randomUUID()}`
        const taken = await takeOver(ports, birth, owner, within(3_000, signal))
        if (taken.kind === 'damaged') throw new Error(JSON.stringify(taken))
        let tip = taken.kind === 'owner' ? taken.tip : null
        for (let count = 0; tip !== null && count < blocksPerTurn && !isOver(); count += 1) {
          reported.push(tip)
          const block = aBatch(tip)
          const outcome = await appendBlock(ports, tip, block, within(3_000, signal))
          if (outcome.kind === 'damaged') throw new Error(JSON.stringify(outcome))
          tip = outcome.kind === 'appended' ? block : null
        }
        if (tip !== null) reported.push(tip)
        const known = reported.length
        const goesOn = () => isOver() || reported.length > known + blocksPerTurn / 2
        // A silent one is not waited for.
        await waitUntil('the other one appends', 300, goesOn, 5).catch(() => undefined)
      }
    }

    test.each([
      [
        'while the primary is killed and comes back',
        async (primary: Mongod, appendsMore: () => Promise<void>) => {
          await primary.kill()
          await appendsMore()
          await primary.start()
        },
      ],
      ['while the primary steps down', (primary: Mongod) => primary.stepDown()],
    ])(
      '%s',
      async (_, fault) => {
        const births = [await aPartition(), await aPartition()]
        const stopping = new AbortController()
        const loads = births.map((birth): Load => ({ birth, reported: [] }))
        const running = Promise.all(
          ['one', 'two'].flatMap((instance) => {
            const ports = portsOf()
            return loads.map((load) => append(ports, instance, load, stopping.signal))
          }),
        )
        const batchesOf = (instance: string, { reported }: Load) =>
          reported.filter(({ kind, owner }) => kind === 'batch' && owner.startsWith(instance))
            .length
        const counts = () =>
          loads.flatMap((load) => ['one', 'two'].map((instance) => batchesOf(instance, load)))
        const appendsMore = async () => {
          const before = counts()
          const all = waitUntil('both append to both partitions', limitMs, () =>
            counts().every((count, index) => count > (before[index] ?? 0) + 2),
          )
          await Promise.race([running, all])
        }
        try {
          await appendsMore()
          await fault(await set.waitPrimary(), appendsMore)
          await appendsMore()
        } finally {
          stopping.abort()
        }
        await running
        for (const { birth, reported } of loads) {
          await expectWhole(birth, reported)
        }
      },
      limitMs,
    )
  })

  describe('without a majority', () => {
    test.each(['paused', 'killed'] as const)(
      'a block of the primary alone is never reported, and is gone after its primary was %s',
      async (how) => {
        const birth = await aPartition()
        const tip = await owned(birth, 'old')
        const alone = aBatch(tip)
        const found = new Set<string | null>()
        const stopLookUps = readAgain(20, async () => {
          const read = await store.find(birth.partition, alone.position).catch(() => 'unknown')
          if (typeof read === 'string') return
          found.add(read?.kind === 'block' ? read.block.hash : null)
        })
        const { primary, secondaries } = await withoutSecondaries()
        const outcome = await appendBlock(portsOf(), tip, alone, within(1_200))
        expect(outcome).toEqual({ kind: 'in-doubt' })
        expect(await hashesOn(primary, birth)).toEqual([birth.hash, tip.hash, alone.hash])
        if (how === 'paused') primary.signal('SIGSTOP')
        else await primary.kill()
        await Promise.all(secondaries.map((each) => each.start()))
        const taken = await owned(birth, 'new')
        expect(taken).toMatchObject({ position: alone.position, epoch: tip.epoch + 1 })
        if (how === 'paused') primary.signal('SIGCONT')
        else await primary.start()

        const late = await appendBlock(portsOf(), tip, alone, within())
        expect(late).toEqual({ kind: 'occupied', by: taken })
        expect(await expectWhole(birth, [taken])).toEqual([birth, tip, taken])
        await stopLookUps()
        expect(found).toEqual(new Set([null, taken.hash]))
      },
      limitMs,
    )

    test(
      'a write concern error beside a duplicate key leaves the other block in doubt',
      async () => {
        const births = [await aPartition(), await aPartition()] as const
        const tips = [await owned(births[0], 'one'), await owned(births[1], 'one')] as const
        const second = aBatch(tips[1])
        const { primary, secondaries } = await withoutSecondaries()
        const inserting = store.insert([tips[0], second])
        const onPrimary = () => hashesOn(primary, births[1])
        await waitUntil('the primary has it', limitMs, async () => (await onPrimary()).length === 3)
        expect(await store.find(second.partition, second.position)).toBeNull()
        expect(await inserting).toEqual(['duplicate-key', 'unknown'])
        // The duplicate is the block itself, which a majority does not hold yet.
        const outcome = await appendBlock(portsOf(), tips[1], second, within(0))
        expect(outcome).toEqual({ kind: 'in-doubt' })
        await Promise.all(secondaries.map((each) => each.start()))
        const again = await appendBlock(portsOf(), tips[1], second, within())
        expect(again).toEqual({ kind: 'appended' })
        await expectWhole(births[1], [tips[1], second])
      },
      limitMs,
    )
  })

  describe('a projector', () => {
    const keys = ['a', 'b', 'a', 'c', 'b', 'a']
    const length = 60
    const blocksOf = (partition: number): ReadableBlock[] =>
      Array.from({ length }, (_, position) => ({
        partition,
        position,
        at: 1_000 * position,
        bytes: 100,
        entries: [{ id: keys[position % keys.length], operation: String(position) }] as never,
      }))
    const values: Projection = {
      name: 'values',
      indexes: [],
      documentsOf: ({ partition, entries }) =>
        entries.map(({ id, operation }) => ({
          id: `${partition}/${id}`,
          fields: { p: partition, value: Number(operation) },
        })),
    }
    const expected = (partition: number) =>
      ['a', 'b', 'c'].map((key) => {
        const last = blocksOf(partition).findLast(({ entries }) => entries[0]?.id === key)
        return [`${partition}/${key}`, last?.position, last?.position]
      })
    const documents = (options: mongoose.mongo.FindOptions = {}) =>
      client
        .db(databaseName)
        .collection<{ _id: string; p: number; value: number; position: number }>(values.name)
        .find({}, { readConcern: { level: 'majority' }, ...options })
        .sort({ _id: 1 })
        .toArray()

    let real: ProjectionStore
    let first = 0
    beforeEach(() => {
      real = createProjectionStore(client.db(databaseName), { timeoutMs })
      first += 10
    })

    /** Reads as one client with causal consistency. */
    const watch = () => {
      const session = client.startSession({ causalConsistency: true })
      const shown = new Map<string, number>()
      const older: string[] = []
      const stop = readAgain(10, async () => {
        for (const { _id, value } of await documents({ session }).catch(() => [])) {
          if (value < (shown.get(_id) ?? -1)) older.push(`${_id}: ${value}`)
          shown.set(_id, value)
        }
      })
      return { shown, older, stop: () => stop().then(() => session.endSession()) }
    }

    test.each(['killed', 'stepped down'] as const)(
      'whose primary is %s under its hands goes on, and nothing shows an older value',
      async (how) => {
        const primary = await set.waitPrimary()
        const faults: Promise<void>[] = []
        const begin = () => (how === 'killed' ? primary.kill() : primary.stepDown())
        let calls = 0
        /** The fault comes while the answer is under way. */
        const during = async <Result>(answer: Promise<Result>): Promise<Result> => {
          calls += 1
          if (calls === 5) faults.push(begin())
          return answer
        }
        const projector = createProjector(
          [values],
          {
            ...real,
            write: (...args) => during(real.write(...args)),
            movePositions: (...args) => during(real.movePositions(...args)),
          },
          { blocksMax: 6 },
        )
        const reader = watch()
        const ofPartitions = [first, first + 1]
        for (const partition of ofPartitions) {
          await projector.begin(partition)
          blocksOf(partition).forEach(projector.enqueue)
        }
        await waitUntil(
          'everything is projected',
          limitMs,
          async () => {
            await projector.project()
            return projector.lag().blocks === 0
          },
          0,
        )
        expect(faults).toHaveLength(1)
        await Promise.all(faults)
        await reader.stop()
        expect(reader.older).toEqual([])
        expect(await set.waitPrimary()).not.toBe(primary)
        const shown = await documents()
        for (const partition of ofPartitions) {
          const own = shown.filter(({ p }) => p === partition)
          expect(own.map(({ _id, value, position }) => [_id, value, position])).toEqual(
            expected(partition),
          )
          expect(await real.positionOf(values.name, partition)).toBe(length - 1)
        }
      },
      limitMs,
    )
  })
})
