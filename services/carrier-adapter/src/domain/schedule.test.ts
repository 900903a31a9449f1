import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { aBundleJob, aJob } from '../testing/jobs.ts'
import { dueStepOf, graceMs, isOver, scheduled, type Schedule } from './schedule.ts'
import {
  answered,
  closed,
  predatesDatabase,
  lookedUp,
  repeated,
  started,
  type SaleRecord,
} from './sale.ts'
import { classifyTopup } from '../carriers/tpaga/decision-table.ts'
import type { Evidence } from './evidence.ts'

const schedule: Schedule = {
  by: 'repeat',
  stepsMs: [3_000, 10_000, 30_000, 60_000, 120_000],
  jitterRatio: 0.1,
  clockSkewMs: 2_000,
}
const lookups: Schedule = {
  ...schedule,
  by: 'look-up',
  stepsMs: [2_000, 5_000, 900_000, 3_600_000, 7_200_000],
}
const leaseMs = 20_000
const start = Date.parse('2026-01-01T00:00:00Z')
const at = (ms: number) => new Date(start + ms)
const lease = (startMs: number) => ({
  owner: 'one',
  startedAt: at(startMs),
  leaseUntil: at(startMs + leaseMs),
})
const job = aJob({ requestedAt: at(0).toISOString() })
const sale = { job, body: '{}', correlationId: 'corr' }
const asked = { token: job.topupId, number: job.number, slug: job.slug, amount: job.carrierAmount }
const timedOut = classifyTopup({ kind: 'timeout', afterMs: 8_000 }, asked)
const withStatus = (status: string): Evidence =>
  classifyTopup(
    { kind: 'answer', httpStatus: 200, body: { kind: 'json', value: { status } } },
    asked,
  )

const plan = (topup: SaleRecord, nowMs: number, jitter = 0.5) =>
  scheduled(topup, schedule, at(nowMs), jitter)
const unclearAfter = (endMs: number, evidence = timedOut): SaleRecord =>
  answered(started(sale, lease(0)), 1, evidence, at(endMs))
const nextMs = (topup: SaleRecord): number | null =>
  topup.nextAt === null ? null : topup.nextAt.getTime() - start

describe('an unclear sale', () => {
  test('is sent again at the first time after its answer', () => {
    expect(nextMs(plan(unclearAfter(500), 500))).toBe(3_000)
  })

  test('that took long leaves out the times that passed meanwhile', () => {
    expect(nextMs(plan(unclearAfter(8_000), 8_000))).toBe(10_000)
  })

  test.each([
    [0, 9_000],
    [0.5, 10_000],
    [1, 11_000],
  ])('moves its times by a tenth at most (%f)', (jitter, expected) => {
    expect(nextMs(plan(unclearAfter(8_000), 8_000, jitter))).toBe(expected)
  })

  test('does not use a time twice that came early', () => {
    const again = repeated(unclearAfter(100), lease(2_700), schedule)
    expect(nextMs(plan(answered(again, 2, timedOut, at(2_750)), 2_750))).toBe(10_000)
  })

  test('is looked at when the lease is over while its attempt runs', () => {
    const running = started(sale, lease(0))
    expect(nextMs(plan(running, 100))).toBe(leaseMs + schedule.clockSkewMs)
  })

  test('whose attempt never told its end goes on after its lease', () => {
    const running = plan(started(sale, lease(0)), 100)
    expect(dueStepOf(running, schedule, at(21_999))).toBe('nothing')
    expect(dueStepOf(running, schedule, at(22_000))).toBe('give-attempt-up')
    const next = plan({ ...running, verdict: 'pending' }, 22_000)
    expect(nextMs(next)).toBe(30_000)
    expect(dueStepOf(next, schedule, at(29_999))).toBe('nothing')
    expect(dueStepOf(next, schedule, at(30_000))).toBe('repeat')
  })

  test('is unresolved after its last time', () => {
    const last = repeated(unclearAfter(100), lease(121_000), schedule)
    const over = plan(answered(last, 2, timedOut, at(122_000)), 122_000)
    expect([over.verdict, over.nextAt]).toEqual(['unresolved', null])
  })

  test('makes up for its last time only, and only within the grace', () => {
    const late = repeated(unclearAfter(100), lease(100_000), schedule)
    const ended = (ms: number) => plan(answered(late, 2, timedOut, at(ms)), ms)
    expect(nextMs(ended(115_000))).toBe(115_001)
    expect(ended(120_000 + graceMs + 1).verdict).toBe('unresolved')
  })

  test('held up beyond the grace is given up without another call', () => {
    const waiting = plan(unclearAfter(100), 100)
    expect(dueStepOf(waiting, schedule, at(120_000 + graceMs))).toBe('repeat')
    expect(dueStepOf(waiting, schedule, at(120_000 + graceMs + 1))).toBe('give-up')
  })

  test('from before this database is never sent, and given up when its time is over', () => {
    const waiting = plan(predatesDatabase(sale, at(5_000)), 5_000)
    expect(waiting.verdict).toBe('pending')
    expect(nextMs(waiting)).toBe(120_000 + graceMs)
    expect(dueStepOf(waiting, schedule, at(120_000 + graceMs))).toBe('give-up')
    expect(plan(predatesDatabase(sale, at(200_000)), 200_000).verdict).toBe('unresolved')
  })

  test('stays pending where nothing is ever repeated', () => {
    const never = { ...schedule, stepsMs: [] }
    const topup = scheduled(unclearAfter(100), never, at(1_000_000), 0.5)
    expect([topup.verdict, topup.nextAt]).toEqual(['pending', null])
    expect(dueStepOf(topup, never, at(2_000_000))).toBe('nothing')
  })
})

test.each(['authorized', 'rejected'])('an answer that is %s ends the schedule', (status) => {
  const topup = plan(unclearAfter(100, withStatus(status)), 100)
  expect([topup.verdict, topup.nextAt]).toEqual([status, null])
})

test('a sale that a person closed is not looked at again', () => {
  const topup = closed(plan(unclearAfter(100), 100), at(200))
  expect(dueStepOf(topup, schedule, at(10_000))).toBe('nothing')
  expect(nextMs(plan(topup, 10_000))).toBeNull()
})

test('a person’s sale stays theirs until an answer is clear', () => {
  const again = repeated(unclearAfter(100), lease(3_000), schedule)
  const review: SaleRecord = { ...again, verdict: 'unresolved' }
  expect(answered(review, 2, timedOut, at(9_000)).verdict).toBe('unresolved')
  expect(answered(review, 2, withStatus('authorized'), at(9_000)).verdict).toBe('authorized')
})

describe('a sale that is looked up, such as a bundle', () => {
  const planLookups = (topup: SaleRecord, nowMs: number) =>
    scheduled(topup, lookups, at(nowMs), 0.5)
  const bundle = { ...sale, job: aBundleJob({ requestedAt: at(0).toISOString() }) }
  const bought = answered(started(bundle, lease(0)), 1, timedOut, at(500))
  const lookUp = (topup: SaleRecord, ms: number) =>
    answered(
      lookedUp(topup, lease(ms), lookups),
      topup.attempts.length + 1,
      withStatus('in_progress'),
      at(ms),
    )

  test('is looked up by its own times, never sent again', () => {
    const waiting = planLookups(bought, 500)
    expect(nextMs(waiting)).toBe(2_000)
    expect(dueStepOf(waiting, lookups, at(1_999))).toBe('nothing')
    expect(dueStepOf(waiting, lookups, at(2_000))).toBe('look-up')
    expect(() => repeated(waiting, lease(2_000), lookups)).toThrow('never sent again')
    expect(() => lookedUp(unclearAfter(500), lease(2_000), schedule)).toThrow('not looked up')
  })

  test('goes through all its times to the last, then it is a person’s', () => {
    let topup = planLookups(bought, 500)
    const looks: number[] = []
    for (let ms = nextMs(topup); ms !== null; ms = nextMs(topup)) {
      looks.push(ms)
      topup = planLookups(lookUp(topup, ms), ms)
    }
    expect(looks).toEqual(lookups.stepsMs)
    expect(topup.verdict).toBe('unresolved')
  })

  test('that everybody forgot for days is asked about once more before it is given up', () => {
    const days = 3 * 86_400_000
    const waiting = planLookups(bought, 500)
    expect(dueStepOf(waiting, lookups, at(days))).toBe('look-up')
    expect(isOver(waiting, lookups, at(days))).toBe(true)
    expect(planLookups(lookUp(waiting, days), days).verdict).toBe('unresolved')
    const left = planLookups({ ...started(bundle, lease(0)), verdict: 'pending' }, days)
    expect(dueStepOf(left, lookups, at(days))).toBe('look-up')
  })

  test('from before this database is looked up too: a question sells nothing', () => {
    const before = planLookups(predatesDatabase(bundle, at(60_000)), 60_000)
    expect([before.verdict, nextMs(before)]).toEqual(['pending', 900_000])
    expect(dueStepOf(before, lookups, at(900_000))).toBe('look-up')
    const found = answered(
      lookedUp(before, lease(900_000), lookups),
      1,
      withStatus('authorized'),
      at(900_100),
    )
    expect(found.verdict).toBe('authorized')
  })
})

describe('for any carrier that never becomes clear', () => {
  const anyRun = fc.array(
    fc.record({
      tookMs: fc.integer({ min: 0, max: 15_000 }),
      /** The delay of the worker that takes the step. */
      lateMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60_000 })),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      crashes: fc.boolean(),
    }),
    { minLength: 20, maxLength: 20 },
  )

  test('no time is used twice, none after the grace, and it ends with a person', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        let now = 0
        let topup = started(sale, lease(0))
        for (const { tookMs, lateMs, jitter, crashes } of run) {
          const isRunning = topup.attempts.at(-1)?.answer === null
          if (isRunning && !crashes) {
            now += tookMs
            topup = plan(answered(topup, topup.attempts.length, timedOut, at(now)), now, jitter)
          } else if (isRunning) {
            now += leaseMs + schedule.clockSkewMs
            topup = plan({ ...topup, verdict: 'pending' }, now, jitter)
          }
          if (topup.verdict === 'unresolved') break
          now = Math.max(now, nextMs(topup) ?? Number.NaN) + lateMs
          const step = dueStepOf(topup, schedule, at(now))
          if (step === 'give-up') return
          expect(step).toBe('repeat')
          topup = repeated(topup, lease(now), schedule)
        }
        const starts = topup.attempts.map(({ startedAt }) => startedAt.getTime() - start)
        expect(topup.verdict).toBe('unresolved')
        expect(starts.length).toBeLessThanOrEqual(1 + schedule.stepsMs.length)
        expect(Math.max(...starts)).toBeLessThanOrEqual(120_000 + graceMs)
      }),
      { numRuns: 2_000 },
    )
  })
})
