import { createServer, type AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FundsReserved } from '@recargas/contracts'
import { createSandbox, scenarios, type Sandbox } from '@recargas/tpaga-sandbox'
import { eventually } from '@recargas/runtime/testing'
import type { SaleDocument } from '../mongo/documents.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { aJob } from '../testing/jobs.ts'
import { apiKey, startWorker, type Worker } from '../testing/worker.ts'
import type { DeliveryStep } from './attempts.ts'

let database: FreshDatabase
let sandbox: Sandbox
const workers: Worker[] = []

beforeAll(async () => {
  database = await freshDatabase()
  sandbox = await createSandbox({ apiKey, latencyMs: 0 })
})
beforeEach(() => control('/_reset'))
afterEach(async () => {
  await Promise.all(workers.splice(0).map(({ carrier }) => carrier.close()))
})
afterAll(async () => {
  await sandbox.close()
  await database.drop()
})

type Options = Omit<Parameters<typeof startWorker>[0], 'collections' | 'url'>
const aWorker = (options: Options & { url?: string } = {}): Worker => {
  const worker = startWorker({ collections: database.collections, url: sandbox.url, ...options })
  workers.push(worker)
  return worker
}
const control = async (path: string, body: object = {}) => {
  await fetch(`${sandbox.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
}
type Call = { endpoint: string; token: string | null; debited: boolean; status: number | string }
const callsOf = async (job: FundsReserved): Promise<readonly Call[]> => {
  const answer = await fetch(`${sandbox.url}/_calls?token=${job.topupId}`)
  return ((await answer.json()) as { calls: Call[] }).calls
}
const probes = async (): Promise<number> => {
  const answer = await fetch(`${sandbox.url}/_calls`)
  const { calls } = (await answer.json()) as { calls: Call[] }
  return calls.filter(({ endpoint }) => endpoint === 'balance').length
}
const recordOf = (job: FundsReserved): Promise<SaleDocument | null> =>
  database.collections.topups.findOne({ _id: job.topupId })
const verdictsOf = ({ said }: Worker) => said.map(({ data }) => data.verdict)
const aClosedPort = async (): Promise<string> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

describe('a sale', () => {
  test('that the carrier authorizes is recorded, said and acknowledged', async () => {
    const worker = aWorker()
    const job = aJob()
    expect(await worker.deliver(job)).toEqual({ verdict: 'ack' })
    expect(worker.said).toMatchObject([
      {
        id: `${job.topupId}:verdict:1:authorized`,
        source: 'carrier-adapter',
        subject: job.topupId,
        correlationid: `corr-${job.topupId}`,
        data: {
          topupId: job.topupId,
          merchant: 'principal',
          verdict: 'authorized',
          attempts: [{ attempt: 1, row: 1, httpStatus: 200, carrierStatus: 'authorized' }],
        },
      },
    ])
    expect(await recordOf(job)).toMatchObject({
      verdict: 'authorized',
      ambiguous: false,
      never: false,
      job: { amount: 1_000, carrierAmount: 1_000 },
      attempts: [{ attempt: 1, answer: { proves: 'authorized' } }],
    })
    expect(await callsOf(job)).toMatchObject([{ endpoint: 'topup_account', debited: true }])
  })

  test.each([
    ['rejected', 'rejected', '3110005555', 2],
    ['unknown for the carrier too', 'pending', '3110002222', 7],
    ['an internal error', 'pending', '3110003333', 8],
    ['concurrent', 'pending', '3110004444', 5],
    ['a 503 of a proxy', 'pending', scenarios['html-503'].number, 6],
    ['answered for another token', 'pending', scenarios['wrong-token-echo'].number, 4],
    ['answered in half', 'pending', scenarios['truncated-json'].number, 4],
    ['answered without end', 'pending', scenarios['huge-body'].number, 9],
    ['answered deeper than any answer is', 'pending', scenarios['deep-json'].number, 9],
    ['answered with a poisoned prototype', 'pending', scenarios['proto-body'].number, 4],
    ['answered with numbers as text', 'authorized', scenarios['numbers-as-strings'].number, 1],
    ['answered with a redirect', 'misconfigured', scenarios.redirect.number, 13],
    ['forbidden', 'misconfigured', scenarios.forbidden.number, 11],
    ['one too many', 'not-sent', scenarios['rate-limited'].number, 14],
    ['cut off after it was made', 'pending', scenarios['effect-then-reset'].number, 9],
    ['cut off in the body', 'pending', scenarios['cut-body'].number, 9],
  ])('that is %s is %s', async (_name, verdict, number, row) => {
    const worker = aWorker()
    const job = aJob({ number })
    expect(await worker.deliver(job)).toEqual({ verdict: 'ack' })
    expect(worker.said).toMatchObject([{ data: { verdict, attempts: [{ row }] } }])
    expect(await recordOf(job)).toMatchObject({
      verdict,
      ambiguous: verdict === 'pending',
      never: verdict === 'not-sent',
    })
  })

  test('that the carrier finds invalid says which field and why', async () => {
    const worker = aWorker()
    const job = aJob({ slug: 'vodafone' })
    await worker.deliver(job)
    expect(worker.said[0]?.data).toMatchObject({
      verdict: 'invalid',
      invalid: { field: 'service_provider' },
    })
  })

  test('that gets no answer in time is pending, though the carrier has sold', async () => {
    const worker = aWorker({ callTimeoutMs: 1_500 })
    const job = aJob({ number: scenarios['effect-then-hang'].number })
    expect(await worker.deliver(job)).toEqual({ verdict: 'ack' })
    expect(worker.said[0]?.data).toMatchObject({
      verdict: 'pending',
      attempts: [{ row: 9, observed: 'time-out after 1500 ms' }],
    })
    expect(await callsOf(job)).toMatchObject([{ debited: true }])
  })

  test('whose body comes too slowly is pending too', async () => {
    const worker = aWorker({ callTimeoutMs: 1_500 })
    await worker.deliver(aJob({ number: scenarios['slow-body'].number }))
    expect(verdictsOf(worker)).toEqual(['pending'])
  })

  test('that finds no connection is not sent, and never will be', async () => {
    const url = await aClosedPort()
    const worker = aWorker({ url })
    const job = aJob()
    expect(await worker.deliver(job)).toEqual({ verdict: 'ack' })
    expect(worker.said[0]?.data).toMatchObject({ verdict: 'not-sent', attempts: [{ row: 10 }] })
    expect(await recordOf(job)).toMatchObject({ never: true, verdict: 'not-sent' })
    const reachesIt = aWorker()
    await reachesIt.deliver(job)
    expect(verdictsOf(reachesIt)).toEqual(['not-sent'])
    expect(await callsOf(job)).toEqual([])
  })

  test('past its deadline is recorded as never sent before that is said', async () => {
    const worker = aWorker()
    const job = aJob({ requestedAt: new Date(Date.now() - 60_000).toISOString() })
    await worker.deliver(job)
    expect(worker.said[0]).toMatchObject({
      id: `${job.topupId}:verdict:0:not-sent`,
      data: { verdict: 'not-sent', attempts: [] },
    })
    expect(await recordOf(job)).toMatchObject({ never: true, attempts: [] })
    expect(await callsOf(job)).toEqual([])
  })

  test('older than the database is pending: its records may be lost', async () => {
    const worker = aWorker({ limits: { bornAt: new Date() } })
    const job = aJob({ requestedAt: new Date(Date.now() - 90_000).toISOString() })
    await worker.deliver(job)
    expect(verdictsOf(worker)).toEqual(['pending'])
    expect(await recordOf(job)).toMatchObject({ predates: true, ambiguous: true, never: false })
    expect(await callsOf(job)).toEqual([])
  })
})

describe('a job that comes again', () => {
  test('makes no second call and says the same verdict', async () => {
    const worker = aWorker()
    const job = aJob()
    await worker.deliver(job)
    await worker.deliver(job)
    expect(worker.said.map(({ id }) => id)).toEqual(
      Array.from({ length: 2 }, () => `${job.topupId}:verdict:1:authorized`),
    )
    expect(await callsOf(job)).toHaveLength(1)
  })

  test('while the first runs shares its call', async () => {
    const worker = aWorker()
    const job = aJob()
    await Promise.all([worker.deliver(job), worker.deliver(job), worker.deliver(job)])
    expect(new Set(verdictsOf(worker))).toEqual(new Set(['authorized']))
    expect(await callsOf(job)).toHaveLength(1)
  })

  test('at two workers at once makes one attempt, and no money is released', async () => {
    const jobs = Array.from({ length: 20 }, () => aJob())
    const [one, other] = [aWorker(), aWorker()]
    await Promise.all(jobs.flatMap((job) => [one.deliver(job), other.deliver(job)]))
    for (const job of jobs) expect(await callsOf(job)).toHaveLength(1)
    const all = [...verdictsOf(one), ...verdictsOf(other)]
    expect(all.filter((verdict) => verdict !== 'authorized' && verdict !== 'pending')).toEqual([])
    expect(all.filter((verdict) => verdict === 'authorized').length).toBeGreaterThanOrEqual(20)
    for (const job of jobs) expect(await recordOf(job)).toMatchObject({ verdict: 'authorized' })
  })

  test('long after its deadline keeps its verdict', async () => {
    const worker = aWorker()
    const job = aJob()
    await worker.deliver(job)
    await aWorker({ clock: { aheadMs: 3_600_000, monotonicAheadMs: 0 } }).deliver(job)
    expect(await recordOf(job)).toMatchObject({ verdict: 'authorized' })
  })

  test('as another sale under the same id is set aside', async () => {
    const worker = aWorker()
    const job = aJob()
    await worker.deliver(job)
    const other = aJob({ topupId: job.topupId, carrierAmount: 2_000 })
    expect(await worker.deliver(other)).toMatchObject({
      verdict: 'dead-letter',
      code: 'ANOTHER_SALE',
    })
    expect(worker.said).toHaveLength(1)
    expect(await callsOf(job)).toHaveLength(1)
  })
})

/** Stands for the end of the process: nothing after it runs. */
class Crash extends Error {}
const crashing = (at: DeliveryStep): Worker => {
  let isDown = false
  const worker = aWorker({
    crashPoint: (step) => {
      if (step !== at) return
      isDown = true
      throw new Crash(step)
    },
    records: (records) => ({
      create: (topup) => (isDown ? Promise.reject(new Crash()) : records.create(topup)),
      change: (topup, change) =>
        isDown ? Promise.reject(new Crash()) : records.change(topup, change),
    }),
  })
  return worker
}

describe('a worker that dies', () => {
  test('before the attempt is recorded leaves the sale to the next one', async () => {
    const job = aJob()
    expect(await crashing('before-attempt-recorded').deliver(job)).toMatchObject({
      verdict: 'retry',
    })
    const next = aWorker()
    await next.deliver(job)
    expect(verdictsOf(next)).toEqual(['authorized'])
    expect(await callsOf(job)).toHaveLength(1)
  })

  test.each(['after-attempt-recorded', 'after-call'] as const)(
    '%s leaves a sale that is pending, called by nobody else',
    async (step) => {
      const job = aJob()
      await crashing(step).deliver(job)
      const next = aWorker()
      await next.deliver(job)
      const lease = (await recordOf(job))?.attempts[0]?.leaseUntil.getTime() ?? 0
      expect(next.said[0]?.data).toMatchObject({
        verdict: 'pending',
        nextAt: new Date(lease + 100).toISOString(),
        attempts: [{ attempt: 1, observed: 'no answer recorded' }],
      })
      expect(await recordOf(job)).toMatchObject({ verdict: null })
      const later = aWorker({ clock: { aheadMs: 6_000, monotonicAheadMs: 6_000 } })
      await later.deliver(job)
      expect(later.said[0]?.data).toMatchObject({ verdict: 'pending' })
      expect(later.said[0]?.data.nextAt).toBeUndefined()
      expect(await recordOf(job)).toMatchObject({ verdict: 'pending', ambiguous: true })
      expect(await callsOf(job)).toHaveLength(step === 'after-call' ? 1 : 0)
    },
  )

  test('after the answer is recorded loses nothing', async () => {
    const job = aJob()
    await crashing('after-answer-recorded').deliver(job)
    const next = aWorker()
    await next.deliver(job)
    expect(verdictsOf(next)).toEqual(['authorized'])
    expect(await callsOf(job)).toHaveLength(1)
  })
})

describe('the lease', () => {
  test('that no longer outlives a call keeps the sale from the socket', async () => {
    const clock = { aheadMs: 0, monotonicAheadMs: 0 }
    const worker = aWorker({
      clock,
      crashPoint: (step) => {
        if (step === 'after-attempt-recorded') clock.monotonicAheadMs = 4_500
      },
    })
    const job = aJob()
    await worker.deliver(job)
    expect(worker.said[0]?.data).toMatchObject({
      verdict: 'not-sent',
      attempts: [{ row: 10, observed: 'not sent: lease-too-short' }],
    })
    expect(await recordOf(job)).toMatchObject({ never: true })
    expect(await callsOf(job)).toEqual([])
  })

  test('counts a sleep that only the wall clock knows of', async () => {
    const clock = { aheadMs: 0, monotonicAheadMs: 0 }
    const worker = aWorker({
      clock,
      crashPoint: (step) => {
        if (step === 'after-attempt-recorded') clock.aheadMs = 4_500
      },
    })
    await worker.deliver(aJob())
    expect(verdictsOf(worker)).toEqual(['not-sent'])
  })
})

describe('a database that fails', () => {
  test('when the attempt is to be recorded: nothing is sent, and the sale goes on later', async () => {
    let fails = true
    const worker = aWorker({
      records: (records) => ({
        ...records,
        create: async (topup) => {
          const result = await records.create(topup)
          // Written, but nobody could tell.
          if (fails) throw new Error('no primary')
          return result
        },
      }),
    })
    const job = aJob()
    expect(await worker.deliver(job)).toEqual({ verdict: 'retry', afterMs: 5_000 })
    expect(await callsOf(job)).toEqual([])
    fails = false
    await worker.deliver(job)
    expect(verdictsOf(worker)).toEqual(['not-sent'])
    expect(await recordOf(job)).toMatchObject({ never: true })
    expect(await callsOf(job)).toEqual([])
  })

  test.each([
    ['authorized is said at once', '3150000001', 'authorized', 1],
    ['anything else is kept and said once it is durable', '3110005555', 'rejected', 0],
  ] as const)('when the answer is to be recorded: %s', async (_, number, verdict, saidAtOnce) => {
    let fails = true
    const worker = aWorker({
      records: (records) => ({
        ...records,
        change: (topup, change) =>
          fails ? Promise.reject(new Error('no primary')) : records.change(topup, change),
      }),
    })
    const job = aJob({ number })
    expect(await worker.deliver(job)).toMatchObject({ verdict: 'retry' })
    expect(verdictsOf(worker)).toHaveLength(saidAtOnce)
    fails = false
    await worker.deliver(job)
    expect(verdictsOf(worker).at(-1)).toBe(verdict)
    expect(await callsOf(job)).toHaveLength(1)
  })
})

test('a verdict the broker does not confirm brings the job back, without a second call', async () => {
  let outcome: 'confirmed' | 'unknown' = 'unknown'
  const worker = aWorker({ publish: () => outcome })
  const job = aJob()
  expect(await worker.deliver(job)).toEqual({ verdict: 'retry', afterMs: 5_000 })
  outcome = 'confirmed'
  expect(await worker.deliver(job)).toEqual({ verdict: 'ack' })
  expect(verdictsOf(worker)).toEqual(['authorized', 'authorized'])
  expect(await callsOf(job)).toHaveLength(1)
})

describe('the breaker', () => {
  const sellUntilOpen = async (worker: Worker, match?: { readonly endpoint: 'any' }) => {
    await control('/_scenario', { scenario: 'error-500', match })
    for (let sale = 0; sale < 4; sale += 1) await worker.deliver(aJob())
    expect(worker.circuitChanges).toContainEqual({ operation: 'topup', circuit: 'open' })
    worker.said.length = 0
  }

  test('once open answers not-sent at once, and keeps that promise', async () => {
    const worker = aWorker({ breaker: { volume: 4, resetMs: 60_000 } })
    await sellUntilOpen(worker)
    const job = aJob()
    const startedAt = performance.now()
    await worker.deliver(job)
    expect(performance.now() - startedAt).toBeLessThan(500)
    expect(verdictsOf(worker)).toEqual(['not-sent'])
    expect(await recordOf(job)).toMatchObject({ never: true, attempts: [] })
    expect(await callsOf(job)).toEqual([])
  })

  test('recovers by a good balance and then one clear sale', async () => {
    const worker = aWorker({ breaker: { volume: 4, resetMs: 30 } })
    await sellUntilOpen(worker, { endpoint: 'any' })
    await control('/_reset')
    await eventually(worker.carrier.state, ({ available }) => available)
    expect(await probes()).toBeGreaterThanOrEqual(1)
    expect(worker.carrier.state().breaker).toBe('half-open')
    // One sale goes ahead; the others do not wait for it.
    const jobs = Array.from({ length: 5 }, () => aJob())
    await Promise.all(jobs.map((job) => worker.deliver(job)))
    expect(verdictsOf(worker).sort()).toEqual([
      'authorized',
      'not-sent',
      'not-sent',
      'not-sent',
      'not-sent',
    ])
    expect(worker.carrier.state()).toMatchObject({ available: true, breaker: 'closed' })
    await worker.deliver(aJob())
    expect(verdictsOf(worker)).toHaveLength(6)
    expect(verdictsOf(worker).at(-1)).toBe('authorized')
  })

  test('stays open while the balance is not good, and no sale is risked', async () => {
    const worker = aWorker({ breaker: { volume: 4, resetMs: 30 } })
    await sellUntilOpen(worker, { endpoint: 'any' })
    await eventually(probes, (count) => count >= 3)
    const job = aJob()
    await worker.deliver(job)
    expect(verdictsOf(worker)).toEqual(['not-sent'])
    expect(await callsOf(job)).toEqual([])
  })

  test('opens again when the one sale is unclear', async () => {
    const worker = aWorker({ breaker: { volume: 4, resetMs: 30 } })
    await sellUntilOpen(worker)
    await eventually(worker.carrier.state, ({ available }) => available)
    const before = await probes()
    await worker.deliver(aJob())
    expect(verdictsOf(worker)).toEqual(['pending'])
    expect(worker.circuitChanges.filter(({ circuit }) => circuit === 'open')).toHaveLength(2)
    await eventually(probes, (count) => count > before)
  })

  test('is not opened by what the carrier itself decides', async () => {
    const worker = aWorker({ breaker: { volume: 4 } })
    for (let sale = 0; sale < 8; sale += 1) await worker.deliver(aJob({ number: '3110005555' }))
    expect(worker.carrier.state().breaker).toBe('closed')
    expect(new Set(verdictsOf(worker))).toEqual(new Set(['rejected']))
  })
})

describe('a carrier that refuses our configuration', () => {
  test('is not sold through until a balance and one sale are clear again', async () => {
    await control('/_scenario', { scenario: 'forbidden', match: { endpoint: 'any' } })
    const worker = aWorker({ breaker: { resetMs: 30 } })
    await worker.deliver(aJob())
    const refused = aJob()
    await worker.deliver(refused)
    expect(verdictsOf(worker)).toEqual(['misconfigured', 'not-sent'])
    expect(await callsOf(refused)).toEqual([])
    expect(worker.carrier.state()).toMatchObject({
      available: false,
      reason: expect.stringContaining('403'),
    })
    expect(worker.reports).toContainEqual(
      expect.objectContaining({ kind: 'alert', alert: 'misconfigured' }),
    )
    await control('/_reset')
    await eventually(worker.carrier.state, ({ available }) => available)
    await worker.deliver(aJob())
    expect(verdictsOf(worker).at(-1)).toBe('authorized')
    expect(worker.carrier.state()).toMatchObject({ available: true, breaker: 'closed' })
  })

  test('with a wrong API key, too', async () => {
    const worker = aWorker({ apiKey: 'ak-wrong', breaker: { resetMs: 30 } })
    await worker.deliver(aJob())
    expect(verdictsOf(worker)).toEqual(['misconfigured'])
    await eventually(probes, (count) => count >= 2)
    expect(worker.carrier.state().available).toBe(false)
  })
})

test('a pause the carrier asks for is kept, then sales go on', async () => {
  const worker = aWorker()
  await control('/_scenario', { scenario: 'rate-limited', count: 1 })
  await worker.deliver(aJob())
  const during = aJob()
  await worker.deliver(during)
  expect(verdictsOf(worker)).toEqual(['not-sent', 'not-sent'])
  expect(await callsOf(during)).toEqual([])
  await eventually(worker.carrier.state, ({ available }) => available)
  await worker.deliver(aJob())
  expect(verdictsOf(worker).at(-1)).toBe('authorized')
})
