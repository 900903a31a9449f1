import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import mongoose from 'mongoose'
import { anId, policy, start } from '../testing/builders.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { blockDocument } from './block-documents.ts'
import { blocksCollection, createBlockStore } from './block-store.ts'
import { batchBlock, birthBlock, type Birth, type Block } from './block.ts'
import { createAppendQueue } from './append-queue.ts'
import { openProjections } from '../projections/open-projections.ts'
import { createLoadMemory } from './load-memory.ts'
import { createLookUp } from './look-up.ts'
import { appendBlock } from './append-block.ts'
import { ensureBirth, takeOver, type TakeoverPorts } from './own-partition.ts'
import { walkBlocks } from './walk-blocks.ts'
import { createProjectionStore } from '../projections/projection-store.ts'

let database: LogDatabase
let partition = -1
let birth: Block
const ledger: Birth = { id: randomUUID(), namespace: randomUUID(), partitions: 16, at: Date.now() }

beforeAll(async () => {
  database = await logDatabase()
}, 60_000)
afterAll(() => database.drop())

const ports = (changed: Partial<TakeoverPorts> = {}): TakeoverPorts => ({
  insert: createAppendQueue(database.store.insert).insert,
  find: database.store.find,
  newest: database.store.newest,
  now: () => Date.now(),
  blockTime: () => Date.now(),
  ...changed,
})
const limits = (ms = 10_000) => ({
  untilMs: Date.now() + ms,
  signal: new AbortController().signal,
})
beforeEach(async () => {
  partition += 1
  birth = birthBlock(partition, ledger)
  await ensureBirth(ports(), birth, limits())
})

const owned = async (owner: string): Promise<Block> => {
  const takeover = await takeOver(ports(), birth, owner, limits())
  if (takeover.kind !== 'owner') throw new Error(`not the owner: ${takeover.kind}`)
  return takeover.tip
}
const aBatch = (tip: Block, entry = '{}') =>
  batchBlock(tip, { at: Date.now(), rules: 1, policy: '{}', entries: [entry] })
const documents = () =>
  database.db
    .collection(blocksCollection)
    .find({ '_id.p': partition } as never)
    .sort({ _id: 1 })
    .toArray()
/** The blocks of the partition; throws where one does not follow the one before. */
const log = async (): Promise<Block[]> => {
  const blocks: Block[] = []
  for await (const read of walkBlocks(database.store, partition, null)) {
    if (read.kind === 'damaged') throw new Error(JSON.stringify(read.damage))
    blocks.push(read.block)
  }
  return blocks
}

test('blocks are read as they were appended, numbers as whole numbers of 64 bits', async () => {
  const tip = await owned('one')
  const batch = aBatch(tip, '{"text":"añ€"}')
  expect(await appendBlock(ports(), tip, batch, limits())).toEqual({ kind: 'appended' })
  expect(await log()).toEqual([birth, tip, batch])
  const types = await database.db
    .collection(blocksCollection)
    .find({ '_id.p': partition, '_id.n': { $type: 'long' }, epoch: { $type: 'long' } } as never)
    .toArray()
  expect(types).toHaveLength(3)
})

test('the first birth of partition 0 is the ledger’s, whatever another instance appends', async () => {
  const other = birthBlock(partition, { ...ledger, id: randomUUID() })
  expect(await ensureBirth(ports(), other, limits())).toEqual({ kind: 'born', birth })
})

describe('an owner', () => {
  test('whose partition was taken over is fenced: its block finds its position occupied', async () => {
    const old = await owned('old')
    const taken = await owned('new')
    const late = await appendBlock(ports(), old, aBatch(old), limits())
    expect(late).toEqual({ kind: 'occupied', by: taken })
    expect(await log()).toHaveLength(3)
  })

  test('whose insert was executed and whose reply was lost finds its own block', async () => {
    const tip = await owned('one')
    let replies = 0
    const lossy = ports({
      insert: async (block) => {
        const [reply] = await database.store.insert([block])
        replies += 1
        return replies === 1 ? 'unknown' : (reply ?? 'unknown')
      },
    })
    expect(await appendBlock(lossy, tip, aBatch(tip), limits())).toEqual({ kind: 'appended' })
    expect(replies).toBe(2)
    expect(await log()).toHaveLength(3)
  })

  test('without a reply ends in doubt at its time, and when it is stopped', async () => {
    const tip = await owned('one')
    const deaf = ports({ insert: () => Promise.resolve('unknown') })
    expect(await appendBlock(deaf, tip, aBatch(tip), limits(100))).toEqual({ kind: 'in-doubt' })
    const stopped = { untilMs: Date.now() + 60_000, signal: AbortSignal.abort() }
    expect(await appendBlock(deaf, tip, aBatch(tip), stopped)).toEqual({ kind: 'in-doubt' })
  })
})

describe('a takeover', () => {
  test('merges the block that an owner of before gets in first', async () => {
    const old = await owned('old')
    const batch = aBatch(old)
    let isFirst = true
    const raced = ports({
      insert: async (block) => {
        // Between the new owner's look and its insert.
        if (isFirst) await database.store.insert([batch])
        isFirst = false
        return (await database.store.insert([block]))[0] ?? 'unknown'
      },
    })
    const taken = await takeOver(raced, birth, 'new', limits())
    expect(taken).toMatchObject({ kind: 'owner', tip: { position: 3, epoch: 2, owner: 'new' } })
    expect(await log()).toHaveLength(4)
  })

  test('settles the doubt of the owner before: its block is in the log, or never will be', async () => {
    const old = await owned('old')
    const delayed = aBatch(old)
    await owned('new')
    expect(await database.store.insert([delayed])).toEqual(['duplicate-key'])
    expect((await log()).map(({ owner }) => owner)).toEqual(['', 'old', 'new'])
  })

  test('of several at once leaves one log, each with an epoch of its own', async () => {
    const tips = await Promise.all(['a', 'b', 'c', 'd'].map(owned))
    expect(tips.map(({ epoch }) => epoch).sort()).toEqual([1, 2, 3, 4])
    expect(await log()).toHaveLength(5)
  })

  test('tries on where the newest block cannot be read, and ends in doubt at its time', async () => {
    let reads = 0
    const newest: TakeoverPorts['newest'] = async (each) => {
      reads += 1
      if (reads < 3) throw new Error('no primary')
      return database.store.newest(each)
    }
    const taken = await takeOver(ports({ newest }), birth, 'one', limits())
    expect(taken).toMatchObject({ kind: 'owner', tip: { position: 1 } })
    reads = -1_000
    expect(await takeOver(ports({ newest }), birth, 'two', limits(100))).toEqual({
      kind: 'in-doubt',
    })
    expect(await log()).toHaveLength(2)
  })

  const tamper = (position: number, change: object) =>
    database.db
      .collection(blocksCollection)
      .updateOne({ '_id.p': partition, '_id.n': position }, { $set: change })

  test.each([
    ['that was changed', { owner: 'somebody' }, 'not what its hash covers'],
    ['that lost a field', { at: null }, 'at: '],
    ['of a later version', { v: 9 }, 'v: '],
  ])('stops at a newest block %s, and appends nothing', async (_, change, detail) => {
    const tip = await owned('one')
    await tamper(tip.position, change)
    const taken = await takeOver(ports(), birth, 'two', limits())
    expect(taken).toMatchObject({ kind: 'damaged', damage: { partition, position: 1 } })
    expect(taken.kind === 'damaged' ? taken.damage.detail : '').toContain(detail)
    expect(await documents()).toHaveLength(2)
  })

  test('stops at a block of another birth', async () => {
    const foreign = birthBlock(partition, { ...ledger, id: randomUUID() })
    const taken = await takeOver(ports(), foreign, 'two', limits())
    expect(taken.kind === 'damaged' ? taken.damage.detail : '').toContain('the block is of birth')
    expect(await documents()).toHaveLength(1)
  })
})

describe('one command', () => {
  test('appends the blocks of many partitions, each judged by itself', async () => {
    const births = [900, 901, 902].map((each) => birthBlock(each, ledger))
    expect(await database.store.insert(births)).toEqual(['inserted', 'inserted', 'inserted'])
    const [first, , third] = births
    if (first === undefined || third === undefined) throw new Error('three')
    const other = birthBlock(903, ledger)
    expect(await database.store.insert([first, other, third])).toEqual([
      'duplicate-key',
      'inserted',
      'duplicate-key',
    ])
  })

  test('that the server refuses as a whole leaves every block in doubt and throws nothing', async () => {
    const errors: unknown[] = []
    const client = createBlockStore(database.db, {
      timeoutMs: 5_000,
      onError: (error) => errors.push(error),
    })
    const large = { ...birth, owner: 'x'.repeat(17_000_000) }
    expect(await client.insert([large, birth])).toEqual(['unknown', 'unknown'])
    expect(errors).toHaveLength(1)
  })
})

describe('a database by way of a hop', () => {
  /** A hop that passes nothing on once it is stalled, without an error to either side. */
  const stallingHop = async () => {
    const sockets: Socket[] = []
    let isStalled = false
    const url = new URL(database.uri)
    const server = createServer((client) => {
      const target = connect(Number(url.port), url.hostname)
      for (const [from, to] of [[client, target] as const, [target, client] as const]) {
        sockets.push(from)
        from.on('error', () => undefined)
        from.on('data', (chunk) => {
          if (!isStalled) to.write(chunk)
        })
      }
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const hop = new URL(database.uri)
    hop.hostname = '127.0.0.1'
    hop.port = String((server.address() as AddressInfo).port)
    const commands: Record<string, unknown>[] = []
    const client = new mongoose.mongo.MongoClient(hop.href, {
      directConnection: true,
      serverSelectionTimeoutMS: 5_000,
      monitorCommands: true,
    })
    client.on('commandStarted', ({ command }) => commands.push(command as Record<string, unknown>))
    return {
      store: createBlockStore(client.db(), { timeoutMs: 1_000 }),
      projections: createProjectionStore(client.db(), { timeoutMs: 1_000 }),
      db: client.db(),
      commands,
      stall: () => {
        isStalled = true
      },
      close: async () => {
        server.close()
        for (const socket of sockets) socket.destroy()
        await client.close()
      },
    }
  }

  test('that answers no more ends every command within its time: an append in doubt, the others failed', async () => {
    const { store, projections, db, stall, close } = await stallingHop()
    const tip = await owned('one')
    const lookUp = createLookUp(openProjections(db), { timeoutMs: 2_000 })
    const projector = {
      begin: () => Promise.resolve(new Map()),
      enqueue: () => undefined,
      projected: () => -1,
      project: () => Promise.resolve([]),
      blocksBehind: () => 0,
    }
    const loadMemory = createLoadMemory(openProjections(db), store, projector, { timeoutMs: 2_000 })
    expect(await store.find(partition, 0)).toEqual({ kind: 'block', block: birth })
    expect(await projections.positionOf('any', partition)).toBe(-1)
    stall()
    const unanswered = 'did not answer within 2000 ms'
    const failures = [
      store.find(partition, 0),
      store.newest(partition),
      store.after(partition, 0)[Symbol.asyncIterator]().next(),
      projections.positionOf('any', partition),
      projections.movePositions('any', [{ partition, from: -1, to: 1 }]),
      projections.write('any', [{ id: 'a', fields: {}, position: 0 }]),
      lookUp(partition, { operationIds: [anId()], topupIds: [], sessions: [] }),
      loadMemory(tip, { policy, now: start, operationsKeptMs: 0 }),
    ].map((each) => expect(each).rejects.toThrow(unanswered))
    expect(await store.insert([aBatch(tip)])).toEqual(['unknown'])
    await Promise.all(failures)
    await close()
  }, 10_000)

  test('is walked in pages, each within a time of its own', async () => {
    let tip = await owned('one')
    const blocks = [birth, tip]
    for (let count = 0; count < 200; count += 1) {
      tip = aBatch(tip)
      blocks.push(tip)
    }
    expect(new Set(await database.store.insert(blocks.slice(2)))).toEqual(new Set(['inserted']))
    const { store, commands, close } = await stallingHop()
    const walked: unknown[] = []
    for await (const read of store.after(partition, -1)) walked.push(read)
    expect(walked).toEqual(blocks.map((block) => ({ kind: 'block', block })))
    expect(commands.length).toBeGreaterThan(3)
    expect(commands.map((command) => [Object.keys(command)[0], command['maxTimeMS']])).toEqual(
      commands.map(() => ['find', 1_000]),
    )
    await close()
  })
})

test('a block’s document has its place first: partition, then position', () => {
  expect(Object.keys(blockDocument(birth))[0]).toBe('_id')
  expect(Object.keys(blockDocument(birth)._id)).toEqual(['p', 'n'])
})
