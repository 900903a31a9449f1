import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { money, partitionOf } from '@recargas/contracts'
import type { Operation } from '../accounting/operation.ts'
import {
  anInjection,
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  start,
} from '../testing/builders.ts'
import { ensureProjections } from '../projections/all.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter, type TestLogWriter } from '../testing/test-log-writer.ts'
import { testReads } from '../testing/test-reads.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

let database: LogDatabase
let writer: TestLogWriter
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
}, 60_000)
beforeEach(() => {
  writer = testLogWriter(database, { partition: partitionOf(merchant) })
})
afterEach(async () => {
  await writer.stop()
  await database.empty()
})
afterAll(() => database.drop())

const write = async (at: number, operations: readonly Operation[]) => {
  writer.setTime(at)
  for (const operation of operations) {
    expect(await writer.enqueue(operation)).toEqual({ kind: 'done' })
  }
}

let phone = 70_000_000
const sold = (amount: number): readonly Operation[] => {
  phone += 1
  const sale = aTopup({
    number: String(phone),
    amount: money(amount),
    carrierAmount: amount,
  })
  return [sale, aVerdict(idOf(sale), 'authorized')]
}

const readsAt = (clock: { at: number }) =>
  testReads(database, { now: () => clock.at, wakeProjector: writer.wakeProjector }).reads

it('the pace is the spending of the last hour, whatever was injected and sold before', async () => {
  await write(start, anOpenShopOperations())
  await write(start, sold(2_000))
  await write(start + 30 * minuteMs, sold(500))
  await write(start + 70 * minuteMs, [anInjection({ amount: money(20_000) })])
  await write(start + 80 * minuteMs, sold(1_500))

  const clock = { at: start + 85 * minuteMs }
  const [float] = await readsAt(clock).floats(merchant)
  // 100.00 and 200.00 in; 20.00, 5.00 and 15.00 out, of which the first was more than an hour ago.
  expect(float).toMatchObject({ available: 26_000, spentLastHour: 2_000, runwayMinutes: 780 })
})

it('held sales are not spent, and released ones never were', async () => {
  await write(start, anOpenShopOperations())
  const [held, released] = [sold(1_000)[0], sold(700)[0]]
  if (held === undefined || released === undefined) throw new Error('no sale')
  await write(start, [held, released, aVerdict(idOf(released), 'rejected')])
  const [float] = await readsAt({ at: start + minuteMs }).floats(merchant)
  expect(float).toMatchObject({ available: 9_000, spentLastHour: 0, runwayMinutes: null })
})

it('the pace is kept for a minute while the balance is always new', async () => {
  await write(start, [...anOpenShopOperations(), ...sold(600)])
  const clock = { at: start + minuteMs }
  const reads = readsAt(clock)
  expect(await reads.floats(merchant)).toMatchObject([{ available: 9_400, spentLastHour: 600 }])
  await write(clock.at, sold(400))
  expect(await reads.floats(merchant)).toMatchObject([{ available: 9_000, spentLastHour: 600 }])
  clock.at += minuteMs
  expect(await reads.floats(merchant)).toMatchObject([{ available: 9_000, spentLastHour: 1_000 }])
  clock.at = start + minuteMs + hourMs
  expect(await reads.floats(merchant)).toMatchObject([{ spentLastHour: 0, runwayMinutes: null }])
})
