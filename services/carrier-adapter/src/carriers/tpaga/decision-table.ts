import { assertNever } from '@recargas/contracts'
import type { CallResult } from '../../domain/call-result.ts'
import type { Evidence, Proof } from '../../domain/evidence.ts'
import { readAnswer, type AnswerFields } from './answers.ts'
import type { CarrierRequest } from './requests.ts'

type Purchase = 'topup' | 'bundle'

/** Classifies one `topup_account` call by the decision table (docs: pos-and-carrier, section 4). */
export const classifyTopup = (callResult: CallResult, request: CarrierRequest): Evidence =>
  classify(callResult, request, 'topup')

/** Classifies one `package_buy` call by the same table: only a 503 without a status means something else. */
export const classifyBundle = (callResult: CallResult, request: CarrierRequest): Evidence =>
  classify(callResult, request, 'bundle')

const classify = (
  callResult: CallResult,
  request: CarrierRequest,
  purchase: Purchase,
): Evidence => {
  switch (callResult.kind) {
    case 'not-sent':
      return notSent(`not sent: ${callResult.why}`, false)
    case 'transport-error':
      return callResult.phase === 'before-connect'
        ? notSent(`no connection (${callResult.code})`, true)
        : unclear(9, `connection lost (${callResult.code})`, { failure: true })
    case 'timeout':
      return unclear(9, `time-out after ${callResult.afterMs} ms`, { failure: true })
    case 'answer':
      return classifyAnswer(callResult, readAnswer(callResult.body, request), purchase)
    default:
      return assertNever(callResult)
  }
}

type Answer = Extract<CallResult, { kind: 'answer' }>

const classifyAnswer = (answer: Answer, fields: AnswerFields, purchase: Purchase): Evidence => {
  const decision = decide(answer.httpStatus, fields, purchase)
  const isDiffering = !fields.foreign && fields.differs.length > 0
  const alert = decision.alert ?? (isDiffering ? 'echo-differs' : undefined)
  const invalid = decision.proves === 'invalid' ? fields.invalid : null
  const recognised = fields.status !== 'missing' && fields.status !== 'unrecognised'
  return {
    failure: false,
    ...decision,
    observed: `${answer.httpStatus} ${describe(fields)}${describeEcho(fields)}`,
    httpStatus: answer.httpStatus,
    ...(recognised && !fields.foreign ? { carrierStatus: fields.status } : {}),
    ...(fields.resultCode === null ? {} : { resultCode: fields.resultCode }),
    ...(invalid === null ? {} : { invalid }),
    ...(isDiffering && decision.proves === 'authorized' ? { differs: fields.differs } : {}),
    ...(alert === undefined ? {} : { alert }),
    ...(decision.row === 14 && answer.retryAfterMs !== undefined
      ? { retryAfterMs: answer.retryAfterMs }
      : {}),
  }
}

type Decision = Required<Pick<Evidence, 'row' | 'proves' | 'ambiguous'>> &
  Partial<Pick<Evidence, 'alert' | 'failure' | 'leavesDoubt'>>

const decide = (http: number, fields: AnswerFields, purchase: Purchase): Decision => {
  if (fields.foreign) return { ...pending(rowOfUnclear(http) ?? 4), alert: 'foreign-token' }
  switch (fields.status) {
    case 'rejected':
      // With another amount, number or provider it may speak of another sale.
      return fields.differs.length > 0 ? pending(rowOfUnclear(http) ?? 4) : clear(2, 'rejected')
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
      return decideByCode(http, fields, purchase)
    default:
      return assertNever(fields.status)
  }
}

/** Without a status the HTTP code speaks alone. */
const decideByCode = (http: number, fields: AnswerFields, purchase: Purchase): Decision => {
  if (http === 503) return decideUnavailable(fields, purchase)
  const unclearRow = rowOfUnclear(http)
  if (unclearRow !== null) return pending(unclearRow)
  if (http === 401 || http === 403) return misconfigured(11)
  if (http === 400 || http === 422) return clear(12, 'invalid')
  if (http === 404 || http === 405 || http === 415) return misconfigured(13)
  if (http >= 300 && http < 400) return misconfigured(13)
  if (http === 429) return clear(14, 'not-sent')
  // 2xx, and every code the table does not know: only the table's rows are evidence.
  return { ...pending(4), alert: 'unreadable-answer' }
}

/**
 * Row 6: the carrier's own 503 refuses a first attempt and ends no doubt about an earlier one; that of a proxy or an API
 * gateway proves nothing. The carrier's document says of bundles both that a 503 is a refusal and that the outcome is
 * unknown: only a lookup decides there.
 */
const decideUnavailable = (fields: AnswerFields, purchase: Purchase): Decision => {
  if (!fields.isCarriers) return { ...pending(6), failure: true }
  // A status nobody documented might mean that the sale is under way.
  if (fields.status === 'unrecognised') return { ...pending(6), alert: 'unreadable-answer' }
  if (purchase === 'bundle' || fields.differs.length > 0) return pending(6)
  return { ...clear(6, 'rejected'), leavesDoubt: true }
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

/** Reads " of another amount (999), number": the number itself is never shown. */
export const describeEcho = ({ foreign, differs, otherAmount }: AnswerFields): string => {
  if (foreign || differs.length === 0) return ''
  const named = differs.map((field) =>
    field === 'amount' && otherAmount !== null ? `amount (${otherAmount})` : field,
  )
  return ` of another ${named.join(', ')}`
}

const describe = (fields: AnswerFields): string => {
  if (!fields.isObject) return 'no JSON'
  if (fields.foreign) return 'another token'
  if (fields.status === 'missing') return 'no status'
  if (fields.status === 'unrecognised') return 'unrecognised status'
  return fields.status
}
