import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { proofLease } from '../mongo/lease-model.ts'
import { createLease } from '../mongo/lease.ts'
import { createProofProgressStore } from './proof-progress-store.ts'
import { ensureProjections } from '../projections/all.ts'
import { aTopup, aVerdict, idOf, start } from '../testing/builders.ts'
import { testPartition } from '../testing/inbound-for.ts'
import { aLedgerHistory, writeHistory } from '../testing/ledger-history.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import { keyIndex } from './key-index.ts'
import { findLedgerBirth } from './ledger-birth.ts'
import { createProofPace } from './proof-pace.ts'
import { generationsInUse, projectionSource } from './projection-source.ts'
import { createProveBehind } from './prove-behind.ts'
import { createProveStep } from './prove-step.ts'

let database: LogDatabase
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
}, 60_000)
afterEach(() => database.empty())
afterAll(() => database.drop())

/** The proof of one ledger instance on the real database; each call is an instance that has just started. */
let time = start
const instance = async ({ stepMs = 60_000, entriesAtOnce = 8 } = {}) => {
  const { db, store: blocks } = database
  const birth = await findLedgerBirth(blocks)
  if (birth === null) throw new Error('the log has no birth')
  // The lease of the instance before has ended.
  time += 61_000
  const clock = { now: time }
  const errors: unknown[] = []
  const read: number[] = []
  const counted = {
    ...blocks,
    after: (partition: number, position: number) => {
      read.push(position)
      return blocks.after(partition, position)
    },
  }
  const nowMs = () => performance.now()
  const pace = createProofPace({
    share: 1,
    sliceMs: 10,
    entriesAtOnce,
    nowMs,
    signal: new AbortController().signal,
    onWorked: () => undefined,
  })
  const store = createProofProgressStore(database, birth.birth)
  const round = createProveBehind({
    partitions: 16,
    memory: { guardsKeptMs: 120_000 },
    store,
    lease: createLease(database.models.leases, proofLease),
    newestPosition: blocks.newestPosition,
    step: createProveStep({
      recordsOf: (of) => ({
        blocks: counted,
        projections: projectionSource(db, { isCounted: false }),
        index: keyIndex(db, () => generationsInUse(db)),
        pace: of,
        inspect: () => Promise.reject(new Error('not asked')),
      }),
      birth,
      pace,
      nowMs,
      stepMs,
    }),
    pace,
    now: () => clock.now,
    log: {
      error: (_, fields) => errors.push(fields),
      info: () => undefined,
      warn: () => undefined,
    },
    onProgress: () => undefined,
  })
  const progress = async () =>
    (await store.all()).find(({ partition }) => partition === testPartition)
  return { clock, errors, round, progress, read }
}

const newest = () => database.store.newestPosition(testPartition)
/** A shop that has opened: a caja, a session, a float. */
const opened = async (): Promise<TestLogWriter> => {
  const writer = testLogWriter(database)
  await writeHistory(writer, aLedgerHistory().slice(0, 1))
  await writer.projectAll()
  return writer
}
const sell = async (writer: TestLogWriter, number: string) => {
  const sale = aTopup({ number })
  await writer.enqueue(sale)
  await writer.enqueue(aVerdict(idOf(sale), 'authorized'))
  await writer.projectAll()
  return idOf(sale)
}

it('proves a history of every kind of operation step by step, as its blocks come, across restarts', async () => {
  const writer = testLogWriter(database)
  const history = aLedgerHistory()
  for (let until = 10; until < history.length + 10; until += 10) {
    await writeHistory(writer, history.slice(until - 10, until))
    await writer.projectAll()
    const { round, progress, errors } = await instance()
    await round()
    expect(errors).toEqual([])
    expect(await progress()).toMatchObject({ block: await newest(), finding: null })
  }
})

it('keeps what a step did when its time is over, and goes on from there', async () => {
  const writer = testLogWriter(database, { batchSizeMax: 1 })
  await writeHistory(writer, aLedgerHistory())
  await writer.projectAll()
  const first = await instance({ stepMs: 0, entriesAtOnce: 1 })
  await first.round()
  const part = (await first.progress())?.block ?? -1
  expect(part).toBeGreaterThan(0)
  expect(part).toBeLessThan(await newest())
  const second = await instance()
  await second.round()
  expect([second.read.includes(part), (await second.progress())?.block]).toEqual([
    true,
    await newest(),
  ])
})

it('reads a settled sale of long ago by its place, and searches no earlier block', async () => {
  const writer = await opened()
  const sold = await sell(writer, '74000001')
  await (await instance()).round()
  const proven = await newest()
  // The carrier now denies what it had confirmed; and a press comes too late.
  await writer.enqueue(aVerdict(sold, 'rejected'))
  await writer.enqueue(aTopup({ number: '74000002' }), { acceptUntil: start - 1 })
  await writer.projectAll()
  const later = await instance()
  await later.round()
  expect([later.errors, (await later.progress())?.block]).toEqual([[], await newest()])
  expect(Math.min(...later.read)).toBe(proven)
})

it.each([
  [
    'a balance that was changed',
    async () => {
      const changed = { $inc: { posted: 1 } }
      await database.db.collection('balances').updateOne({ is: 'account', kind: 'float' }, changed)
    },
    'ACCOUNT',
  ],
  [
    'a sale that is gone',
    async () => {
      const sales = database.db.collection('sales')
      await sales.deleteOne({ phone: '74000003' })
    },
    'SALE',
  ],
  [
    'a block that was changed',
    async () => {
      const _id = { p: testPartition, n: await newest() } as never
      await database.db.collection('blocks').updateOne({ _id }, { $set: { owner: 'another' } })
    },
    'CHAIN',
  ],
  [
    'a log that was cut',
    async () => {
      const beyond = { '_id.p': testPartition, '_id.n': { $gte: (await newest()) - 2 } }
      await database.db.collection('blocks').deleteMany(beyond)
    },
    'CHAIN',
  ],
])('stands at %s, and names it', async (_, damage, code) => {
  const writer = await opened()
  const { round, progress, errors, clock } = await instance()
  await round()
  const proven = await progress()
  clock.now += 1_000
  await sell(writer, '74000003')
  await damage()
  await round()
  expect(errors).toEqual([expect.objectContaining({ partition: testPartition, code })])
  expect(await progress()).toMatchObject({
    block: proven?.block,
    at: proven?.at,
    finding: { code },
  })
})

it('goes on by itself when the cause of a difference is mended', async () => {
  await opened()
  const { round, progress, clock } = await instance()
  const floats = database.db.collection('balances')
  await floats.updateOne({ is: 'account', kind: 'float' }, { $inc: { posted: 1 } })
  await round()
  expect((await progress())?.finding).toMatchObject({ code: 'ACCOUNT' })
  await floats.updateOne({ is: 'account', kind: 'float' }, { $inc: { posted: -1 } })
  clock.now += 600_000
  await round()
  expect(await progress()).toMatchObject({ block: await newest(), finding: null })
})

it('is done by one instance at a time, and by another one when its lease has ended', async () => {
  const writer = await opened()
  const [one, other] = [await instance(), await instance()]
  one.clock.now = other.clock.now
  await one.round()
  await sell(writer, '74000004')
  await other.round()
  expect((await one.progress())?.block).toBeLessThan(await newest())
  other.clock.now += 61_000
  await other.round()
  expect((await one.progress())?.block).toBe(await newest())
})
