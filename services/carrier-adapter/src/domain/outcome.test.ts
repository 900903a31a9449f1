import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { AnswerBody } from './call-result.ts'
import type { CarrierRequest } from '../carriers/tpaga/requests.ts'
import { classifyLookup, evidenceOfLookup } from '../carriers/tpaga/lookup-answers.ts'
import { outcomeOf, type History } from './outcome.ts'
import { classifyBundle, classifyTopup } from '../carriers/tpaga/decision-table.ts'
import type { Evidence } from './evidence.ts'
import type { NotSentReason, CallResult } from './call-result.ts'

const asked: CarrierRequest = {
  token: 'our-token',
  number: '78945612',
  slug: 'tigo',
  amount: 1_000,
}
const answer = (httpStatus: number, status?: string): Evidence => {
  const value = { idempotency_token: 'our-token', ...(status ? { status } : {}) }
  return classifyTopup({ kind: 'answer', httpStatus, body: { kind: 'json', value } }, asked)
}
const outcome = (...attempts: History['attempts']) => outcomeOf({ predates: false, attempts })

const timedOut = classifyTopup({ kind: 'timeout', afterMs: 8_000 }, asked)
const notSent = classifyTopup({ kind: 'not-sent', why: 'breaker-open' }, asked)

describe('the verdict over all attempts', () => {
  test('is not-sent while there is none', () => {
    expect(outcome()).toEqual({ verdict: 'not-sent', ambiguous: false })
  })

  test('is what a single clear attempt proves', () => {
    expect(outcome(answer(200, 'authorized')).verdict).toBe('authorized')
    expect(outcome(answer(503)).verdict).toBe('rejected')
    expect(outcome(answer(401)).verdict).toBe('misconfigured')
    expect(outcome(answer(422)).verdict).toBe('invalid')
    expect(outcome(notSent).verdict).toBe('not-sent')
  })

  test('is pending for an attempt without an answer: its process may have called and died', () => {
    expect(outcome(null)).toEqual({ verdict: 'pending', ambiguous: true })
  })

  test('stays pending after an unclear attempt, whatever was not executed later', () => {
    for (const later of [notSent, answer(401), answer(404), answer(422), answer(429)]) {
      expect(outcome(timedOut, later)).toEqual({ verdict: 'pending', ambiguous: true })
    }
  })

  test('after an unclear attempt a 503 counts only with the word rejected', () => {
    expect(outcome(timedOut, answer(503)).verdict).toBe('pending')
    expect(outcome(timedOut, answer(503, 'rejected')).verdict).toBe('rejected')
  })

  test('a lookup that found nothing out changes nothing, one that found it under way means doubt', () => {
    const lookup = (httpStatus: number, status?: string) => {
      const value = status === undefined ? {} : { status }
      const body: AnswerBody = { kind: 'json', value }
      const callResult: CallResult = { kind: 'answer', httpStatus, body }
      return {
        ...evidenceOfLookup(classifyLookup(callResult, asked), callResult),
        lookup: true as const,
      }
    }
    const rejected = answer(200, 'rejected')
    for (const nothing of [lookup(404), lookup(502), lookup(503), lookup(401), lookup(429)]) {
      expect(outcome(rejected, nothing).verdict).toBe('rejected')
      expect(outcome(timedOut, nothing).verdict).toBe('pending')
    }
    expect(outcome(answer(422), lookup(200, 'in_progress')).verdict).toBe('pending')
    expect(outcome(timedOut, lookup(503, 'rejected')).verdict).toBe('rejected')
    expect(outcome(timedOut, lookup(200, 'authorized')).verdict).toBe('authorized')
  })

  test('an authorized answer ends the doubt and is never outvoted', () => {
    expect(outcome(timedOut, answer(200, 'authorized'), timedOut, answer(503, 'rejected'))).toEqual(
      { verdict: 'authorized', ambiguous: false },
    )
  })

  test('a job from before this database is pending until an answer decides', () => {
    expect(outcomeOf({ predates: true, attempts: [] }).verdict).toBe('pending')
    expect(outcomeOf({ predates: true, attempts: [notSent] }).verdict).toBe('pending')
    expect(outcomeOf({ predates: true, attempts: [answer(503)] }).verdict).toBe('pending')
    expect(outcomeOf({ predates: true, attempts: [answer(200, 'rejected')] }).verdict).toBe(
      'rejected',
    )
  })
})

const statuses = ['authorized', 'rejected', 'in_progress', 'unknown', 'created', 'odd', undefined]
const reasons: readonly NotSentReason[] = ['breaker-open', 'not-recorded', 'lease-too-short']

const anyBody: fc.Arbitrary<AnswerBody> = fc.oneof(
  fc.constant<AnswerBody>({ kind: 'text' }),
  fc.constant<AnswerBody>({ kind: 'none' }),
  fc.jsonValue().map((value): AnswerBody => ({ kind: 'json', value })),
  fc
    .record({
      status: fc.constantFrom(...statuses),
      idempotency_token: fc.constantFrom('our-token', 'another', undefined),
      amount: fc.constantFrom(1_000, 999, undefined),
    })
    .map((value): AnswerBody => ({ kind: 'json', value })),
)
const anyObservation: fc.Arbitrary<CallResult> = fc.oneof(
  fc.record({
    kind: fc.constant('answer' as const),
    httpStatus: fc.oneof(
      fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503, 504),
      fc.integer({ min: 200, max: 599 }),
    ),
    body: anyBody,
  }),
  fc.record({
    kind: fc.constant('transport-error' as const),
    phase: fc.constantFrom('before-connect' as const, 'after' as const),
    code: fc.constant('X'),
  }),
  fc.record({ kind: fc.constant('timeout' as const), afterMs: fc.constant(8_000) }),
  fc.record({ kind: fc.constant('not-sent' as const), why: fc.constantFrom(...reasons) }),
)
const anyTopupAttempt = anyObservation.map((callResult) => classifyTopup(callResult, asked))
const anyPurchase = anyObservation.map((callResult) => classifyBundle(callResult, asked))
const anyLookup = anyObservation.map((callResult) => ({
  ...evidenceOfLookup(classifyLookup(callResult, asked), callResult),
  lookup: true as const,
}))
/** Purchases and lookups of a bundle in any order, though one purchase is all there ever is. */
const anyAttempt = fc.option(fc.oneof(anyTopupAttempt, anyPurchase, anyLookup), { freq: 10 })

describe('for any sequence of answers', () => {
  const releases = ['rejected', 'not-sent', 'misconfigured', 'invalid']

  test('nothing but the word rejected releases after an unclear attempt', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyAttempt, { maxLength: 12 }), (predates, attempts) => {
        const { verdict } = outcomeOf({ predates, attempts })
        if (!releases.includes(verdict)) return
        const lastUnclear = attempts.findLastIndex((each) => each === null || each.ambiguous)
        if (lastUnclear === -1 && !predates) return
        expect(verdict).toBe('rejected')
        expect(attempts.slice(lastUnclear + 1).some((each) => each?.row === 2)).toBe(true)
      }),
      { numRuns: 3_000 },
    )
  })

  test('authorized once is authorized for ever', () => {
    fc.assert(
      fc.property(fc.array(anyAttempt, { maxLength: 12 }), (attempts) => {
        const sold = attempts.some((each) => each?.proves === 'authorized')
        expect(outcomeOf({ predates: false, attempts }).verdict === 'authorized').toBe(sold)
      }),
      { numRuns: 1_000 },
    )
  })

  test('only a time when nothing was sent is called not-sent', () => {
    fc.assert(
      fc.property(fc.array(anyAttempt, { maxLength: 12 }), (attempts) => {
        if (outcomeOf({ predates: false, attempts }).verdict !== 'not-sent') return
        expect(attempts.every((each) => each !== null && !each.ambiguous)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  test('a sale is pending exactly while it is in doubt', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(anyAttempt, { maxLength: 12 }), (predates, attempts) => {
        const { verdict, ambiguous } = outcomeOf({ predates, attempts })
        expect(verdict === 'pending').toBe(ambiguous)
      }),
      { numRuns: 1_000 },
    )
  })
})
