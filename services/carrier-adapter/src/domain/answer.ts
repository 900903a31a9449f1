/** Statuses the carrier documents, normalised. */
export const carrierStatuses = [
  'authorized',
  'rejected',
  'in_progress',
  'unknown',
  'created',
] as const
export type CarrierStatus = (typeof carrierStatuses)[number]

/** What the carrier was asked; its answer is compared with this. */
export type Asked = {
  readonly token: string
  readonly number: string
  readonly slug: string
  readonly amount: number
  /** The mobile package, with its code as it was sent. */
  readonly bundle?: { readonly provider: string; readonly code: string | number }
}

/** A body as the client read it; `json` holds whatever was parsed, nothing of it is trusted yet. */
export type AnswerBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text' }
  | { readonly kind: 'none' }

/** What a body says about our transaction. */
export type Reading = {
  /** A JSON object: the carrier itself spoke, not a proxy before it. */
  readonly isObject: boolean
  /** It names another transaction: nothing it says is about ours. */
  readonly foreign: boolean
  readonly status: CarrierStatus | 'missing' | 'unrecognised'
  /** It repeats the number, the operator or the amount, and not as we sent them. */
  readonly echoDiffers: boolean
  readonly resultCode: string | null
  readonly invalid: { readonly field?: string; readonly message?: string } | null
}

const nothingRead: Reading = {
  isObject: false,
  foreign: false,
  status: 'missing',
  echoDiffers: false,
  resultCode: null,
  invalid: null,
}

/** Reads the fields the decision table knows; a field of an unexpected type counts as missing. */
export const readAnswer = (body: AnswerBody, asked: Asked): Reading => {
  if (body.kind !== 'json' || !isObject(body.value)) return nothingRead
  const fields = body.value
  return {
    isObject: true,
    foreign: isForeign(own(fields, 'idempotency_token'), asked.token),
    status: readStatus(own(fields, 'status')),
    echoDiffers: echoDiffers(fields, asked),
    resultCode: readResultCode(own(fields, 'result_code'), asked),
    invalid: readInvalid(fields, asked),
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own fields only, so that a name such as "constructor" never finds what every object inherits. */
const own = (fields: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined

const isForeign = (token: unknown, ours: string): boolean =>
  token !== undefined && token !== null && token !== ours

const readStatus = (value: unknown): Reading['status'] => {
  if (typeof value !== 'string' || value.trim() === '') return 'missing'
  const normalised = value.trim().toLowerCase().replace(/[- ]+/g, '_')
  return carrierStatuses.find((status) => status === normalised) ?? 'unrecognised'
}

const echoDiffers = (fields: Record<string, unknown>, asked: Asked): boolean => {
  const differs = (name: string, sent: string | number): boolean => {
    const value = own(fields, name)
    return (
      (typeof value === 'string' || typeof value === 'number') && String(value) !== String(sent)
    )
  }
  return (
    differs('destination_number', asked.number) ||
    differs('service_provider', asked.slug) ||
    differs('amount', asked.amount) ||
    (asked.bundle !== undefined &&
      (differs('provider_code', asked.bundle.provider) ||
        differsFromCode(own(fields, 'package_code'), asked.bundle.code)))
  )
}

/** A code sent as a number comes back in the carrier's own spelling: "024" for 24. */
const differsFromCode = (value: unknown, sent: string | number): boolean => {
  if (typeof value !== 'string' && typeof value !== 'number') return false
  return typeof sent === 'number' ? Number(value) !== sent : String(value) !== sent
}

/** Its values are undocumented, so it is kept for people and never decides; a code is short and plain. */
const readResultCode = (value: unknown, asked: Asked): string | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  const text = String(value)
  return /^[\w.-]{1,64}$/.test(text) && !text.includes(asked.number) ? text : null
}

const readInvalid = (fields: Record<string, unknown>, asked: Asked): Reading['invalid'] => {
  const text = (name: string, lengthMax: number): string | null => {
    const value = own(fields, name)
    if (typeof value !== 'string') return null
    const plain = value.replace(/\p{C}+/gu, ' ').replaceAll(asked.number, '***')
    const trimmed = plain.trim().slice(0, lengthMax)
    return trimmed === '' ? null : trimmed
  }
  const field = text('field', 64)
  const message = text('error_message', 300)
  if (field === null && message === null) return null
  return { ...(field === null ? {} : { field }), ...(message === null ? {} : { message }) }
}
