import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { aBundleJob, aJob } from '../../testing/jobs.ts'
import type { CarrierRequest } from './requests.ts'
import { classifyLookup, evidenceOfLookup } from './lookup-answers.ts'
import { afterLookups } from './after-lookups.ts'
import { answered, lookedUp, started, type SaleRecord } from '../../domain/sale.ts'
import { classifyBundle } from './decision-table.ts'
import type { CallResult } from '../../domain/call-result.ts'

const start = Date.parse('2026-01-01T00:00:00Z')
const callTimeoutMs = 8_000
const lease = (ms: number) => ({
  owner: 'one',
  startedAt: new Date(start + ms),
  leaseUntil: new Date(start + ms + 20_000),
})
const job = aBundleJob({ requestedAt: new Date(start).toISOString() })
const asked: CarrierRequest = {
  token: job.topupId,
  number: job.number,
  slug: job.slug,
  amount: job.carrierAmount,
}
const answer = (
  httpStatus: number,
  value: object = { idempotency_token: job.topupId },
): CallResult => ({
  kind: 'answer',
  httpStatus,
  body: { kind: 'json', value },
})
const timeout: CallResult = { kind: 'timeout', afterMs: callTimeoutMs }

const buy = (callResult: CallResult): SaleRecord =>
  answered(
    started({ job, body: '{}', correlationId: 'corr' }, lease(0)),
    1,
    classifyBundle(callResult, asked),
    new Date(start + 100),
  )
const lookUp = (topup: SaleRecord, seconds: number, callResult: CallResult): SaleRecord => {
  const evidence = evidenceOfLookup(classifyLookup(callResult, asked), callResult)
  const next = lookedUp(topup, lease(seconds * 1_000), { by: 'look-up', clockSkewMs: 0 })
  const at = new Date(start + seconds * 1_000)
  return afterLookups(answered(next, next.attempts.length, evidence, at), callTimeoutMs)
}
const lookups = (...each: readonly (readonly [number, CallResult])[]): SaleRecord =>
  each.reduce((topup, [seconds, callResult]) => lookUp(topup, seconds, callResult), buy(timeout))

describe('the lookups of an unclear bundle', () => {
  test.each([
    ['authorized', answer(200, { status: 'AUTHORIZED' })],
    ['rejected', answer(503, { status: 'rejected' })],
    ['pending', answer(200, { status: 'in-progress' })],
    ['pending', answer(404)],
    ['pending', timeout],
  ])('come to %s', (verdict, callResult) => {
    expect(lookups([2, callResult]).verdict).toBe(verdict)
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
    expect(afterLookups({ ...topup, verdict: 'pending' }, callTimeoutMs).verdict).toBe('pending')
  })
})

describe('for any sequence of answers to an unclear bundle', () => {
  const token = fc.constantFrom(job.topupId as string, 'another', undefined)
  const anyObservation: fc.Arbitrary<CallResult> = fc.oneof(
    fc.constant(timeout),
    fc.constant<CallResult>({ kind: 'transport-error', phase: 'before-connect', code: 'X' }),
    fc.constant<CallResult>({ kind: 'not-sent', why: 'lease-too-short' }),
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
    (callResult) => classifyBundle(callResult, asked).ambiguous,
  )
  const anyLookups = fc.array(fc.tuple(fc.integer({ min: 1, max: 90_000 }), anyObservation), {
    maxLength: 12,
  })

  test('only the word rejected, said of this purchase, gives anything back', () => {
    fc.assert(
      fc.property(anyUnclear, anyLookups, (purchase, drawn) => {
        const run = [...drawn].sort(([one], [other]) => one - other)
        let topup = buy(purchase)
        for (const [seconds, callResult] of run) {
          topup = lookUp(topup, seconds, callResult)
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
