import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { FundsReserved } from '@recargas/contracts'
import { createSandbox, scenarios, type Sandbox, type ScenarioName } from '@recargas/tpaga-sandbox'
import { eventually } from '@recargas/runtime/testing'
import type { SaleDocument } from '../../mongo/documents.ts'
import { freshDatabase, type FreshDatabase } from '../../testing/fresh-database.ts'
import { aBundleJob, aJob } from '../../testing/jobs.ts'
import { apiKey, startWorker, type Worker } from '../../testing/worker.ts'

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

const lookupMs = [2_000, 5_000, 60_000, 130_000, 3_600_000]
type Options = Omit<Parameters<typeof startWorker>[0], 'collections' | 'url'>
const aWorker = (options: Options = {}) => {
  const clock = { aheadMs: 0, monotonicAheadMs: 0 }
  const worker = startWorker({
    collections: database.collections,
    url: sandbox.url,
    ...options,
    trueTime: () => now,
    clock,
    limits: { lookupMs, ...options.limits },
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
const meet = (scenario: ScenarioName, endpoint: string, more: object = {}) =>
  control('/_scenario', { scenario, match: { endpoint }, ...more })
type Call = { endpoint: string; debited: boolean }
const callsOf = async (job: FundsReserved): Promise<readonly Call[]> => {
  const answer = await fetch(`${sandbox.url}/_calls?token=${job.topupId}`)
  return ((await answer.json()) as { calls: Call[] }).calls
}
const purchasesOf = async (job: FundsReserved) =>
  (await callsOf(job)).filter(({ endpoint }) => endpoint === 'package_buy').length
const lookupsOf = async (job: FundsReserved) =>
  (await callsOf(job)).filter(({ endpoint }) => endpoint === 'package_lookup').length
const recordOf = (job: FundsReserved): Promise<SaleDocument | null> =>
  database.collections.topups.findOne({ _id: job.topupId })
const verdictsOf = ({ said }: Worker) => said.map(({ data }) => data.verdict)
const documented = {
  authorized: '3110001111',
  'in-progress': '3110007777',
  'unknown at its lookup': '3110006666',
  'rejected at its lookup': '3110000000',
} as const

describe('a bundle', () => {
  test('is bought in the catalogue’s own spelling, the leading zero kept', async () => {
    const worker = aWorker()
    const job = aBundleJob({ number: documented.authorized })
    expect(await worker.deliver(job)).toEqual({ verdict: 'ack' })
    expect(worker.said).toMatchObject([
      {
        id: `${job.topupId}:verdict:1:authorized`,
        data: { verdict: 'authorized', attempts: [{ attempt: 1, row: 1, httpStatus: 200 }] },
      },
    ])
    expect(worker.said[0]?.data.attempts[0]).not.toHaveProperty('lookup')
    expect(await callsOf(job)).toMatchObject([{ endpoint: 'package_buy', debited: true }])
    expect(worker.reports.map(({ kind }) => kind)).toEqual(['published'])
  })

  test('is bought by number where the carrier wants numbers, and its echo is no alert', async () => {
    const worker = aWorker({ packageCodes: 'integer' })
    const job = aBundleJob()
    await worker.deliver(job)
    expect(verdictsOf(worker)).toEqual(['authorized'])
    expect(worker.reports.map(({ kind }) => kind)).toEqual(['published'])
    const { body } = (await recordOf(job)) ?? {}
    expect(JSON.parse(body ?? '{}')).toMatchObject({ provider_code: 58, package_code: 24 })
  })

  test('whose code lost its zero is no package of the carrier: invalid, with the field', async () => {
    const worker = aWorker()
    await worker.deliver(aBundleJob({ bundle: { provider: '58', code: '24', name: 'x' } }))
    expect(worker.said[0]?.data).toMatchObject({
      verdict: 'invalid',
      invalid: { field: 'package_code' },
    })
  })

  test('is one sale: the same job again makes no call, another bundle under its id is refused', async () => {
    const worker = aWorker()
    const job = aBundleJob()
    await worker.deliver(job)
    await worker.deliver(job)
    const another = { ...job, bundle: { provider: '58', code: '353', name: 'x' } }
    expect(await worker.deliver(another)).toMatchObject({ code: 'ANOTHER_SALE' })
    const { bundle: _bundle, ...topup } = job
    expect(await worker.deliver(topup)).toMatchObject({ code: 'ANOTHER_SALE' })
    expect(await callsOf(job)).toHaveLength(1)
    expect(verdictsOf(worker)).toEqual(['authorized', 'authorized'])
  })

  test('that the carrier no longer lists as quoted is never bought, whatever the list says later', async () => {
    let withheld: 'price-changed' | null = 'price-changed'
    const worker = aWorker({ checkOffer: () => Promise.resolve(withheld) })
    const job = aBundleJob()
    await worker.deliver(job)
    withheld = null
    await worker.deliver(job)
    expect(worker.said.map(({ data }) => data)).toMatchObject([
      { verdict: 'not-sent', withheld: 'price-changed', attempts: [] },
      { verdict: 'not-sent', withheld: 'price-changed', attempts: [] },
    ])
    expect(await callsOf(job)).toEqual([])
  })

  test('too late or closed beforehand is never bought', async () => {
    const worker = aWorker()
    const late = aBundleJob({ requestedAt: new Date(now - 61_000).toISOString() })
    const closed = aBundleJob()
    await worker.deliver(late)
    await worker.close(closed)
    await worker.deliver(closed)
    expect(verdictsOf(worker)).toEqual(['not-sent', 'not-sent', 'not-sent'])
    expect([await callsOf(late), await callsOf(closed)]).toEqual([[], []])
  })

  test('is refused at once while its breaker is open, and top-ups are sold meanwhile', async () => {
    const worker = aWorker({ breaker: { volume: 2, resetMs: 60_000 } })
    await meet('error-500', 'package_buy')
    await worker.deliver(aBundleJob())
    await worker.deliver(aBundleJob())
    expect(worker.carrier.state()).toMatchObject({
      available: true,
      breaker: 'closed',
      bundles: { available: false, breaker: 'open' },
    })
    const [refused, topup] = [aBundleJob(), aJob()]
    await worker.deliver(refused)
    await worker.deliver(topup)
    expect(verdictsOf(worker)).toEqual(['pending', 'pending', 'not-sent', 'authorized'])
    expect(await callsOf(refused)).toEqual([])
  })

  test('that its carrier has no path for makes bundles only misconfigured; a refused key both', async () => {
    const worker = aWorker()
    await meet('not-found', 'package_buy', { count: 1 })
    await worker.deliver(aBundleJob())
    expect(verdictsOf(worker)).toEqual(['misconfigured'])
    expect(worker.carrier.state()).toMatchObject({ available: true, bundles: { available: false } })

    const stranger = aWorker({ apiKey: 'a-key-that-is-not-let-in' })
    await stranger.deliver(aBundleJob())
    await untilUnavailable(stranger)
    await stranger.deliver(aJob())
    expect(verdictsOf(stranger)).toEqual(['misconfigured', 'not-sent'])
  })
})

const untilUnavailable = ({ carrier }: Worker) =>
  eventually(
    () => carrier.state().available,
    (available) => !available,
  )

describe('an unclear bundle', () => {
  test('is looked up, never bought again: rejected at its lookup', async () => {
    const worker = aWorker()
    const job = aBundleJob({ number: documented['rejected at its lookup'] })
    await worker.deliver(job)
    const startedAt = (await recordOf(job))?.attempts[0]?.startedAt.getTime() ?? 0
    expect(worker.said[0]?.data).toMatchObject({
      verdict: 'pending',
      nextAt: new Date(startedAt + 2_000).toISOString(),
      attempts: [{ row: 7, httpStatus: 502 }],
    })
    expect(await worker.lookAfter(1)).toBe(0)
    expect(await worker.lookAfter(3)).toBe(1)
    expect(worker.said[1]).toMatchObject({
      id: `${job.topupId}:verdict:2:rejected`,
      correlationid: `corr-${job.topupId}`,
      data: { attempts: [{ row: 7 }, { attempt: 2, lookup: true, row: 2 }] },
    })
    expect(await recordOf(job)).toMatchObject({
      verdict: 'rejected',
      nextAt: null,
      unsaid: false,
    })
    expect([await purchasesOf(job), await lookupsOf(job)]).toEqual([1, 1])
  })

  test.each([
    ['in-progress', 3],
    ['unknown at its lookup', 6],
  ] as const)(
    'that stays %s is asked about to the last time, then it is a person’s',
    async (name, row) => {
      const worker = aWorker()
      const job = aBundleJob({ number: documented[name] })
      await worker.deliver(job)
      for (const seconds of [3, 6, 70, 140, 4_000]) {
        expect(await worker.lookAfter(seconds)).toBe(1)
      }
      expect(verdictsOf(worker)).toEqual([...Array<string>(5).fill('pending'), 'unresolved'])
      expect(worker.said[0]?.data.attempts).toMatchObject([{ row }])
      expect(worker.said.at(-1)?.data.attempts).toMatchObject([
        { attempt: 1 },
        ...[2, 3, 4, 5, 6].map((attempt) => ({ attempt, lookup: true })),
      ])
      expect(worker.said.at(-1)?.data.nextAt).toBeUndefined()
      expect(worker.said.slice(0, -1).every(({ data }) => data.nextAt !== undefined)).toBe(true)
      expect(await worker.lookAfter(90_000)).toBe(0)
      expect([await purchasesOf(job), await lookupsOf(job)]).toEqual([1, 5])
    },
  )

  test('that was bought is found, also by another worker after a restart', async () => {
    const job = aBundleJob({ number: scenarios['effect-then-reset'].number })
    const [first, second] = [aWorker(), aWorker()]
    await first.deliver(job)
    expect(verdictsOf(first)).toEqual(['pending'])
    await second.lookAfter(3)
    expect(verdictsOf(second)).toEqual(['authorized'])
    expect([await purchasesOf(job), await lookupsOf(job)]).toEqual([1, 1])
    expect((await callsOf(job)).filter(({ debited }) => debited)).toHaveLength(1)
  })

  test('that never arrived is a person’s, who reads why; nothing is given back', async () => {
    const worker = aWorker()
    const job = aBundleJob({ number: scenarios['reset-without-effect'].number })
    await worker.deliver(job)
    for (const seconds of [3, 6, 70]) await worker.lookAfter(seconds)
    // Two lookups a minute apart, both longer after the purchase than a call can take twice.
    expect(verdictsOf(worker)).toEqual(['pending', 'pending', 'pending', 'unresolved'])
    const { attempts } = worker.said.at(-1)?.data ?? {}
    expect(attempts?.at(-1)).toMatchObject({ lookup: true, row: 13, httpStatus: 404 })
    expect(attempts?.at(-1)?.observed).toContain('knows of no such purchase')
    expect(await worker.lookAfter(140)).toBe(0)
    expect(await purchasesOf(job)).toBe(1)
  })

  test('is asked about by one worker at a time', async () => {
    const job = aBundleJob({ number: documented['in-progress'] })
    const several = [aWorker(), aWorker(), aWorker()]
    await several[0]?.deliver(job)
    await Promise.all(several.map((worker) => worker.lookAfter(3)))
    expect(await lookupsOf(job)).toBe(1)
  })

  test('waits while the lookups do not work, and uses up none of its times', async () => {
    const worker = aWorker({ breaker: { volume: 1, resetMs: 60_000 } })
    const [first, second] = [aBundleJob, aBundleJob].map((make) =>
      make({ number: documented['in-progress'] }),
    ) as [FundsReserved, FundsReserved]
    await worker.deliver(first)
    await meet('error-500', 'package_lookup')
    await worker.lookAfter(3)
    await control('/_reset')
    // Its own breaker: bundles are still sold.
    await worker.deliver(second)
    await worker.lookAfter(6)
    await worker.lookAfter(8)
    expect([await lookupsOf(first), await lookupsOf(second)]).toEqual([0, 0])
    expect((await recordOf(second))?.attempts).toHaveLength(1)
    expect(worker.carrier.state().bundles.available).toBe(true)
    // At the end of all its times a person has to know.
    await worker.lookAfter(4_000)
    expect(worker.said.at(-1)?.data.verdict).toBe('unresolved')
  })

  test('whose worker died at the lookup is looked up by the next one', async () => {
    const dying = aWorker({
      crashPoint: (step) => {
        if (isDying && step === 'after-call') throw new Error('the power is gone')
      },
    })
    let isDying = false
    const job = aBundleJob({ number: scenarios['effect-then-reset'].number })
    await dying.deliver(job)
    isDying = true
    await dying.lookAfter(3)
    expect((await recordOf(job))?.attempts).toMatchObject([{}, { lookup: true, answer: null }])
    const next = aWorker()
    await next.lookAfter(5)
    expect(await lookupsOf(job)).toBe(1)
    await next.lookAfter(9)
    await next.lookAfter(70)
    expect(verdictsOf(next).at(-1)).toBe('authorized')
    expect((await recordOf(job))?.attempts.map(({ lookup }) => lookup)).toEqual([
      undefined,
      true,
      true,
    ])
    expect(await purchasesOf(job)).toBe(1)
  })

  test('that a person closed is not looked up any more', async () => {
    const worker = aWorker()
    const job = aBundleJob({ number: documented['in-progress'] })
    await worker.deliver(job)
    await worker.close(job)
    expect(worker.said.at(-1)?.data).toMatchObject({ verdict: 'pending', closed: true })
    expect(await worker.lookAfter(3)).toBe(0)
  })

  test('from before this database is looked up, never bought and never given back', async () => {
    const worker = aWorker({ limits: { bornAt: new Date(now + 60_000) } })
    const job = aBundleJob()
    await worker.deliver(job)
    expect(verdictsOf(worker)).toEqual(['pending'])
    for (const seconds of [3, 6, 70]) await worker.lookAfter(seconds)
    expect(verdictsOf(worker).at(-1)).toBe('unresolved')
    expect(await purchasesOf(job)).toBe(0)
    expect(await lookupsOf(job)).toBeGreaterThan(1)
  })
})
