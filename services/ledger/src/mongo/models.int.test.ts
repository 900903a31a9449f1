import { afterAll, beforeAll, expect, test } from '@jest/globals'
import mongoose from 'mongoose'
import { readDeadLetter } from '../quarantine/dead-letter.ts'
import type { Reconciliation } from '../reconcile/run-reconciliation.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { createQuarantineStore } from './quarantine-store.ts'
import { createReconciliationStore } from './reconciliations.ts'

const { Binary, Long } = mongoose.mongo

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

const stored = (name: string) =>
  database.connection.collection(name).find({}, { promoteLongs: false }).toArray()

test('a field that no schema names, a missing one and a foreign value are refused before they are stored', async () => {
  const { leases, quarantine, caseClosings } = database.models
  const lease = { _id: 'instance/1', until: new Date(1) }
  await expect(leases.create({ ...lease, owner: 'x' } as never)).rejects.toThrow('owner')
  await expect(
    leases.updateOne({ _id: lease._id }, { $set: { owner: 'x' } }, { upsert: true }),
  ).rejects.toThrow('owner')
  await expect(leases.find({ owner: 'x' }).lean()).rejects.toThrow('owner')
  await expect(leases.create({ _id: lease._id } as never)).rejects.toThrow('until')
  await expect(
    quarantine.updateOne({ _id: 'x' }, { $set: { arrivals: 'many' } }, { upsert: true }),
  ).rejects.toThrow('arrivals')
  await expect(
    caseClosings.create({
      _id: 'x',
      kind: 'of-no-kind' as never,
      merchant: 'principal',
      by: 'Ana',
      reason: 'seen',
      at: new Date(1),
    }),
  ).rejects.toThrow('of-no-kind')
  for (const name of ['leases', 'quarantine', 'case_closings']) {
    expect(await stored(name)).toEqual([])
  }
})

test('a message in quarantine is stored with every field as it is, the empty ones too', async () => {
  const {
    id,
    replay: _,
    ...letter
  } = readDeadLetter({
    body: Buffer.from([0xff, 0]),
    messageId: '',
    type: '',
    correlationId: '',
    routingKey: 'ledger.3.v1',
    headers: {},
  })
  await createQuarantineStore(database).keep({ id, ...letter, replay: 0 }, new Date(5))
  expect(await stored('quarantine')).toEqual([
    {
      ...letter,
      _id: id,
      body: new Binary(Buffer.from([0xff, 0])),
      headers: {},
      merchant: null,
      firstFailureAt: null,
      state: 'waiting',
      firstSeenAt: new Date(5),
      lastSeenAt: new Date(5),
      arrivals: 1,
      replays: 0,
    },
  ])
})

test('the sums of a reconciliation are stored as Int64, and read as they were', async () => {
  const sum = 5_000_000_000
  const run: Reconciliation = {
    number: 1,
    position: {
      unsold: { low: -sum, high: sum },
      baseline: { at: 7, balance: sum, committed: 1, open: 0 },
    },
    counted: { positions: [0, sum], committed: 1 },
    recharges: { credited: sum, awaited: [{ id: 'r', amount: sum }], unexplained: [-sum] },
    report: {
      run: 1,
      status: 'baseline',
      from: new Date(7).toISOString(),
      to: new Date(7).toISOString(),
      balance: sum,
      maxLoanAmount: 0,
      available: sum,
      moved: 0,
      committed: 0,
      recharged: 0,
      rechargesAwaited: sum,
      open: 0,
      openAtStart: 0,
      difference: 0,
      uncertain: 0,
      caseId: null,
      sales: [],
    },
    mismatch: null,
  }
  const book = createReconciliationStore(database)
  expect([await book.keep(run), await book.keep(run)]).toEqual([true, false])
  expect(await book.latest()).toEqual(run)
  expect(await stored('reconciliations')).toEqual([
    {
      _id: 1,
      at: new Date(7),
      unsold: { low: Long.fromNumber(-sum), high: Long.fromNumber(sum) },
      baseline: {
        at: new Date(7),
        balance: Long.fromNumber(sum),
        committed: Long.fromNumber(1),
        open: Long.fromNumber(0),
      },
      positions: [Long.fromNumber(0), Long.fromNumber(sum)],
      committed: Long.fromNumber(1),
      recharges: JSON.stringify(run.recharges),
      report: JSON.stringify(run.report),
    },
  ])
})
