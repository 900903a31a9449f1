import { echoFields, type EchoField } from '@recargas/contracts'
import type { AnswerBody } from '../../domain/call-result.ts'
import type { CarrierRequest } from './requests.ts'

/** Statuses the carrier documents, normalised. */
const carrierStatuses = ['authorized', 'rejected', 'in_progress', 'unknown', 'created'] as const
export type CarrierStatus = (typeof carrierStatuses)[number]

/** The fields of an answer that the decision table knows. */
export type AnswerFields = {
  readonly isObject: boolean
  /**
   * The carrier itself spoke, not an API gateway before it: the object repeats our token or holds a status, a result
   * code or an error message, each of the type that the carrier documents. Spring's `"status":503` is none of them.
   */
  readonly isCarriers: boolean
  /** It names another transaction: nothing in it is about ours. */
  readonly foreign: boolean
  readonly status: CarrierStatus | 'missing' | 'unrecognised'
  /** The repeated fields that differ from the request. */
  readonly differs: readonly EchoField[]
  /** The repeated amount where it differs and is a plain number. */
  readonly otherAmount: string | null
  readonly resultCode: string | null
  readonly invalid: { readonly field?: string; readonly message?: string } | null
}

const noFields: AnswerFields = {
  isObject: false,
  isCarriers: false,
  foreign: false,
  status: 'missing',
  differs: [],
  otherAmount: null,
  resultCode: null,
  invalid: null,
}

/** Reads the fields the decision table knows; a field of an unexpected type counts as missing. */
export const readAnswer = (body: AnswerBody, request: CarrierRequest): AnswerFields => {
  if (body.kind !== 'json' || !isObject(body.value)) return noFields
  const fields = body.value
  return {
    isObject: true,
    isCarriers: isCarriers(fields, request.token),
    foreign: isForeign(own(fields, 'idempotency_token'), request.token),
    status: readStatus(own(fields, 'status')),
    differs: differingEcho(fields, request),
    otherAmount: readOtherAmount(own(fields, 'amount'), request.amount),
    resultCode: readResultCode(own(fields, 'result_code'), request),
    invalid: readInvalid(fields, request),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own fields only, so that a name such as "constructor" never finds an inherited one. */
const own = (fields: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined

const isCarriers = (fields: Record<string, unknown>, token: string): boolean => {
  const isText = (name: string) => {
    const value = own(fields, name)
    return typeof value === 'string' && value.trim() !== ''
  }
  return (
    own(fields, 'idempotency_token') === token ||
    isText('status') ||
    isText('error_message') ||
    isText('result_code') ||
    typeof own(fields, 'result_code') === 'number'
  )
}

const isForeign = (token: unknown, ours: string): boolean =>
  token !== undefined && token !== null && token !== ours

const readStatus = (value: unknown): AnswerFields['status'] => {
  if (typeof value !== 'string' || value.trim() === '') return 'missing'
  const normalised = value.trim().toLowerCase().replace(/[- ]+/g, '_')
  return carrierStatuses.find((status) => status === normalised) ?? 'unrecognised'
}

const differingEcho = (
  fields: Record<string, unknown>,
  request: CarrierRequest,
): readonly EchoField[] => {
  const differs = (name: string, sent: string | number): boolean => {
    const value = own(fields, name)
    return isRepeated(value) && String(value) !== String(sent)
  }
  const { bundle } = request
  const isDiffering: Readonly<Record<EchoField, boolean>> = {
    amount: isAnotherAmount(own(fields, 'amount'), request.amount),
    number: differs('destination_number', request.number),
    provider:
      differs('service_provider', request.slug) ||
      (bundle !== undefined && differs('provider_code', bundle.provider)),
    bundle: bundle !== undefined && differsFromCode(own(fields, 'package_code'), bundle.code),
  }
  return echoFields.filter((field) => isDiffering[field])
}

const isScalar = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number'

/** An empty text repeats nothing. */
const isRepeated = (value: unknown): value is string | number =>
  isScalar(value) && String(value).trim() !== ''

const readOtherAmount = (value: unknown, sent: number): string | null =>
  isScalar(value) && isAnotherAmount(value, sent) && /^-?\d{1,12}(\.\d{1,4})?$/.test(String(value))
    ? String(value)
    : null

/** "1000.00" is the same amount as 1000. */
const isAnotherAmount = (value: unknown, sent: number): boolean =>
  isRepeated(value) && Number(value) !== sent

/** A code sent as a number comes back in the carrier's own spelling: "024" for 24. */
const differsFromCode = (value: unknown, sent: string | number): boolean => {
  if (!isRepeated(value)) return false
  return typeof sent === 'number' ? Number(value) !== sent : String(value) !== sent
}

/** Its values are undocumented, so it is kept for people and never decides; a code is short and plain. */
const readResultCode = (value: unknown, request: CarrierRequest): string | null => {
  if (!isScalar(value)) return null
  const text = String(value)
  return /^[\w.-]{1,64}$/.test(text) && !text.includes(request.number) ? text : null
}

const readInvalid = (
  fields: Record<string, unknown>,
  request: CarrierRequest,
): AnswerFields['invalid'] => {
  const text = (name: string, lengthMax: number): string | null => {
    const value = own(fields, name)
    if (typeof value !== 'string') return null
    const plain = value.replace(/\p{C}+/gu, ' ').replaceAll(request.number, '***')
    const trimmed = plain.trim().slice(0, lengthMax)
    return trimmed === '' ? null : trimmed
  }
  const field = text('field', 64)
  const message = text('error_message', 300)
  if (field === null && message === null) return null
  return { ...(field === null ? {} : { field }), ...(message === null ? {} : { message }) }
}
