import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { aBundleJob, aJob } from '../testing/jobs.ts'
import type { Asked } from './answer.ts'
import { classifyLookup, evidenceOfLookup } from './bundle-lookup.ts'
import { concluded } from './conclude-bundle.ts'
import { answered, lookedUp, started, type Topup } from './topup.ts'
import { classifyBundle, type Observation } from './verdict.ts'

const start = Date.parse('2026-01-01T00:00:00Z')
const callTimeoutMs = 8_000
const lease = (ms: number) => ({
  owner: 'one',
  startedAt: new Date(start + ms),
  leaseUntil: new Date(start + ms + 20_000),
})
const job = aBundleJob({ requestedAt: new Date(start).toISOString() })
const asked: Asked = {
  token: job.topupId,
  number: job.number,
  slug: job.slug,
  amount: job.carrierAmount,
}
const answer = (
  httpStatus: number,
  value: object = { idempotency_token: job.topupId },
): Observation => ({
  kind: 'answer',
  httpStatus,
  body: { kind: 'json', value },
})
const timeout: Observation = { kind: 'timeout', afterMs: callTimeoutMs }

const buy = (observation: Observation): Topup =>
  answered(
    started({ job, body: '{}', correlationId: 'corr' }, lease(0)),
    1,
    classifyBundle(observation, asked),
    new Date(start + 100),
  )
const lookUp = (topup: Topup, seconds: number, observation: Observation): Topup => {
  const evidence = evidenceOfLookup(classifyLookup(observation, asked), observation)
  const next = lookedUp(topup, lease(seconds * 1_000), 0)
  const at = new Date(start + seconds * 1_000)
  return concluded(answered(next, next.attempts.length, evidence, at), callTimeoutMs)
}
const lookups = (...each: readonly (readonly [number, Observation])[]): Topup =>
  each.reduce((topup, [seconds, observation]) => lookUp(topup, seconds, observation), buy(timeout))

describe('the lookups of an unclear bundle', () => {
  test.each([
    ['authorized', answer(200, { status: 'AUTHORIZED' })],
    ['rejected', answer(503, { status: 'rejected' })],
    ['pending', answer(200, { status: 'in-progress' })],
    ['pending', answer(404)],
    ['pending', timeout],
  ])('come to %s', (verdict, observation) => {
    expect(lookups([2, observation]).verdict).toBe(verdict)
  })

  test('that twice find no such purchase hand it to a person, who reads why; nothing is given back', () => {
    const waiting = lookups([30, answer(404)])
    expect(waiting.verdict).toBe('pending')
    const over = lookUp(waiting, 91, answer(404))
    expect([over.verdict, over.nextAt, over.ambiguous]).toEqual(['unresolved', null, true])
    expect(over.attempts.at(-1)?.answer?.observed).toContain('knows of no such purchase')
    expect(over.attempts.at(-2)?.answer?.observed).not.toContain('purchase')
  })

  test('that are unavailable again and again hand it to a person too', () => {
    const over = lookups([60, answer(503)], [130, answer(503)])
    expect(over.verdict).toBe('unresolved')
    expect(over.attempts.at(-1)?.answer?.observed).toContain('says nothing')
  })

  test('a clear answer that comes after that still decides', () => {
    const over = lookups([30, answer(404)], [91, answer(404)])
    const found = lookUp(over, 4_000, answer(200, { status: 'AUTHORIZED' }))
    expect([found.verdict, found.ambiguous]).toEqual(['authorized', false])
  })

  test('conclude nothing of a top-up', () => {
    const topup = started({ job: aJob(), body: '{}', correlationId: 'corr' }, lease(0))
    expect(concluded({ ...topup, verdict: 'pending' }, callTimeoutMs).verdict).toBe('pending')
  })
})

describe('for any sequence of answers to an unclear bundle', () => {
  const token = fc.constantFrom(job.topupId as string, 'another', undefined)
  const anyObservation: fc.Arbitrary<Observation> = fc.oneof(
    fc.constant(timeout),
    fc.constant<Observation>({ kind: 'transport-error', phase: 'before-connect', code: 'X' }),
    fc.constant<Observation>({ kind: 'not-sent', why: 'lease-too-short' }),
    fc
      .record({
        httpStatus: fc.constantFrom(200, 302, 401, 403, 404, 409, 422, 429, 500, 502, 503),
        status: fc.constantFrom(
          'authorized',
          'rejected',
          'in_progress',
          'unknown',
          'odd',
          undefined,
        ),
        idempotency_token: token,
      })
      .map(({ httpStatus, ...fields }) => answer(httpStatus, fields)),
  )
  const anyUnclear = anyObservation.filter(
    (observation) => classifyBundle(observation, asked).ambiguous,
  )
  const anyLookups = fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), anyObservation), {
    maxLength: 12,
  })

  test('only the word rejected, said of this purchase, gives anything back', () => {
    fc.assert(
      fc.property(anyUnclear, anyLookups, (purchase, drawn) => {
        const run = [...drawn].sort(([one], [other]) => one - other)
        let topup = buy(purchase)
        for (const [seconds, observation] of run) {
          topup = lookUp(topup, seconds, observation)
          const findings = topup.attempts.map(({ answer: each }) => each?.finding)
          const sold = findings.includes('authorized')
          const refused = findings.includes('rejected')
          expect(topup.verdict === 'authorized').toBe(sold)
          if (topup.verdict === 'rejected') expect(refused).toBe(true)
          expect(['authorized', 'rejected', 'pending', 'unresolved']).toContain(topup.verdict)
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
