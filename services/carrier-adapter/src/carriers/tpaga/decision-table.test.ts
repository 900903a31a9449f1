import { describe, expect, test } from '@jest/globals'
import type { AnswerBody } from '../../domain/call-result.ts'
import type { CarrierRequest } from './requests.ts'
import { classifyBundle, classifyTopup } from './decision-table.ts'
import { isClear, type Proof } from '../../domain/evidence.ts'
import type { CallResult } from '../../domain/call-result.ts'

const asked: CarrierRequest = {
  token: 'our-token',
  number: '78945612',
  slug: 'tigo',
  amount: 1_000,
}

const json = (value: unknown): AnswerBody => ({ kind: 'json', value })
const ours = (status?: unknown, more: object = {}): AnswerBody =>
  json({ idempotency_token: 'our-token', ...(status === undefined ? {} : { status }), ...more })
const page: AnswerBody = { kind: 'text' }
/** An API gateway that reached no carrier, or lost it on the way. */
const unavailable = json({ message: 'Service Unavailable' })
const nothing: AnswerBody = { kind: 'none' }

const classify = (httpStatus: number, body: AnswerBody, more: { retryAfterMs?: number } = {}) =>
  classifyTopup({ kind: 'answer', httpStatus, body, ...more }, asked)

type Row = readonly [
  row: number,
  name: string,
  http: number,
  body: AnswerBody,
  proves: Proof,
  ambiguous: boolean,
]

const table: readonly Row[] = [
  [1, '2xx authorized', 200, ours('authorized'), 'authorized', false],
  [
    1,
    '2xx authorized without a token echo',
    200,
    json({ status: 'authorized' }),
    'authorized',
    false,
  ],
  [1, '2xx AUTHORIZED in capitals', 201, ours('AUTHORIZED'), 'authorized', false],
  [2, '200 rejected', 200, ours('rejected'), 'rejected', false],
  [2, '503 rejected', 503, ours('rejected'), 'rejected', false],
  [2, '502 rejected', 502, ours('rejected'), 'rejected', false],
  [2, '409 rejected', 409, ours('rejected'), 'rejected', false],
  [3, '200 in_progress', 200, ours('in_progress'), 'pending', true],
  [3, '200 in-progress with a hyphen', 200, ours('in-progress'), 'pending', true],
  [3, '200 unknown', 200, ours('unknown'), 'pending', true],
  [3, '200 created', 200, ours('created'), 'pending', true],
  [4, '200 without a status', 200, ours(), 'pending', true],
  [4, '200 with a status nobody documented', 200, ours('approved'), 'pending', true],
  [4, '200 with a status that is no text', 200, ours(1), 'pending', true],
  [4, '200 that is not JSON', 200, page, 'pending', true],
  [4, '200 without a body', 200, nothing, 'pending', true],
  [4, '200 with a list', 200, json([{ status: 'authorized' }]), 'pending', true],
  [
    4,
    '200 authorized for another token',
    200,
    ours('authorized', { idempotency_token: 'x' }),
    'pending',
    true,
  ],
  [
    4,
    '200 rejected for another token',
    200,
    ours('rejected', { idempotency_token: 'x' }),
    'pending',
    true,
  ],
  [4, '422 for another token', 422, ours(undefined, { idempotency_token: 'x' }), 'pending', true],
  [4, '401 authorized contradicts itself', 401, ours('authorized'), 'pending', true],
  [4, 'a code the table does not know', 418, ours(), 'pending', true],
  [5, '409 authorized', 409, ours('authorized'), 'authorized', false],
  [5, '409 in-progress', 409, ours('in-progress'), 'pending', true],
  [5, '409 without a body', 409, nothing, 'pending', true],
  [6, '503 in JSON without a status', 503, ours(), 'rejected', false],
  [6, '503 with a result code', 503, json({ result_code: 7 }), 'rejected', false],
  [6, '503 with an error message', 503, json({ error_message: 'no' }), 'rejected', false],
  [6, "503 of an API gateway's own", 503, unavailable, 'pending', true],
  [6, '503 of a framework', 503, json({ status: 503, error: 'Unavailable' }), 'pending', true],
  [
    6,
    '503 with empty fields',
    503,
    json({ error_message: ' ', result_code: null }),
    'pending',
    true,
  ],
  [6, '503 with an empty object', 503, json({}), 'pending', true],
  [6, '503 of another amount', 503, ours(undefined, { amount: 999 }), 'pending', true],
  [6, "503 that is a proxy's page", 503, page, 'pending', true],
  [6, '503 without a body', 503, nothing, 'pending', true],
  [6, '503 in progress', 503, ours('in_progress'), 'pending', true],
  [6, '503 authorized contradicts itself', 503, ours('authorized'), 'pending', true],
  [6, '503 with a status nobody documented', 503, ours('queued'), 'pending', true],
  [6, '503 for another token', 503, ours(undefined, { idempotency_token: 'x' }), 'pending', true],
  [7, '502 unknown', 502, ours('unknown'), 'pending', true],
  [7, '502 in JSON without a status', 502, ours(), 'pending', true],
  [7, '502 page', 502, page, 'pending', true],
  [8, '500 created', 500, ours('created'), 'pending', true],
  [8, '500 in JSON without a status', 500, ours(), 'pending', true],
  [8, '504 page', 504, page, 'pending', true],
  [8, '599', 599, nothing, 'pending', true],
  [8, '408', 408, nothing, 'pending', true],
  [11, '401', 401, json({ error_message: 'no' }), 'misconfigured', false],
  [11, '403', 403, nothing, 'misconfigured', false],
  [12, '422', 422, json({ error_message: 'too much', field: 'amount' }), 'invalid', false],
  [12, '400', 400, nothing, 'invalid', false],
  [13, '404', 404, page, 'misconfigured', false],
  [13, '302', 302, nothing, 'misconfigured', false],
  [13, '405', 405, nothing, 'misconfigured', false],
  [13, '415', 415, nothing, 'misconfigured', false],
  [14, '429', 429, json({ error_message: 'slowly' }), 'not-sent', false],
]

describe('an answer to topup_account', () => {
  test.each(table)('row %i: %s', (row, _name, http, body, proves, ambiguous) => {
    expect(classify(http, body)).toMatchObject({ row, proves, ambiguous, httpStatus: http })
  })
})

describe('a call without an answer', () => {
  const cases: readonly (readonly [number, string, CallResult, Proof, boolean])[] = [
    [9, 'a time-out', { kind: 'timeout', afterMs: 8_000 }, 'pending', true],
    [
      9,
      'a reset after the request left',
      { kind: 'transport-error', phase: 'after', code: 'ECONNRESET' },
      'pending',
      true,
    ],
    [
      10,
      'a connection that was refused',
      { kind: 'transport-error', phase: 'before-connect', code: 'ECONNREFUSED' },
      'not-sent',
      false,
    ],
    [10, 'an open breaker', { kind: 'not-sent', why: 'breaker-open' }, 'not-sent', false],
    [10, 'an unrecorded attempt', { kind: 'not-sent', why: 'not-recorded' }, 'not-sent', false],
    [10, 'a lease too short', { kind: 'not-sent', why: 'lease-too-short' }, 'not-sent', false],
  ]
  test.each(cases)('row %i: %s', (row, _name, callResult, proves, ambiguous) => {
    expect(classifyTopup(callResult, asked)).toMatchObject({ row, proves, ambiguous })
  })
})

describe("the carrier's breaker", () => {
  const failureOf = (http: number, body: AnswerBody) => classify(http, body).failure

  test('counts 500, 502, 504 and a 503 that is not the carrier’s own as failures', () => {
    expect(failureOf(500, ours())).toBe(true)
    expect(failureOf(502, ours('unknown'))).toBe(true)
    expect(failureOf(504, page)).toBe(true)
    expect(failureOf(503, page)).toBe(true)
    expect(failureOf(503, unavailable)).toBe(true)
  })

  test('counts time-outs and every transport error', () => {
    const failure = (callResult: CallResult) => classifyTopup(callResult, asked).failure
    expect(failure({ kind: 'timeout', afterMs: 1 })).toBe(true)
    expect(failure({ kind: 'transport-error', phase: 'after', code: 'X' })).toBe(true)
    expect(failure({ kind: 'transport-error', phase: 'before-connect', code: 'X' })).toBe(true)
    expect(failure({ kind: 'not-sent', why: 'breaker-open' })).toBe(false)
  })

  test('does not count what the carrier itself decided', () => {
    expect(failureOf(503, ours())).toBe(false)
    expect(failureOf(503, ours('rejected'))).toBe(false)
    expect(failureOf(409, ours('in-progress'))).toBe(false)
    expect(failureOf(401, nothing)).toBe(false)
    expect(failureOf(422, nothing)).toBe(false)
    expect(failureOf(429, nothing)).toBe(false)
  })

  test('is closed by authorized, rejected and invalid, and by nothing unclear', () => {
    expect(isClear(classify(200, ours('authorized')))).toBe(true)
    expect(isClear(classify(503, ours()))).toBe(true)
    expect(isClear(classify(422, nothing))).toBe(true)
    expect(isClear(classify(200, ours('in_progress')))).toBe(false)
    expect(isClear(classify(401, nothing))).toBe(false)
    expect(isClear(classify(429, nothing))).toBe(false)
    expect(isClear(classifyTopup({ kind: 'not-sent', why: 'throttled' }, asked))).toBe(false)
  })
})

describe('an answer that repeats other fields than were sent', () => {
  const echoes: readonly (readonly [string, object])[] = [
    ['amount', { amount: 999 }],
    ['amount', { amount: '1000.50' }],
    ['number', { destination_number: '70000000' }],
    ['provider', { service_provider: 'entel' }],
  ]
  test.each(echoes)(
    'authorized with another %s commits and says what differs: %j',
    (field, echo) => {
      for (const http of [200, 409]) {
        expect(classify(http, ours('authorized', echo))).toMatchObject({
          proves: 'authorized',
          ambiguous: false,
          differs: [field],
          alert: 'echo-differs',
        })
      }
    },
  )

  test.each(echoes)(
    'rejected with another %s is pending: it may be another sale’s: %j',
    (_, echo) => {
      for (const http of [200, 409, 502, 503]) {
        const evidence = classify(http, ours('rejected', echo))
        expect(evidence).toMatchObject({
          proves: 'pending',
          ambiguous: true,
          alert: 'echo-differs',
        })
        expect(evidence.differs).toBeUndefined()
      }
    },
  )

  test('names all that differs, the other amount with it, and never the number', () => {
    const echo = { amount: 999, destination_number: '70000000', service_provider: 'entel' }
    const evidence = classify(200, ours('authorized', echo))
    expect(evidence.differs).toEqual(['amount', 'number', 'provider'])
    expect(evidence.observed).toBe('200 authorized of another amount (999), number, provider')
  })

  test('is told of a bundle by its provider and its code', () => {
    const bundle = { provider: '58', code: '024' }
    const body = ours('authorized', { provider_code: '3', package_code: '24' })
    const evidence = classifyBundle({ kind: 'answer', httpStatus: 200, body }, { ...asked, bundle })
    expect(evidence.differs).toEqual(['provider', 'bundle'])
  })

  test.each([
    ['the same amount with decimals', { amount: '1000.00' }],
    ['empty texts', { amount: '', destination_number: '', service_provider: ' ' }],
    ['no field at all', {}],
  ])('%s differs in nothing', (_, echo) => {
    expect(classify(200, ours('authorized', echo))).not.toHaveProperty('differs')
    expect(classify(200, ours('rejected', echo)).proves).toBe('rejected')
  })

  test('of another transaction says nothing of ours', () => {
    const foreign = { idempotency_token: 'x', amount: 999 }
    expect(classify(200, ours('authorized', foreign))).not.toHaveProperty('differs')
  })
})

describe('the evidence tells people', () => {
  test.each([
    ['foreign-token', 200, ours('authorized', { idempotency_token: 'x' })],
    ['contradiction', 500, ours('authorized')],
    ['unreadable-answer', 200, page],
    ['echo-differs', 200, ours('authorized', { amount: 999 })],
    ['misconfigured', 403, nothing],
  ])('an alert: %s', (alert, http, body) => {
    expect(classify(http, body).alert).toBe(alert)
  })

  test('no alert for an answer as documented, numbers spelt as strings included', () => {
    const echo = { amount: '1000', destination_number: '78945612', service_provider: 'tigo' }
    expect(classify(200, ours('authorized', echo)).alert).toBeUndefined()
  })

  test('the field and the message of a 422, without the phone number', () => {
    const body = json({ field: 'amount', error_message: 'amount too big\u0000for 78945612' })
    expect(classify(422, body).invalid).toEqual({
      field: 'amount',
      message: 'amount too big for ***',
    })
  })

  test('never a raw body nor the number', () => {
    const body = ours('<script>78945612', { result_code: '78945612' })
    expect(JSON.stringify(classify(200, body))).not.toMatch(/script|78945612/)
  })

  test('the result code, which decides nothing', () => {
    const evidence = classify(200, ours('authorized', { result_code: '05' }))
    expect(evidence).toMatchObject({ resultCode: '05', proves: 'authorized' })
  })

  test('the wait that a 429 asks for', () => {
    expect(classify(429, nothing, { retryAfterMs: 2_000 }).retryAfterMs).toBe(2_000)
    expect(classify(503, ours(), { retryAfterMs: 2_000 }).retryAfterMs).toBeUndefined()
  })
})

test('a status is only read from a field of its own', () => {
  expect(classify(200, json(Object.create({ status: 'authorized' })))).toMatchObject({
    row: 4,
    proves: 'pending',
  })
})
