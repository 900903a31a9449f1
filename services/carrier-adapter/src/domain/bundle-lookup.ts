import { assertNever, type EchoField } from '@recargas/contracts'
import { readAnswer, type Asked, type Reading } from './answer.ts'
import { describeEcho, type Alert, type Evidence, type Observation } from './verdict.ts'

/** What the carrier's own record of a bundle's purchase says. Asking costs nothing and changes nothing. */
export type Finding =
  | 'authorized'
  | 'rejected'
  /** Under way, or not known at the moment: ask again. */
  | 'pending'
  /** It seems to know no such purchase; alone that proves nothing. */
  | 'unknown-token'
  /** 503 without a status, which the carrier's document reads in two ways. */
  | 'unavailable'

export type Lookup = {
  readonly row: number
  readonly finding: Finding
  /** Short text for people; never holds the phone number or a raw body. */
  readonly observed: string
  /** Authorized, but it repeats these fields of the purchase otherwise than they were sent. */
  readonly differs?: readonly EchoField[]
  readonly alert?: Alert
  readonly retryAfterMs?: number
  /** Counts against the breaker of the lookups. */
  readonly failure: boolean
}

/** Classifies one `GET package_buy/{token}` call by the decision table (docs: pos-and-carrier, section 4). */
export const classifyLookup = (observation: Observation, asked: Asked): Lookup => {
  switch (observation.kind) {
    case 'not-sent':
      return { ...again(10), observed: `not sent: ${observation.why}` }
    case 'transport-error':
      return observation.phase === 'before-connect'
        ? { ...failed(10), observed: `no connection (${observation.code})` }
        : { ...failed(9), observed: `connection lost (${observation.code})` }
    case 'timeout':
      return { ...failed(9), observed: `time-out after ${observation.afterMs} ms` }
    case 'answer': {
      const { httpStatus, body, retryAfterMs } = observation
      const reading = readAnswer(body, asked)
      const decision = decide(httpStatus, reading)
      const isDiffering = !reading.foreign && reading.differs.length > 0
      const alert = decision.alert ?? (isDiffering ? 'echo-differs' : undefined)
      const said = reading.foreign ? 'another token' : reading.status
      return {
        ...decision,
        observed: `${httpStatus} ${said}${describeEcho(reading)}`,
        ...(isDiffering && decision.finding === 'authorized' ? { differs: reading.differs } : {}),
        ...(alert === undefined ? {} : { alert }),
        ...(decision.row === 14 && retryAfterMs !== undefined ? { retryAfterMs } : {}),
      }
    }
    default:
      return assertNever(observation)
  }
}

type Decision = Omit<Lookup, 'observed' | 'retryAfterMs'>

const decide = (http: number, reading: Reading): Decision => {
  if (reading.foreign) return { ...again(4), alert: 'foreign-token' }
  switch (reading.status) {
    case 'rejected':
      // With another amount, number or package it may speak of another purchase.
      return reading.differs.length > 0 ? again(4) : found(2, 'rejected')
    case 'authorized':
      return isSuccess(http) ? found(1, 'authorized') : { ...again(5), alert: 'contradiction' }
    case 'in_progress':
    case 'unknown':
    case 'created':
      return again(3)
    case 'missing':
    case 'unrecognised':
      return decideByCode(http, reading)
    default:
      return assertNever(reading.status)
  }
}

const decideByCode = (http: number, reading: Reading): Decision => {
  if (http === 409) return again(5)
  if (http === 503 && reading.isCarriers) {
    return reading.status === 'missing' ? found(6, 'unavailable') : again(6)
  }
  if (http === 503) return failed(6)
  if (http === 502) return failed(7)
  if (http === 408 || http >= 500) return failed(8)
  // The purchase itself may have been made with a key that was good then: no reason to give anything back.
  if (http === 401 || http === 403) return { ...again(11), alert: 'misconfigured' }
  if (http === 400 || http === 422) return found(12, 'unknown-token')
  if (http === 404) return found(13, 'unknown-token')
  if ((http >= 300 && http < 400) || http === 405 || http === 415) {
    return { ...again(13), alert: 'misconfigured' }
  }
  if (http === 429) return again(14)
  return { ...again(4), alert: 'unreadable-answer' }
}

const isSuccess = (http: number): boolean => http >= 200 && http < 300

const found = (row: number, finding: Finding): Decision => ({ row, finding, failure: false })
const again = (row: number): Decision => found(row, 'pending')
const failed = (row: number): Decision => ({ ...again(row), failure: true })

/**
 * A lookup as evidence of the purchase. One that found neither end says nothing of it, unless the carrier named the
 * purchase as under way: then it was made, whatever another answer says.
 */
export const evidenceOfLookup = (lookup: Lookup, observation: Observation): FoundEvidence => {
  const { row, finding, observed, differs, alert, retryAfterMs, failure } = lookup
  const isClear = finding === 'authorized' || finding === 'rejected'
  return {
    row,
    finding,
    proves: isClear ? finding : 'pending',
    ambiguous: row === 3,
    observed,
    ...(observation.kind === 'answer' ? { httpStatus: observation.httpStatus } : {}),
    ...(differs === undefined ? {} : { differs }),
    ...(alert === undefined ? {} : { alert }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    failure,
  }
}

/** Evidence that came from a lookup, with what was found. */
export type FoundEvidence = Evidence & { readonly finding?: Finding }

/** A lookup with its time. */
export type TimedLookup = { readonly at: Date; readonly finding: Finding }

/** What all lookups of one purchase prove together. */
export type Conclusion = 'authorized' | 'rejected' | 'not-received' | 'unresolved' | 'pending'

const betweenMs = 60_000
const unavailableAgeMs = 120_000

/**
 * A clear record decides at once; authorized is never outvoted. That the purchase never arrived is believed only of
 * an old one, after two lookups a minute apart that found nothing and none that found something.
 */
export const concludeLookups = (
  lookups: readonly TimedLookup[],
  purchase: { readonly startedAt: Date; readonly callTimeoutMs: number },
): Conclusion => {
  if (lookups.some(({ finding }) => finding === 'authorized')) return 'authorized'
  if (lookups.some(({ finding }) => finding === 'rejected')) return 'rejected'
  const ageOf = ({ at }: TimedLookup) => at.getTime() - purchase.startedAt.getTime()
  const last = lookups.at(-1)
  if (last === undefined) return 'pending'
  const same = trailing(lookups, last.finding)
  if (last.finding === 'unknown-token') {
    const old = same.filter((lookup) => ageOf(lookup) > 2 * purchase.callTimeoutMs)
    const first = old[0]
    return first !== undefined && last.at.getTime() - first.at.getTime() >= betweenMs
      ? 'not-received'
      : 'pending'
  }
  return last.finding === 'unavailable' && same.length >= 2 && ageOf(last) > unavailableAgeMs
    ? 'unresolved'
    : 'pending'
}

/** The lookups at the end that all found the same. */
const trailing = (lookups: readonly TimedLookup[], finding: Finding): readonly TimedLookup[] =>
  lookups.slice(lookups.findLastIndex((lookup) => lookup.finding !== finding) + 1)
