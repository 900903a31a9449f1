import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { started, type SaleRecord } from '../domain/sale.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { aBundleJob, aJob } from '../testing/jobs.ts'
import { readBornAt } from './identity.ts'
import { createSaleStore } from './sale-store.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const aTopup = (owner = 'one'): SaleRecord => {
  const startedAt = new Date()
  const leaseUntil = new Date(startedAt.getTime() + 5_000)
  const sale = { job: aJob(), body: '{}', correlationId: 'corr' }
  return started(sale, { owner, startedAt, leaseUntil })
}
const aStore = () => createSaleStore(database.collections)
/** Adds a minute to a field that every change moves. */
const aMinuteLater = (topup: SaleRecord): SaleRecord => ({
  ...topup,
  updatedAt: new Date(topup.updatedAt.getTime() + 60_000),
})

describe('the records', () => {
  test('of one id are made once, however many workers try', async () => {
    const topup = aTopup()
    const stores = [aStore(), aStore(), aStore()]
    const results = await Promise.all(
      stores.flatMap((store, index) =>
        [1, 2, 3].map(() =>
          store.create({
            ...topup,
            attempts: topup.attempts.map((each) => ({ ...each, owner: `${index}` })),
          }),
        ),
      ),
    )
    expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1)
    const known = results.flatMap((result) => (result.kind === 'known' ? [result.sale] : []))
    expect(known).toHaveLength(8)
    expect(new Set(known.map(({ attempts }) => attempts[0]?.owner)).size).toBe(1)
  })

  test('that are known do not hold up the new ones beside them', async () => {
    const store = aStore()
    const known = aTopup()
    await store.create(known)
    const results = await Promise.all([aTopup(), known, aTopup()].map((each) => store.create(each)))
    expect(results.map(({ kind }) => kind)).toEqual(['created', 'known', 'created'])
  })

  test('come back as they went in, amounts as Int64', async () => {
    const store = aStore()
    const topup = aTopup()
    await store.create(topup)
    expect(await store.create(topup)).toEqual({ kind: 'known', sale: topup })
    const int64 = { 'job.amount': { $type: 'long' }, 'job.carrierAmount': { $type: 'long' } }
    const { topups } = database.collections
    expect(await topups.countDocuments({ _id: topup.topupId, ...int64 })).toBe(1)
  })
})

describe('changes', () => {
  test('of one record by several workers are all made, one after the other', async () => {
    const topup = aTopup()
    await aStore().create(topup)
    const stores = [aStore(), aStore(), aStore()]
    await Promise.all(stores.map((store) => store.change(topup, aMinuteLater)))
    const result = await aStore().create(topup)
    expect(result).toMatchObject({
      kind: 'known',
      sale: { revision: 4, updatedAt: new Date(topup.updatedAt.getTime() + 180_000) },
    })
  })

  test('that lost their race do not undo or hold up their neighbours', async () => {
    const store = aStore()
    const topups = [aTopup(), aTopup(), aTopup()]
    await Promise.all(topups.map((topup) => store.create(topup)))
    const [first] = topups
    if (first === undefined) throw new Error('there are three')
    await aStore().change(first, aMinuteLater)
    const changed = await Promise.all(topups.map((topup) => store.change(topup, aMinuteLater)))
    expect(changed[0]?.revision).toBe(3)
    const again = await Promise.all(topups.map((topup) => store.create(topup)))
    expect(again.map((each) => each.kind === 'known' && each.sale.revision)).toEqual(
      changed.map(({ revision }) => revision),
    )
  })

  test('that change nothing write nothing', async () => {
    const store = aStore()
    const topup = aTopup()
    await store.create(topup)
    expect(await store.change(topup, (current) => current)).toBe(topup)
  })
})

test('counts unclear sales', async () => {
  const store = aStore()
  const before = await store.countUnclear()
  await store.create({ ...aTopup(), verdict: 'pending' })
  await store.create({ ...aTopup(), verdict: 'authorized' })
  expect(await store.countUnclear()).toBe(before + 1)
})

describe('the list of due sales', () => {
  const now = new Date('2026-01-01T00:01:00Z')
  const before = (ms: number) => new Date(now.getTime() - ms)
  const stored = async (changes: Partial<SaleRecord>): Promise<string> => {
    const topup = { ...aTopup(), ...changes }
    await aStore().create(topup)
    return topup.topupId
  }

  test('is what has its time behind it or its verdict unpublished, the longest due first', async () => {
    await database.collections.topups.deleteMany({})
    const later = await stored({ nextAt: before(1_000) })
    const earlier = await stored({ nextAt: before(2_000) })
    const unpublished = await stored({ unpublished: true, updatedAt: before(3_000) })
    await stored({ unpublished: true, updatedAt: before(1_000) })
    await stored({ nextAt: new Date(now.getTime() + 1) })
    await stored({ nextAt: null })
    await stored({ job: aBundleJob(), nextAt: before(500) })
    const due = await aStore().due('topup', now, before(2_000), 10)
    expect(due.map(({ topupId }) => topupId)).toEqual([unpublished, earlier, later])
    expect(await aStore().due('topup', now, before(2_000), 2)).toHaveLength(2)
  })

  test('is separate for bundles, so that neither kind crowds out the other', async () => {
    await database.collections.topups.deleteMany({})
    await stored({ nextAt: before(9_000) })
    await stored({ unpublished: true, updatedAt: before(9_000) })
    const due = await stored({ job: aBundleJob(), nextAt: before(1_000) })
    const unpublished = await stored({
      job: aBundleJob(),
      unpublished: true,
      updatedAt: before(2_000),
    })
    const found = await aStore().due('bundle', now, before(2_000), 2)
    expect(found.map(({ topupId }) => topupId)).toEqual([unpublished, due])
    expect(found[0]?.job.bundle?.code).toBe('024')
  })

  test.each([
    ['a time', { sells: null, nextAt: { $gt: new Date(0), $lte: now } }],
    ['a time', { sells: 'bundle' as const, nextAt: { $gt: new Date(0), $lte: now } }],
    ['an unpublished verdict', { sells: null, unsaid: true, updatedAt: { $lte: now } }],
  ])('is found by an index that holds only records with %s', async (_name, filter) => {
    const plan = await database.collections.topups.find(filter).explain('queryPlanner')
    expect(JSON.stringify(plan)).toContain('IXSCAN')
  })
})

test('a database is born once, whoever asks first', async () => {
  const first = new Date('2026-01-01T00:00:00Z')
  const later = new Date('2026-01-02T00:00:00Z')
  expect(await readBornAt(database.collections, first)).toEqual(first)
  const all = await Promise.all([1, 2, 3].map(() => readBornAt(database.collections, later)))
  expect(all).toEqual([first, first, first])
})
