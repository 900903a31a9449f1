import { assertNever, type EchoField } from '@recargas/contracts'
import { readAnswer, type AnswerBody, type Asked, type Reading } from './answer.ts'

/** Why the adapter itself kept a sale from the socket: nothing was sent, for certain. */
export type NotSentReason =
  'breaker-open' | 'misconfigured' | 'throttled' | 'lease-too-short' | 'not-recorded'

/** What one call to the carrier came to. */
export type Observation =
  | {
      readonly kind: 'answer'
      readonly httpStatus: number
      readonly body: AnswerBody
      readonly retryAfterMs?: number
    }
  /** `before-connect`: the connection was not yet there and secured, so no byte of the request left. */
  | {
      readonly kind: 'transport-error'
      readonly phase: 'before-connect' | 'after'
      readonly code: string
    }
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'not-sent'; readonly why: NotSentReason }

export type Proof = 'authorized' | 'rejected' | 'pending' | 'not-sent' | 'misconfigured' | 'invalid'

/** Something a person should look at, whatever the verdict is. */
export const alerts = [
  'unreadable-answer',
  'foreign-token',
  'contradiction',
  'echo-differs',
  'misconfigured',
] as const
export type Alert = (typeof alerts)[number]

/** What one call proves, and by which row of the decision table. */
export type Evidence = {
  readonly row: number
  readonly proves: Proof
  /** The carrier may have sold, or may still sell. */
  readonly ambiguous: boolean
  /** Short text for people; never holds the phone number or a raw body. */
  readonly observed: string
  readonly httpStatus?: number
  readonly carrierStatus?: string
  readonly resultCode?: string
  readonly invalid?: { readonly field?: string; readonly message?: string }
  /** An authorized answer that repeats these fields of the sale, and not as they were sent. */
  readonly differs?: readonly EchoField[]
  readonly alert?: Alert
  readonly retryAfterMs?: number
  /** Counts against the carrier's breaker: the carrier, or the way to it, is not working. */
  readonly failure: boolean
}

type Purchase = 'topup' | 'bundle'

/** Classifies one `topup_account` call by the decision table (docs: pos-and-carrier, section 4). */
export const classifyTopup = (observation: Observation, asked: Asked): Evidence =>
  classify(observation, asked, 'topup')

/** Classifies one `package_buy` call by the same table: only what a 503 without a status says is another matter. */
export const classifyBundle = (observation: Observation, asked: Asked): Evidence =>
  classify(observation, asked, 'bundle')

const classify = (observation: Observation, asked: Asked, purchase: Purchase): Evidence => {
  switch (observation.kind) {
    case 'not-sent':
      return notSent(`not sent: ${observation.why}`, false)
    case 'transport-error':
      return observation.phase === 'before-connect'
        ? notSent(`no connection (${observation.code})`, true)
        : unclear(9, `connection lost (${observation.code})`, { failure: true })
    case 'timeout':
      return unclear(9, `time-out after ${observation.afterMs} ms`, { failure: true })
    case 'answer':
      return classifyAnswer(observation, readAnswer(observation.body, asked), purchase)
    default:
      return assertNever(observation)
  }
}

/** A clear answer: the carrier works, and this sale's question is settled. */
export const isClear = (evidence: Evidence): boolean =>
  !evidence.ambiguous &&
  !evidence.failure &&
  (evidence.proves === 'authorized' ||
    evidence.proves === 'rejected' ||
    evidence.proves === 'invalid')

type Answer = Extract<Observation, { kind: 'answer' }>

const classifyAnswer = (answer: Answer, reading: Reading, purchase: Purchase): Evidence => {
  const decision = decide(answer.httpStatus, reading, purchase)
  const isDiffering = !reading.foreign && reading.differs.length > 0
  const alert = decision.alert ?? (isDiffering ? 'echo-differs' : undefined)
  const invalid = decision.proves === 'invalid' ? reading.invalid : null
  const recognised = reading.status !== 'missing' && reading.status !== 'unrecognised'
  return {
    failure: false,
    ...decision,
    observed: `${answer.httpStatus} ${describe(reading)}${describeEcho(reading)}`,
    httpStatus: answer.httpStatus,
    ...(recognised && !reading.foreign ? { carrierStatus: reading.status } : {}),
    ...(reading.resultCode === null ? {} : { resultCode: reading.resultCode }),
    ...(invalid === null ? {} : { invalid }),
    ...(isDiffering && decision.proves === 'authorized' ? { differs: reading.differs } : {}),
    ...(alert === undefined ? {} : { alert }),
    ...(decision.row === 14 && answer.retryAfterMs !== undefined
      ? { retryAfterMs: answer.retryAfterMs }
      : {}),
  }
}

type Decision = Pick<Evidence, 'row' | 'proves' | 'ambiguous'> &
  Partial<Pick<Evidence, 'alert' | 'failure'>>

const decide = (http: number, reading: Reading, purchase: Purchase): Decision => {
  if (reading.foreign) return { ...pending(rowOfUnclear(http) ?? 4), alert: 'foreign-token' }
  switch (reading.status) {
    case 'rejected':
      // With another amount, number or provider it may speak of another sale.
      return reading.differs.length > 0 ? pending(rowOfUnclear(http) ?? 4) : clear(2, 'rejected')
    case 'authorized':
      if (isSuccess(http)) return clear(1, 'authorized')
      if (http === 409) return clear(5, 'authorized')
      // A sale that may have happened is never given back because of the code around it.
      return { ...pending(rowOfUnclear(http) ?? 4), alert: 'contradiction' }
    case 'in_progress':
    case 'unknown':
    case 'created':
      return pending(rowOfUnclear(http) ?? 3)
    case 'missing':
    case 'unrecognised':
      return decideByCode(http, reading, purchase)
    default:
      return assertNever(reading.status)
  }
}

/** Without a status the HTTP code speaks alone. */
const decideByCode = (http: number, reading: Reading, purchase: Purchase): Decision => {
  if (http === 503) return decideUnavailable(reading, purchase)
  const unclearRow = rowOfUnclear(http)
  if (unclearRow !== null) return pending(unclearRow)
  if (http === 401 || http === 403) return misconfigured(11)
  if (http === 400 || http === 422) return clear(12, 'invalid')
  if (http === 404 || http === 405 || http === 415) return misconfigured(13)
  if (http >= 300 && http < 400) return misconfigured(13)
  if (http === 429) return clear(14, 'not-sent')
  // 2xx, and every code the table does not know: only what the table lists is evidence.
  return { ...pending(4), alert: 'unreadable-answer' }
}

/**
 * Row 6: the carrier's own 503 is a refusal; that of a proxy or an API gateway says nothing about what happened behind
 * it. The carrier's document says of bundles both that a 503 is a refusal and that it is not known: only a lookup
 * decides there.
 */
const decideUnavailable = (reading: Reading, purchase: Purchase): Decision => {
  if (!reading.isCarriers) return { ...pending(6), failure: true }
  // A status nobody documented might mean that the sale is under way.
  if (reading.status === 'unrecognised') return { ...pending(6), alert: 'unreadable-answer' }
  if (purchase === 'bundle' || reading.differs.length > 0) return pending(6)
  return clear(6, 'rejected')
}

/** The row of an HTTP code that leaves the sale unclear unless its status says otherwise. */
const rowOfUnclear = (http: number): number | null => {
  if (http === 409) return 5
  if (http === 503) return 6
  if (http === 502) return 7
  if (http === 408 || http >= 500) return 8
  return null
}

const isSuccess = (http: number): boolean => http >= 200 && http < 300

const clear = (row: number, proves: Proof): Decision => ({ row, proves, ambiguous: false })

const pending = (row: number): Decision => ({
  row,
  proves: 'pending',
  ambiguous: true,
  failure: row === 7 || row === 8,
})

const misconfigured = (row: number): Decision => ({
  ...clear(row, 'misconfigured'),
  alert: 'misconfigured',
})

const notSent = (observed: string, failure: boolean): Evidence => ({
  row: 10,
  proves: 'not-sent',
  ambiguous: false,
  observed,
  failure,
})

const unclear = (row: number, observed: string, { failure }: { failure: boolean }): Evidence => ({
  row,
  proves: 'pending',
  ambiguous: true,
  observed,
  failure,
})

/** " of another amount (999), number": the number itself is never told. */
export const describeEcho = ({ foreign, differs, otherAmount }: Reading): string => {
  if (foreign || differs.length === 0) return ''
  const named = differs.map((field) =>
    field === 'amount' && otherAmount !== null ? `amount (${otherAmount})` : field,
  )
  return ` of another ${named.join(', ')}`
}

const describe = (reading: Reading): string => {
  if (!reading.isObject) return 'no JSON'
  if (reading.foreign) return 'another token'
  if (reading.status === 'missing') return 'no status'
  if (reading.status === 'unrecognised') return 'unrecognised status'
  return reading.status
}
