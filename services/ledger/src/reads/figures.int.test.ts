import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { partitionOf } from '@recargas/contracts'
import { ensureProjections } from '../projections/all.ts'
import {
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  start,
} from '../testing/builders.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import { testReads } from '../testing/test-reads.ts'
import { profiled } from '../testing/profiled.ts'

const partition = partitionOf(merchant)
let database: LogDatabase
let writer: TestLogWriter
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
  writer = testLogWriter(database, { partition })
}, 60_000)
afterAll(async () => {
  await writer.stop()
  await database.drop()
})

it('floats, held sales, cases and balance are as the projections show them, whatever lags', async () => {
  const { figures } = testReads(database, { now: () => start })
  const [sold, held, later] = [
    aTopup(),
    aTopup({ number: '70000002' }),
    aTopup({ number: '70000003' }),
  ]
  await writer.enqueueAll([...anOpenShopOperations(), sold])
  await writer.enqueue(aVerdict(idOf(sold), 'authorized'))
  writer.setTime(start + 1_000)
  await writer.enqueue(held)
  await writer.enqueue(aVerdict(idOf(held), 'pending'))
  await writer.projectAll()
  const shown = {
    floats: [{ merchant, operator: 'Tigo', currency: 'BOB', available: 7_900, reserved: 1_050 }],
    imbalances: [{ currency: 'BOB', amount: 0 }],
    held: [
      { state: 'reserved', count: 1, oldestAt: start + 1_000 },
      { state: 'in-review', count: 0, oldestAt: null },
    ],
  }
  expect(await figures()).toMatchObject(shown)
  // No projector runs for this one: a gauge does not wait for it.
  await writer.enqueue(later)
  expect(await figures()).toMatchObject(shown)
  await writer.projectAll()
  expect(await figures()).toMatchObject({ held: [{ count: 2 }, { count: 0 }] })
})

it('an account that is ahead of its group is no imbalance, one that stays behind is', async () => {
  const { figures } = testReads(database, { now: () => start })
  const amount = async () => (await figures()).imbalances
  expect(await amount()).toEqual([{ currency: 'BOB', amount: 0 }])
  const accounts = database.db.collection<{ _id: string; position: number }>('balances')
  const shown = await accounts.findOne({ _id: `account/${merchant}/float/Tigo` })
  if (shown === null) throw new Error('the float is missing')
  const ahead = { $inc: { posted: 7, position: 1_000 } }
  await accounts.updateOne({ _id: shown._id }, ahead)
  expect(await amount()).toEqual([{ currency: 'BOB', amount: 0 }])
  await accounts.updateOne({ _id: shown._id }, { $set: { position: shown.position } })
  expect(await amount()).toEqual([{ currency: 'BOB', amount: 7 }])
})

it('no figure looks at a settled sale, and each is found by an index', async () => {
  const reads = testReads(database, { now: () => start })
  const queries = await profiled(database, async () => {
    await reads.figures()
    await reads.operatorReads.overview()
  })
  const ofSales = queries.filter(({ shape }) => shape.startsWith('sales'))
  expect(ofSales.length).toBeGreaterThan(2)
  // Beside each partition's end.
  for (const { examined, given } of ofSales) expect(examined).toBeLessThanOrEqual(given + 20)
  const scans = queries.filter(({ plan }) => plan.includes('COLLSCAN'))
  expect(scans.filter(({ shape }) => !/^(cases|case_closings)\.aggregate/.test(shape))).toEqual([])
})
