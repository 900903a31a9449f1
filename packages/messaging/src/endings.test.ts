import { expect, test } from '@jest/globals'
import { exchanges, retryDelays } from '@recargas/contracts'
import { apart, attemptOf, endingOf, keptHeaders, type Judgement, type Origin } from './endings.ts'
import type { Piece } from './envelopes.ts'
import { retryStep } from './verdict.ts'

const now = new Date('2026-11-21T10:00:00.000Z')
const piece: Piece = {
  value: null,
  body: () => Buffer.from('{}'),
  messageId: 'm',
  type: 't',
  correlationId: 'c',
}
const origin: Origin = { queue: 'q', attempt: 1, headers: { sig: 's' } }

const sent = (judgement: Judgement, from: Origin = origin) => {
  const ending = endingOf(judgement, piece, from, now)
  if (ending.kind !== 'send-on') throw new Error(`${ending.kind} sends nothing`)
  return ending.message
}

test('the retry step is the shortest that is long enough, else the longest', () => {
  const stepsMs = [0, 5_000, 5_001, 30_000, 120_000, 120_001, 9_999_999].map(
    (afterMs) => retryStep(afterMs).delayMs,
  )
  expect(stepsMs).toEqual([5_000, 5_000, 30_000, 30_000, 120_000, 600_000, 600_000])
  expect(retryDelays.length).toBe(4)
})

test('an acknowledged or abandoned delivery publishes nothing', () => {
  expect(endingOf({ verdict: 'ack' }, piece, origin, now)).toEqual({ kind: 'done' })
  expect(endingOf({ verdict: 'leave' }, piece, origin, now)).toEqual({ kind: 'leave' })
})

test('a retry waits on its step, addressed to the queue it comes from, one attempt on', () => {
  expect(sent({ verdict: 'retry', afterMs: 20_000 })).toEqual({
    exchange: 'topup.wait.30s.v1',
    routingKey: 'q',
    messageId: 'm',
    type: 't',
    correlationId: 'c',
    body: piece.body(),
    persistent: true,
    headers: { sig: 's', attempt: 2, 'first-failure-at': now.toISOString() },
  })
})

test('the time of the first failure stays the first', () => {
  const first = '2026-01-01T00:00:00.000Z'
  const again = { ...origin, attempt: 3, headers: { 'first-failure-at': first } }
  expect(sent({ verdict: 'retry', afterMs: 0 }, again).headers).toEqual({
    attempt: 4,
    'first-failure-at': first,
  })
})

test('the seventh attempt is retried, the eighth is dead-lettered with its cause', () => {
  const asked: Judgement = { verdict: 'retry', afterMs: 0 }
  expect(sent(asked, { ...origin, attempt: 7 }).exchange).toBe('topup.wait.5s.v1')
  const last = sent(asked, { ...origin, attempt: 8 })
  expect(last.exchange).toBe(exchanges.dead)
  expect(last.headers).toMatchObject({ attempt: 8, 'last-error-code': 'RETRIES_EXHAUSTED' })
  const thrown = sent({ verdict: 'thrown', error: 'Error: no' }, { ...origin, attempt: 8 })
  expect(thrown.headers).toMatchObject({
    'last-error-code': 'HANDLER_FAILED',
    'last-error-detail': 'Error: no',
  })
})

test('a dead letter carries its queue and its cause, at bounded length', () => {
  const message = sent({ verdict: 'dead-letter', code: 'BAD', detail: 'x'.repeat(5_000) })
  expect(message).toMatchObject({ exchange: exchanges.dead, routingKey: 'q' })
  expect(message.headers).toEqual({
    sig: 's',
    attempt: 1,
    'first-failure-at': now.toISOString(),
    'origin-queue': 'q',
    'last-error-code': 'BAD',
    'last-error-detail': 'x'.repeat(1_000),
  })
})

test('a dead letter that fails again is of the latest cause', () => {
  const replayed = { ...origin, headers: { 'last-error-code': 'OLD', 'origin-queue': 'other' } }
  expect(sent({ verdict: 'dead-letter', code: 'NEW' }, replayed).headers).toMatchObject({
    'last-error-code': 'NEW',
    'origin-queue': 'q',
  })
})

test('taken apart, an envelope returns to its queue as the same attempt', () => {
  expect(apart(piece, { ...origin, attempt: 3 })).toMatchObject({
    exchange: '',
    routingKey: 'q',
    headers: { sig: 's', attempt: 3 },
  })
})

test('headers that travel on are few, plain and short, and never the broker’s own', () => {
  const kept = keptHeaders({
    sig: 's',
    'x-death': [],
    'x-delivery-count': 3,
    nested: { a: 1 },
    long: 'x'.repeat(1_025),
    fine: 'x'.repeat(1_024),
    replayed: true,
  })
  expect(kept).toEqual({ sig: 's', fine: 'x'.repeat(1_024), replayed: true })
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`h${n}`, n]))
  expect(Object.keys(keptHeaders(many))).toHaveLength(32)
})

test('an attempt that is no count is the first', () => {
  const attempts = [undefined, 0, -1, 1.5, '3', Infinity, 3].map((attempt) =>
    attemptOf({ attempt }),
  )
  expect(attempts).toEqual([1, 1, 1, 1, 1, 1, 3])
})
