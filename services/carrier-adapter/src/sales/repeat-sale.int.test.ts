import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FundsReserved } from '@recargas/contracts'
import { createSandbox, scenarios, type Sandbox, type ScenarioName } from '@recargas/tpaga-sandbox'
import { eventually } from '@recargas/runtime/testing'
import type { SaleDocument } from '../mongo/documents.ts'
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
  await control('/_reset')
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

const repeatMs = [3_000, 10_000, 30_000]
type Options = Omit<Parameters<typeof startWorker>[0], 'collections' | 'url'>
const aWorker = (options: Options = {}) => {
  const clock = { aheadMs: 0, monotonicAheadMs: 0 }
  const worker = startWorker({
    collections: database.collections,
    url: sandbox.url,
    ...options,
    trueTime: () => now,
    clock,
    limits: { repeatMs, ...options.limits },
  })
  workers.push(worker)
  /** A round as it would be made so long after now. */
  const lookAfter = (seconds: number) => {
    clock.aheadMs = seconds * 1_000
    clock.monotonicAheadMs = seconds * 1_000
    return worker.look()
  }
  return { ...worker, lookAfter }
}
const control = async (path: string, body: object = {}) => {
  await fetch(`${sandbox.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
}
const meet = (scenario: ScenarioName, more: object = {}) =>
  control('/_scenario', { scenario, ...more })
type Call = { endpoint: string; debited: boolean }
const callsOf = async (job: FundsReserved): Promise<readonly Call[]> => {
  const answer = await fetch(`${sandbox.url}/_calls?token=${job.topupId}`)
  return ((await answer.json()) as { calls: Call[] }).calls
}
const debitsOf = async (job: FundsReserved) =>
  (await callsOf(job)).filter(({ debited }) => debited).length
const recordOf = (job: FundsReserved): Promise<SaleDocument | null> =>
  database.collections.topups.findOne({ _id: job.topupId })
const verdictsOf = ({ said }: Worker) => said.map(({ data }) => data.verdict)
const aSaleThat = (scenario: keyof typeof scenarios) => aJob({ number: scenarios[scenario].number })

describe('an unclear sale', () => {
  test('says when it is sent again, and is not sent before', async () => {
    const worker = aWorker()
    const job = aSaleThat('effect-then-reset')
    await worker.deliver(job)
    const record = await recordOf(job)
    const startedAt = record?.attempts[0]?.startedAt.getTime() ?? 0
    expect(worker.said[0]?.data).toMatchObject({
      verdict: 'pending',
      nextAt: new Date(startedAt + 3_000).toISOString(),
    })
    expect(await worker.lookAfter(2)).toBe(0)
    expect(await callsOf(job)).toHaveLength(1)
  })

  test('that the carrier did sell is settled by a repeat, and debited once', async () => {
    const worker = aWorker()
    const job = aSaleThat('effect-then-hang')
    await worker.deliver(job)
    expect(await worker.lookAfter(4)).toBe(1)
    expect(verdictsOf(worker)).toEqual(['pending', 'authorized'])
    expect(worker.said[1]).toMatchObject({
      id: `${job.topupId}:verdict:2:authorized`,
      correlationid: `corr-${job.topupId}`,
      data: { attempts: [{ row: 9 }, { attempt: 2, row: 1 }] },
    })
    expect(await recordOf(job)).toMatchObject({
      verdict: 'authorized',
      ambiguous: false,
      nextAt: null,
      unsaid: false,
    })
    expect([(await callsOf(job)).length, await debitsOf(job)]).toEqual([2, 1])
    const sale = { topupId: job.topupId, correlationId: `corr-${job.topupId}` }
    expect(worker.calls).toMatchObject([
      { operation: 'topup', callResult: { kind: 'timeout' }, sale: { ...sale, attempt: 1 } },
      { operation: 'topup', callResult: { httpStatus: 200 }, sale: { ...sale, attempt: 2 } },
    ])
    expect(await worker.lookAfter(60)).toBe(0)
  })

  test('that never arrived is sold by a repeat', async () => {
    const worker = aWorker()
    const job = aJob()
    await meet('reset-without-effect', { count: 1 })
    await worker.deliver(job)
    expect(await debitsOf(job)).toBe(0)
    await worker.lookAfter(4)
    expect(verdictsOf(worker)).toEqual(['pending', 'authorized'])
    expect(await debitsOf(job)).toBe(1)
  })

  test('in progress is settled once the carrier has made up its mind', async () => {
    const worker = aWorker()
    const job = aJob()
    await meet('in-progress-then-authorized', { delayMs: 1_500 })
    await worker.deliver(job)
    await worker.lookAfter(4)
    expect(verdictsOf(worker)).toEqual(['pending', 'pending'])
    await eventually(
      () => debitsOf(job),
      (debits) => debits === 1,
    )
    await worker.lookAfter(11)
    expect(verdictsOf(worker).at(-1)).toBe('authorized')
    expect(await debitsOf(job)).toBe(1)
  })

  test('that the carrier then rejects is rejected', async () => {
    const worker = aWorker()
    await meet('in-progress-then-rejected', { delayMs: 0 })
    const job = aJob()
    await worker.deliver(job)
    await worker.lookAfter(4)
    expect(verdictsOf(worker)).toEqual(['pending', 'rejected'])
    expect(await recordOf(job)).toMatchObject({ nextAt: null, ambiguous: false })
  })

  test('is a person’s after its last repeat, and never sent again', async () => {
    const worker = aWorker()
    const job = aSaleThat('reset-without-effect')
    await worker.deliver(job)
    for (const seconds of [4, 11, 31]) expect(await worker.lookAfter(seconds)).toBe(1)
    expect(verdictsOf(worker)).toEqual(['pending', 'pending', 'pending', 'unresolved'])
    expect(worker.said.at(-1)?.data.nextAt).toBeUndefined()
    expect(await recordOf(job)).toMatchObject({ verdict: 'unresolved', ambiguous: true })
    expect(await worker.lookAfter(3_600)).toBe(0)
    await worker.deliver(job)
    expect(verdictsOf(worker).at(-1)).toBe('unresolved')
    expect(await callsOf(job)).toHaveLength(4)
  })

  test('nobody looked at in time is given up without another call', async () => {
    const job = aSaleThat('effect-then-reset')
    await aWorker().deliver(job)
    const later = aWorker()
    await later.lookAfter(61)
    expect(verdictsOf(later)).toEqual(['unresolved'])
    expect(await callsOf(job)).toHaveLength(1)
  })

  test('from before the database is given up without any call', async () => {
    const worker = aWorker({ limits: { repeatMs, bornAt: new Date() } })
    const job = aJob({ requestedAt: new Date(now - 50_000).toISOString() })
    await worker.deliver(job)
    await worker.lookAfter(4)
    expect(verdictsOf(worker)).toEqual(['pending'])
    await worker.lookAfter(11)
    expect(verdictsOf(worker)).toEqual(['pending', 'unresolved'])
    expect(await callsOf(job)).toEqual([])
  })

  test('sends the very same bytes under the same token', async () => {
    const worker = aWorker()
    const job = aSaleThat('effect-then-reset')
    await worker.deliver(job)
    const body = (await recordOf(job))?.body
    await worker.lookAfter(4)
    expect((await recordOf(job))?.body).toBe(body)
    // The carrier refuses a token that comes back with anything else in it.
    expect(verdictsOf(worker).at(-1)).toBe('authorized')
  })
})

test('a record from before there were repeats is taken up when its job comes again', async () => {
  const job = aSaleThat('effect-then-reset')
  await aWorker({ limits: { repeatMs: [] } }).deliver(job)
  const { topups } = database.collections
  await topups.updateOne(
    { _id: job.topupId },
    { $unset: { nextAt: 1, unsaid: 1, correlationId: 1 } },
  )
  const worker = aWorker()
  await worker.deliver(job)
  await worker.lookAfter(4)
  expect(verdictsOf(worker)).toEqual(['pending', 'authorized'])
})

describe('several workers', () => {
  test('make each repeat once', async () => {
    const jobs = Array.from({ length: 6 }, () => aSaleThat('hang-without-effect'))
    const first = aWorker()
    const all = [first, aWorker(), aWorker()]
    await Promise.all(jobs.map((job) => first.deliver(job)))
    await Promise.all(all.map((worker) => worker.lookAfter(4)))
    for (const job of jobs) expect(await callsOf(job)).toHaveLength(2)
    await Promise.all(all.map((worker) => worker.lookAfter(11)))
    for (const job of jobs) expect(await callsOf(job)).toHaveLength(3)
  })

  test('go on where another one ended', async () => {
    const job = aSaleThat('effect-then-reset')
    await aWorker().deliver(job)
    const next = aWorker()
    await next.lookAfter(4)
    expect(verdictsOf(next)).toEqual(['authorized'])
    expect(await debitsOf(job)).toBe(1)
  })
})

class Crash extends Error {}
/** A worker that ends at its n-th passing of a step: nothing after it runs. */
const crashing = (at: string, passing: number) => {
  let passed = 0
  let isDown = false
  return aWorker({
    crashPoint: (step) => {
      if (step !== at) return
      passed += 1
      if (passed < passing) return
      isDown = true
      throw new Crash(step)
    },
    records: (records) => ({
      create: (topup) => (isDown ? Promise.reject(new Crash()) : records.create(topup)),
      change: (topup, change) =>
        isDown ? Promise.reject(new Crash()) : records.change(topup, change),
    }),
  })
}

describe('a worker that dies', () => {
  test.each([
    ['after-attempt-recorded', 1],
    ['after-call', 2],
  ] as const)(
    '%s of a repeat leaves it to others once its lease is over',
    async (step, callsBefore) => {
      const job = aSaleThat('effect-then-reset')
      const worker = crashing(step, 2)
      await worker.deliver(job)
      await worker.lookAfter(4)
      expect(await callsOf(job)).toHaveLength(callsBefore)
      const next = aWorker()
      expect(await next.lookAfter(8)).toBe(0)
      // Its lease was five seconds from the fourth on.
      expect(await next.lookAfter(9.5)).toBe(1)
      expect(verdictsOf(next)).toEqual(['pending'])
      expect(await next.lookAfter(31)).toBe(1)
      expect(verdictsOf(next)).toEqual(['pending', 'authorized'])
      expect(await debitsOf(job)).toBe(1)
    },
  )

  test('after it recorded the answer of a repeat leaves the verdict to others to say', async () => {
    const job = aSaleThat('effect-then-reset')
    const worker = crashing('after-answer-recorded', 2)
    await worker.deliver(job)
    await worker.lookAfter(4)
    expect(verdictsOf(worker)).toEqual(['pending'])
    const next = aWorker()
    await next.lookAfter(5)
    expect(verdictsOf(next)).toEqual([])
    await next.lookAfter(7)
    expect(verdictsOf(next)).toEqual(['authorized'])
    expect(await recordOf(job)).toMatchObject({ unsaid: false })
    expect(await next.lookAfter(60)).toBe(0)
  })

  test('in its first call is noticed without any job, once somebody has asked', async () => {
    const job = aSaleThat('effect-then-reset')
    await crashing('after-call', 1).deliver(job)
    const next = aWorker()
    await next.deliver(job)
    await next.lookAfter(6)
    await next.lookAfter(11)
    expect(verdictsOf(next)).toEqual(['pending', 'pending', 'authorized'])
  })
})

describe('a verdict the broker does not confirm', () => {
  test('is said again until it does', async () => {
    let outcome: 'confirmed' | 'unknown' = 'confirmed'
    const worker = aWorker({ publish: () => outcome })
    const job = aSaleThat('effect-then-reset')
    await worker.deliver(job)
    outcome = 'unknown'
    await worker.lookAfter(4)
    expect(await recordOf(job)).toMatchObject({ verdict: 'authorized', unsaid: true })
    outcome = 'confirmed'
    await worker.lookAfter(7)
    expect(verdictsOf(worker)).toEqual(['pending', 'authorized', 'authorized'])
    expect(await recordOf(job)).toMatchObject({ unsaid: false })
    expect(await callsOf(job)).toHaveLength(2)
  })
})

describe('a repeat', () => {
  const openBreaker = async (worker: Worker) => {
    await meet('error-500')
    for (let sale = 0; sale < 4; sale += 1) await worker.deliver(aJob())
    // Its state may be half-open already, after the time of the reset.
    expect(worker.circuitChanges).toContainEqual({ operation: 'topup', circuit: 'open' })
  }

  test('waits while the breaker is open, and uses up no attempt', async () => {
    const worker = aWorker({ breaker: { volume: 5, resetMs: 60_000 } })
    const job = aSaleThat('effect-then-reset')
    await worker.deliver(job)
    await openBreaker(worker)
    await worker.lookAfter(4)
    expect(await callsOf(job)).toHaveLength(1)
    expect(await recordOf(job)).toMatchObject({ verdict: 'pending', attempts: [{ attempt: 1 }] })
    const other = aWorker()
    await other.lookAfter(6)
    expect(other.said.find(({ subject }) => subject === job.topupId)?.data.verdict).toBe(
      'authorized',
    )
  })

  test('is never the sale that tries the way back', async () => {
    const worker = aWorker({ breaker: { volume: 5, resetMs: 30 } })
    const job = aSaleThat('effect-then-reset')
    await worker.deliver(job)
    await openBreaker(worker)
    await control('/_reset')
    await eventually(worker.carrier.state, ({ available }) => available)
    expect(worker.carrier.state().breaker).toBe('half-open')
    await worker.lookAfter(4)
    expect((await recordOf(job))?.attempts).toHaveLength(1)
    await worker.deliver(aJob())
    expect(worker.carrier.state().breaker).toBe('closed')
    await worker.lookAfter(6)
    expect((await recordOf(job))?.attempts).toHaveLength(2)
  })

  test('that the carrier refuses as misconfigured proves nothing about the first attempt', async () => {
    const worker = aWorker()
    const job = aJob()
    await meet('reset-without-effect', { count: 1 })
    await worker.deliver(job)
    await meet('forbidden', { count: 1 })
    await worker.lookAfter(4)
    expect(await recordOf(job)).toMatchObject({
      verdict: 'pending',
      attempts: [{ answer: { row: 9 } }, { answer: { row: 11 } }],
    })
    expect(worker.circuitChanges.map(({ circuit }) => circuit)).toContain('misconfigured')
    // The carrier admits no repeat now: it waits, as a sale does not.
    await worker.lookAfter(11)
    expect(await callsOf(job)).toHaveLength(2)
  })

  test('whose database fails keeps its answer for when it is back', async () => {
    let fails = false
    const worker = aWorker({
      records: (records) => ({
        ...records,
        change: (topup, change) =>
          fails && topup.attempts.at(-1)?.answer === null
            ? Promise.reject(new Error('no primary'))
            : records.change(topup, change),
      }),
    })
    const job = aSaleThat('effect-then-reset')
    await worker.deliver(job)
    fails = true
    await worker.lookAfter(4)
    expect(verdictsOf(worker)).toEqual(['pending'])
    fails = false
    await worker.lookAfter(9.5)
    expect(verdictsOf(worker)).toEqual(['pending', 'authorized'])
    expect(await callsOf(job)).toHaveLength(2)
  })
})
