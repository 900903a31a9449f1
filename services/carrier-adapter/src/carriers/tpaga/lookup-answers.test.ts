import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { AnswerBody } from '../../domain/call-result.ts'
import type { CarrierRequest } from './requests.ts'
import { classifyLookup, evidenceOfLookup, type Finding } from './lookup-answers.ts'
import { concludeLookups, type TimedLookup } from './after-lookups.ts'
import { classifyBundle, classifyTopup } from './decision-table.ts'
import type { CallResult } from '../../domain/call-result.ts'
import type { Proof } from '../../domain/evidence.ts'

const asked: CarrierRequest = {
  token: 'our-token',
  number: '3001234567',
  slug: '58',
  amount: 7_500,
}
const json = (fields: object): AnswerBody => ({ kind: 'json', value: fields })
const ours = (status?: string): AnswerBody =>
  json({ idempotency_token: 'our-token', ...(status === undefined ? {} : { status }) })
const another = (status: string): AnswerBody =>
  json({ idempotency_token: 'our-token', status, amount: 7_400 })
const unavailable = json({ message: 'Service Unavailable' })
const foreign = json({ idempotency_token: 'another', status: 'AUTHORIZED' })
const page: AnswerBody = { kind: 'text' }
const nothing: AnswerBody = { kind: 'none' }
const answer = (httpStatus: number, body: AnswerBody): CallResult => ({
  kind: 'answer',
  httpStatus,
  body,
})
const timeout: CallResult = { kind: 'timeout', afterMs: 8_000 }
const lost: CallResult = { kind: 'transport-error', phase: 'after', code: 'ECONNRESET' }
const refused: CallResult = { kind: 'transport-error', phase: 'before-connect', code: 'X' }

describe('a purchase of a bundle', () => {
  const table: readonly (readonly [number, string, CallResult, Proof, boolean])[] = [
    [1, '200 AUTHORIZED', answer(200, ours('AUTHORIZED')), 'authorized', false],
    [2, '502 rejected', answer(502, ours('REJECTED')), 'rejected', false],
    [3, '200 in-progress', answer(200, ours('in-progress')), 'pending', true],
    [4, '200 for another token', answer(200, foreign), 'pending', true],
    [4, '200 without a status', answer(200, ours()), 'pending', true],
    [5, '409', answer(409, nothing), 'pending', true],
    [6, '503 in JSON without a status', answer(503, ours()), 'pending', true],
    [6, "503 that is a proxy's page", answer(503, page), 'pending', true],
    [6, "503 of an API gateway's own", answer(503, unavailable), 'pending', true],
    [4, '200 rejected at another price', answer(200, another('rejected')), 'pending', true],
    [7, '502 in JSON without a status', answer(502, ours()), 'pending', true],
    [8, '500', answer(500, ours()), 'pending', true],
    [9, 'a time-out', timeout, 'pending', true],
    [9, 'a reset', lost, 'pending', true],
    [10, 'no connection', refused, 'not-sent', false],
    [11, '401', answer(401, ours()), 'misconfigured', false],
    [12, '422', answer(422, json({ field: 'package_code' })), 'invalid', false],
    [13, '404', answer(404, page), 'misconfigured', false],
    [14, '429', answer(429, nothing), 'not-sent', false],
  ]
  test.each(table)('row %i: %s', (row, _name, callResult, proves, ambiguous) => {
    expect(classifyBundle(callResult, asked)).toMatchObject({ row, proves, ambiguous })
  })

  test('differs from a top-up in what a 503 without a status says, and counts it as no failure', () => {
    expect(classifyTopup(answer(503, ours()), asked).proves).toBe('rejected')
    expect(classifyBundle(answer(503, ours()), asked)).toMatchObject({
      proves: 'pending',
      failure: false,
    })
  })
})

describe('a lookup of a purchase', () => {
  const table: readonly (readonly [number, string, CallResult, Finding, boolean])[] = [
    [1, '200 AUTHORIZED', answer(200, ours('AUTHORIZED')), 'authorized', false],
    [2, '503 rejected', answer(503, ours('rejected')), 'rejected', false],
    [3, '200 in-progress', answer(200, ours('in-progress')), 'pending', false],
    [3, '502 unknown', answer(502, ours('unknown')), 'pending', false],
    [4, '200 for another token', answer(200, foreign), 'pending', false],
    [4, '200 that is a page', answer(200, page), 'pending', false],
    [5, '409', answer(409, nothing), 'pending', false],
    [5, '500 authorized contradicts itself', answer(500, ours('authorized')), 'pending', false],
    [6, '503 without a status', answer(503, ours()), 'unavailable', false],
    [6, "503 that is a proxy's page", answer(503, page), 'pending', true],
    [6, "503 of an API gateway's own", answer(503, unavailable), 'pending', true],
    [4, '200 rejected at another price', answer(200, another('rejected')), 'pending', false],
    [7, '502', answer(502, ours()), 'pending', true],
    [8, '504', answer(504, page), 'pending', true],
    [9, 'a time-out', timeout, 'pending', true],
    [9, 'a reset', lost, 'pending', true],
    [10, 'no connection', refused, 'pending', true],
    [10, 'an open breaker', { kind: 'not-sent', why: 'breaker-open' }, 'pending', false],
    [11, '401', answer(401, ours()), 'pending', false],
    [12, '422', answer(422, ours()), 'unknown-token', false],
    [13, '404', answer(404, page), 'unknown-token', false],
    [13, '302', answer(302, nothing), 'pending', false],
    [14, '429', answer(429, nothing), 'pending', false],
  ]
  test.each(table)('row %i: %s', (row, _name, callResult, finding, failure) => {
    expect(classifyLookup(callResult, asked)).toMatchObject({ row, finding, failure })
  })

  test.each([
    ['foreign-token', answer(200, foreign)],
    ['contradiction', answer(500, ours('authorized'))],
    ['misconfigured', answer(403, nothing)],
    ['unreadable-answer', answer(200, page)],
  ])('calls for a look at %s', (alert, callResult) => {
    expect(classifyLookup(callResult, asked).alert).toBe(alert)
  })

  test('that found the purchase at another price proves it, and says what differs', () => {
    const callResult = answer(200, another('AUTHORIZED'))
    const evidence = evidenceOfLookup(classifyLookup(callResult, asked), callResult)
    expect(evidence).toMatchObject({
      proves: 'authorized',
      differs: ['amount'],
      alert: 'echo-differs',
      observed: '200 authorized of another amount (7400)',
    })
  })

  test('hands on how long to wait', () => {
    const throttled: CallResult = {
      kind: 'answer',
      httpStatus: 429,
      body: nothing,
      retryAfterMs: 2_000,
    }
    expect(classifyLookup(throttled, asked).retryAfterMs).toBe(2_000)
  })
})

describe('all lookups of a purchase', () => {
  const purchase = { startedAt: new Date(0), callTimeoutMs: 8_000 }
  const conclude = (...lookups: readonly (readonly [number, Finding])[]) =>
    concludeLookups(
      lookups.map(([seconds, finding]): TimedLookup => ({
        at: new Date(seconds * 1_000),
        finding,
      })),
      purchase,
    )

  test('are pending while there is none, or none is clear', () => {
    expect(conclude()).toBe('pending')
    expect(conclude([2, 'pending'], [900, 'pending'])).toBe('pending')
  })

  test('are as clear as the clearest of them', () => {
    expect(conclude([2, 'unknown-token'], [5, 'authorized'], [9, 'unknown-token'])).toBe(
      'authorized',
    )
    expect(conclude([2, 'rejected'], [5, 'authorized'])).toBe('authorized')
    expect(conclude([2, 'pending'], [5, 'rejected'])).toBe('rejected')
  })

  test('prove that it never arrived only when it is old and twice a minute apart', () => {
    expect(conclude([30, 'unknown-token'])).toBe('pending')
    expect(conclude([30, 'unknown-token'], [89, 'unknown-token'])).toBe('pending')
    expect(conclude([30, 'unknown-token'], [90, 'unknown-token'])).toBe('not-received')
    expect(conclude([5, 'unknown-token'], [70, 'unknown-token'])).toBe('pending')
    expect(conclude([30, 'unknown-token'], [60, 'pending'], [90, 'unknown-token'])).toBe('pending')
  })

  test('that are unavailable again and again are for a person', () => {
    expect(conclude([121, 'unavailable'])).toBe('pending')
    expect(conclude([60, 'unavailable'], [120, 'unavailable'])).toBe('pending')
    expect(conclude([60, 'unavailable'], [121, 'unavailable'])).toBe('unresolved')
  })

  test('never give anything back where one found the purchase', () => {
    const anyFinding = fc.constantFrom<Finding>(
      'authorized',
      'rejected',
      'pending',
      'unknown-token',
      'unavailable',
    )
    const anyLookups = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), anyFinding))
    fc.assert(
      fc.property(anyLookups, (drawn) => {
        const lookups = [...drawn].sort(([one], [other]) => one - other)
        const conclusion = conclude(...lookups)
        const findings = lookups.map(([, finding]) => finding)
        if (findings.includes('authorized')) expect(conclusion).toBe('authorized')
        if (conclusion === 'not-received') {
          expect(findings.slice(-2)).toEqual(['unknown-token', 'unknown-token'])
          expect(lookups.at(-1)?.[0]).toBeGreaterThanOrEqual(60)
        }
      }),
    )
  })
})
