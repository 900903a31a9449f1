import { assertNever, type EchoField } from '@recargas/contracts'
import { readAnswer, type AnswerFields } from './answers.ts'
import type { CarrierRequest } from './requests.ts'
import { describeEcho } from './decision-table.ts'
import type { Alert, Evidence } from '../../domain/evidence.ts'
import type { CallResult } from '../../domain/call-result.ts'

/**
 * Findings of a lookup in the carrier's record of a bundle's purchase. A lookup costs nothing and changes nothing.
 * `pending`: under way, or not known at the moment. `unknown-token`: the carrier seems to know no such purchase; alone that
 * proves nothing. `unavailable`: 503 without a status, which the carrier's document reads in two ways.
 */
export const findings = [
  'authorized',
  'rejected',
  'pending',
  'unknown-token',
  'unavailable',
] as const
export type Finding = (typeof findings)[number]

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
export const classifyLookup = (callResult: CallResult, request: CarrierRequest): Lookup => {
  switch (callResult.kind) {
    case 'not-sent':
      return { ...again(10), observed: `not sent: ${callResult.why}` }
    case 'transport-error':
      return callResult.phase === 'before-connect'
        ? { ...failed(10), observed: `no connection (${callResult.code})` }
        : { ...failed(9), observed: `connection lost (${callResult.code})` }
    case 'timeout':
      return { ...failed(9), observed: `time-out after ${callResult.afterMs} ms` }
    case 'answer': {
      const { httpStatus, body, retryAfterMs } = callResult
      const fields = readAnswer(body, request)
      const decision = decide(httpStatus, fields)
      const isDiffering = !fields.foreign && fields.differs.length > 0
      const alert = decision.alert ?? (isDiffering ? 'echo-differs' : undefined)
      const said = fields.foreign ? 'another token' : fields.status
      return {
        ...decision,
        observed: `${httpStatus} ${said}${describeEcho(fields)}`,
        ...(isDiffering && decision.finding === 'authorized' ? { differs: fields.differs } : {}),
        ...(alert === undefined ? {} : { alert }),
        ...(decision.row === 14 && retryAfterMs !== undefined ? { retryAfterMs } : {}),
      }
    }
    default:
      return assertNever(callResult)
  }
}

type Decision = Omit<Lookup, 'observed' | 'retryAfterMs'>

const decide = (http: number, fields: AnswerFields): Decision => {
  if (fields.foreign) return { ...again(4), alert: 'foreign-token' }
  switch (fields.status) {
    case 'rejected':
      // With another amount, number or package it may speak of another purchase.
      return fields.differs.length > 0 ? again(4) : found(2, 'rejected')
    case 'authorized':
      return isSuccess(http) ? found(1, 'authorized') : { ...again(5), alert: 'contradiction' }
    case 'in_progress':
    case 'unknown':
    case 'created':
      return again(3)
    case 'missing':
    case 'unrecognised':
      return decideByCode(http, fields)
    default:
      return assertNever(fields.status)
  }
}

const decideByCode = (http: number, fields: AnswerFields): Decision => {
  if (http === 409) return again(5)
  if (http === 503 && fields.isCarriers) {
    return fields.status === 'missing' ? found(6, 'unavailable') : again(6)
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
 * A lookup as evidence of the purchase. Without an end it proves nothing, unless the carrier named the purchase as under
 * way: then it was made, whatever another answer says.
 */
export const evidenceOfLookup = (lookup: Lookup, callResult: CallResult): Evidence => {
  const { row, finding, observed, differs, alert, retryAfterMs, failure } = lookup
  const isClear = finding === 'authorized' || finding === 'rejected'
  return {
    row,
    finding,
    proves: isClear ? finding : 'pending',
    ambiguous: row === 3,
    observed,
    ...(callResult.kind === 'answer' ? { httpStatus: callResult.httpStatus } : {}),
    ...(differs === undefined ? {} : { differs }),
    ...(alert === undefined ? {} : { alert }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    failure,
  }
}
