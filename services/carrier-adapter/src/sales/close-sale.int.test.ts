import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import type { FundsReserved } from '@recargas/contracts'
import { until } from '@recargas/runtime/testing'
import { createSandbox, scenarios, type Sandbox } from '@recargas/tpaga-sandbox'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { aJob } from '../testing/jobs.ts'
import { apiKey, startWorker, type Worker } from '../testing/worker.ts'

let database: FreshDatabase
let sandbox: Sandbox
const workers: Worker[] = []
/** The wall clock stands still while a test runs: whatever a busy machine takes, no time of a schedule comes by itself. */
let now: number

beforeAll(async () => {
  database = await freshDatabase()
  sandbox = await createSandbox({ apiKey, latencyMs: 0 })
})
beforeEach(async () => {
  await fetch(`${sandbox.url}/_reset`, { method: 'POST', body: '{}' })
  await database.collections.topups.deleteMany({})
  now = Date.now()
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map(({ carrier }) => carrier.close()))
})
afterAll(async () => {
  await sandbox.close()
  await database.drop()
})

type Options = Omit<Parameters<typeof startWorker>[0], 'collections' | 'url'>
const aWorker = (options: Options = {}) => {
  const clock = { aheadMs: 0, monotonicAheadMs: 0 }
  const worker = startWorker({
    collections: database.collections,
    url: sandbox.url,
    ...options,
    trueTime: () => now,
    clock,
    limits: { repeatMs: [3_000, 10_000], ...options.limits },
  })
  workers.push(worker)
  const goOn = (seconds: number) => {
    clock.aheadMs = seconds * 1_000
    clock.monotonicAheadMs = seconds * 1_000
  }
  return { ...worker, goOn }
}
const callsOf = async (job: FundsReserved): Promise<readonly object[]> => {
  const answer = await fetch(`${sandbox.url}/_calls?token=${job.topupId}`)
  return ((await answer.json()) as { calls: object[] }).calls
}
const recordOf = (job: FundsReserved) => database.collections.topups.findOne({ _id: job.topupId })
const anUnclearSale = () => aJob({ number: scenarios['effect-then-reset'].number })

test('a closed sale is not repeated, and says so', async () => {
  const worker = aWorker()
  const job = anUnclearSale()
  await worker.deliver(job)
  expect(await worker.close(job)).toEqual({ verdict: 'ack' })
  expect(worker.said.at(-1)).toMatchObject({
    id: `${job.topupId}:verdict:1:pending:closed`,
    data: { verdict: 'pending', closed: true, attempts: [{ row: 9 }] },
  })
  expect(worker.said.at(-1)?.data.nextAt).toBeUndefined()
  worker.goOn(4)
  expect(await worker.look()).toBe(0)
  expect(await callsOf(job)).toHaveLength(1)
})

test('closing tells what the attempts prove', async () => {
  const worker = aWorker()
  const sold = aJob()
  await worker.deliver(sold)
  await worker.close(sold)
  expect(worker.said.at(-1)?.data).toMatchObject({ verdict: 'authorized', closed: true })
  const review = anUnclearSale()
  await worker.deliver(review)
  worker.goOn(60)
  await worker.look()
  await worker.close(review)
  expect(worker.said.at(-1)?.data).toMatchObject({ verdict: 'unresolved', closed: true })
})

test('closing twice changes nothing and says the same', async () => {
  const worker = aWorker()
  const job = anUnclearSale()
  await worker.deliver(job)
  await worker.close(job)
  const before = await recordOf(job)
  expect(await worker.close(job)).toEqual({ verdict: 'ack' })
  expect(await recordOf(job)).toEqual(before)
  expect(worker.said.at(-1)?.id).toBe(worker.said.at(-2)?.id)
})

test('a sale closed before it came is never sent', async () => {
  const worker = aWorker()
  const job = aJob()
  await worker.close(job)
  expect(worker.said[0]?.data).toMatchObject({ verdict: 'not-sent', closed: true, attempts: [] })
  expect(await worker.deliver(job)).toEqual({ verdict: 'ack' })
  expect(worker.said[1]?.data).toMatchObject({ verdict: 'not-sent', closed: true })
  expect(await callsOf(job)).toEqual([])
})

test('a sale from before the database is closed in doubt', async () => {
  const worker = aWorker({ limits: { bornAt: new Date() } })
  const job = aJob({ requestedAt: new Date(Date.now() - 60_000).toISOString() })
  await worker.close(job)
  expect(worker.said[0]?.data).toMatchObject({ verdict: 'pending', closed: true })
  worker.goOn(600)
  expect(await worker.look()).toBe(0)
  expect(await recordOf(job)).toMatchObject({ predates: true, ambiguous: true, never: false })
})

test('an attempt that runs is waited out before the closing is said', async () => {
  let isDown = false
  const dying = aWorker({
    crashPoint: (step) => {
      if (step !== 'after-call') return
      isDown = true
      throw new Error('down')
    },
    records: (records) => ({
      ...records,
      change: (topup, change) =>
        isDown ? Promise.reject(new Error('down')) : records.change(topup, change),
    }),
  })
  const job = anUnclearSale()
  await dying.deliver(job)
  const worker = aWorker()
  // The rest of the lease, and the clocks' tolerance.
  expect(await worker.close(job)).toEqual({ verdict: 'retry', afterMs: 5_100 })
  expect(worker.said).toEqual([])
  // From here on nothing starts, though the closing is not said yet.
  expect(await recordOf(job)).toMatchObject({ closed: true, nextAt: null })
  await worker.deliver(job)
  expect(worker.said[0]?.data.closed).toBeUndefined()
  worker.goOn(6)
  expect(await worker.look()).toBe(0)
  expect(await worker.close(job)).toEqual({ verdict: 'ack' })
  expect(worker.said.at(-1)?.data).toMatchObject({ verdict: 'pending', closed: true })
  expect(await callsOf(job)).toHaveLength(1)
})

test('a repeat and a closing at the same time never leave a call after the closing', async () => {
  for (let round = 0; round < 10; round += 1) {
    const [repeats, closes] = [aWorker(), aWorker()]
    const job = aJob({ number: scenarios['effect-then-reset'].number })
    await repeats.deliver(job)
    repeats.goOn(4)
    closes.goOn(4)
    const [, closing] = await Promise.all([repeats.look(), closes.close(job)])
    const calls = (await callsOf(job)).length
    if (closing.verdict === 'ack' && closes.said[0]?.data.verdict === 'pending') {
      expect(calls).toBe(1)
    } else {
      expect((await recordOf(job))?.closed).toBe(true)
    }
    repeats.goOn(11)
    await repeats.look()
    expect(await callsOf(job)).toHaveLength(calls)
  }
})

test('a late answer to a closed sale is still said', async () => {
  let finish: () => void = () => undefined
  const paused = new Promise<void>((resolve) => (finish = resolve))
  let repeats = 0
  const worker = aWorker({
    records: (records) => ({
      ...records,
      change: async (topup, change) => {
        // The answer of the repeat comes when everybody else has given its attempt up.
        if (topup.attempts.at(-1)?.attempt === 2 && repeats++ === 0) await paused
        return records.change(topup, change)
      },
    }),
  })
  const job = anUnclearSale()
  await worker.deliver(job)
  worker.goOn(4)
  const late = worker.look()
  const other = aWorker()
  other.goOn(10)
  await until(async () => (await callsOf(job)).length >= 2)
  expect(await other.close(job)).toEqual({ verdict: 'ack' })
  expect(other.said.at(-1)?.data).toMatchObject({ verdict: 'pending', closed: true })
  finish()
  await late
  expect(worker.said.at(-1)?.data).toMatchObject({ verdict: 'authorized', closed: true })
})

test('closing another sale under the same id closes nothing', async () => {
  const worker = aWorker()
  const job = anUnclearSale()
  await worker.deliver(job)
  const other = aJob({ topupId: job.topupId, carrierAmount: 2_000 })
  expect(await worker.close(other)).toMatchObject({ verdict: 'dead-letter', code: 'ANOTHER_SALE' })
  expect(await recordOf(job)).toMatchObject({ closed: false })
})

test('a closing the broker does not confirm comes again', async () => {
  const worker = aWorker({ publish: () => 'unknown' })
  const job = aJob()
  expect(await worker.close(job)).toMatchObject({ verdict: 'retry' })
})
