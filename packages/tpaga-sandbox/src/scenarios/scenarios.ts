import type { Answer } from './answer.ts'
import { failure, proxyPage } from './answer.ts'
import * as garbled from './garbled.ts'

/** The effect on a sale's money; other calls never have one. */
export type Effect = 'authorize' | 'reject' | 'none' | 'later-authorize' | 'later-reject'

/** The delivery of the answer: whole, cut, byte by byte, never, or a reset connection instead. */
export type Send = 'whole' | 'half' | 'half-then-reset' | 'slowly' | 'never' | 'reset'

/** The phase that a scenario's `delayMs` stretches. */
export type Delays = 'effect' | 'settlement' | 'sending' | 'retry-after' | 'nothing'

export type Scenario = {
  readonly summary: string
  /** The phone number that always meets it. */
  readonly number: string
  readonly effect: Effect
  readonly send: Send
  readonly delays: Delays
  readonly delayMs: number
  /** Replaces the true answer by another. */
  readonly rewrite: (truth: Answer, delayMs: number) => Answer
}

const truth = (answer: Answer) => answer
const plain = {
  effect: 'authorize',
  send: 'whole',
  delays: 'nothing',
  delayMs: 0,
  rewrite: truth,
} as const
const noEffect = { ...plain, effect: 'none' } as const

const table = {
  'effect-then-hang': {
    ...plain,
    number: '3119000001',
    summary: 'debited, then the connection stays open without an answer',
    send: 'never',
    delays: 'sending',
    delayMs: 120_000,
  },
  'effect-then-reset': {
    ...plain,
    number: '3119000002',
    summary: 'debited, then the connection is reset',
    send: 'reset',
  },
  'hang-without-effect': {
    ...noEffect,
    number: '3119000003',
    summary: 'nothing happens and nothing is answered; a repeat meanwhile is concurrent',
    send: 'never',
    delays: 'sending',
    delayMs: 120_000,
  },
  'reset-without-effect': {
    ...noEffect,
    number: '3119000004',
    summary: 'nothing happens and the connection is reset',
    send: 'reset',
  },
  'answer-after': {
    ...plain,
    number: '3119000005',
    summary: 'debited and answered only after delayMs, even when the caller has left by then',
    delays: 'effect',
    delayMs: 3_000,
  },
  'error-500-after-effect': {
    ...plain,
    number: '3119000006',
    summary: 'debited, answered 500 in JSON without a status',
    rewrite: () => failure(500, 'internal server error'),
  },
  'error-502-after-effect': {
    ...plain,
    number: '3119000007',
    summary: 'debited, answered 502 in JSON without a status',
    rewrite: () => failure(502, 'bad gateway'),
  },
  'error-504-after-effect': {
    ...plain,
    number: '3119000008',
    summary: 'debited, answered 504 in JSON without a status',
    rewrite: () => failure(504, 'gateway time-out'),
  },
  'html-503-after-effect': {
    ...plain,
    number: '3119000009',
    summary: "debited, answered a proxy's 503 page",
    rewrite: () => proxyPage(503, 'Service Temporarily Unavailable'),
  },
  'html-503': {
    ...noEffect,
    number: '3119000010',
    summary: "nothing happens, answered a proxy's 503 page",
    rewrite: () => proxyPage(503, 'Service Temporarily Unavailable'),
  },
  'json-503': {
    ...plain,
    number: '3119000011',
    summary: 'rejected for good, 503 in JSON; never has an effect',
    effect: 'reject',
    // Calls that are no sale have nothing to reject, yet are unavailable all the same.
    rewrite: (answer) => (answer.status === 503 ? answer : failure(503, 'service unavailable')),
  },
  'wrong-token-echo': {
    ...plain,
    number: '3119000012',
    summary: "debited, answered with another transaction's idempotency_token",
    rewrite: garbled.wrongToken,
  },
  'truncated-json': {
    ...plain,
    number: '3119000013',
    summary: 'debited, answered 200 with the first half of the JSON',
    send: 'half',
  },
  'cut-body': {
    ...plain,
    number: '3119000014',
    summary: 'debited, the connection is reset in the middle of the body',
    send: 'half-then-reset',
  },
  'in-progress-then-authorized': {
    ...plain,
    number: '3119000015',
    summary: 'answered 200 in progress; debited and authorized after delayMs',
    effect: 'later-authorize',
    delays: 'settlement',
    delayMs: 2_000,
  },
  'in-progress-then-rejected': {
    ...plain,
    number: '3119000016',
    summary: 'answered 200 in progress; rejected after delayMs',
    effect: 'later-reject',
    delays: 'settlement',
    delayMs: 2_000,
  },
  'slow-body': {
    ...plain,
    number: '3119000017',
    summary: 'debited, headers at once, the body in drops over delayMs',
    send: 'slowly',
    delays: 'sending',
    delayMs: 10_000,
  },
  unauthorized: {
    ...noEffect,
    number: '3119000018',
    summary: 'nothing happens, 401',
    rewrite: () => failure(401, 'invalid authorization token was provided'),
  },
  forbidden: {
    ...noEffect,
    number: '3119000019',
    summary: 'nothing happens, 403',
    rewrite: () => failure(403, 'you do not have enough permissions to perform this action'),
  },
  'not-found': {
    ...noEffect,
    number: '3119000020',
    summary: 'nothing happens, 404',
    rewrite: () => failure(404, 'not found'),
  },
  'rate-limited': {
    ...noEffect,
    number: '3119000021',
    summary: 'nothing happens, 429 with Retry-After of delayMs in whole seconds',
    delays: 'retry-after',
    delayMs: 1_000,
    rewrite: (_answer, delayMs) =>
      failure(429, 'too many requests', undefined, {
        'retry-after': String(Math.ceil(delayMs / 1000)),
      }),
  },
  'balance-exhausted': {
    ...plain,
    number: '3119000022',
    summary: 'rejected for good because the merchant has no balance, 503 in JSON',
    effect: 'reject',
    rewrite: garbled.exhausted,
  },
  'huge-body': {
    ...plain,
    number: '3119000023',
    summary: 'debited, answered 200 with 10 MB of JSON',
    rewrite: garbled.huge,
  },
  'deep-json': {
    ...plain,
    number: '3119000024',
    summary: 'debited, answered 200 with JSON nested 100,000 deep',
    rewrite: garbled.deep,
  },
  redirect: {
    ...noEffect,
    number: '3119000025',
    summary:
      'nothing happens, 302 to /elsewhere, a trap that answers "authorized" to whoever follows',
    rewrite: (answer) => ({
      ...garbled.withoutBody(answer, 302),
      headers: { location: '/elsewhere' },
    }),
  },
  'status-uppercase': {
    ...plain,
    number: '3119000026',
    summary: 'debited, answered 200 with the status in capitals',
    rewrite: garbled.uppercaseStatus,
  },
  'proto-body': {
    ...plain,
    number: '3119000027',
    summary: 'debited, answered 200 without a status but with "rejected" under __proto__',
    rewrite: garbled.prototypePoison,
  },
  'numbers-as-strings': {
    ...plain,
    number: '3119000028',
    summary: 'debited, answered 200 with every number as a string',
    rewrite: garbled.numbersAsStrings,
  },
  'error-500': {
    ...noEffect,
    number: '3119000029',
    summary: 'nothing happens, 500 in JSON without a status',
    rewrite: () => failure(500, 'internal server error'),
  },
  'error-502': {
    ...noEffect,
    number: '3119000030',
    summary: 'nothing happens, 502 in JSON without a status',
    rewrite: () => failure(502, 'bad gateway'),
  },
  'error-504': {
    ...noEffect,
    number: '3119000031',
    summary: 'nothing happens, 504 in JSON without a status',
    rewrite: () => failure(504, 'gateway time-out'),
  },
} satisfies Record<string, Scenario>

export type ScenarioName = keyof typeof table

/** Every scenario by name; the same table makes the reserved numbers and `GET /_scenarios`. */
export const scenarios: Readonly<Record<ScenarioName, Scenario>> = table

export const scenarioNames = Object.keys(table) as readonly ScenarioName[]
