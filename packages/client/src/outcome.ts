import type { components } from './schema.ts'

export type Sale =
  components['schemas']['RecargaCliente'] | components['schemas']['RecargaClienteAuditada']
export type Problem = components['schemas']['Problema']

/** The outcome of one press of the button. */
export type SaleOutcome =
  | { readonly kind: 'sold'; readonly sale: Sale }
  /** Not sold, and never will be under this key: give the cash back. */
  | Refused
  /** Held until the carrier, or a person, has decided: ask for it later, do not sell again. */
  | { readonly kind: 'pending'; readonly sale: Sale }
  /**
   * The outcome could not be found out in time. The sale may have taken place: press again with the same key, or look `id` up.
   * A new key would be a second sale. `cause` is the last attempt's error.
   */
  | {
      readonly kind: 'unknown'
      readonly key: string
      readonly id: string | null
      readonly cause: Error
    }

export type Refused = {
  readonly kind: 'refused'
  readonly status: number
  /** Stable: decide on it. */
  readonly code: string
  /** For the cashier, in the gateway's words; null only where a proxy answered instead of the gateway. */
  readonly message: string | null
  readonly problem: Problem | null
}

export type Found =
  | { readonly kind: 'found'; readonly outcome: Exclude<SaleOutcome, { kind: 'unknown' }> }
  | { readonly kind: 'absent' }
  /** The gateway has no answer now. */
  | { readonly kind: 'unanswered'; readonly afterMs: number }

/** The meaning of one POST's answer. */
export type Step =
  | { readonly kind: 'ended'; readonly outcome: Exclude<SaleOutcome, { kind: 'unknown' }> }
  /** Nothing took place by this press. */
  | { readonly kind: 'not-accepted'; readonly afterMs: number; readonly refused: Refused }
  /** The sale may have taken place. */
  | {
      readonly kind: 'unclear'
      readonly afterMs: number
      readonly id: string | null
      readonly cause: Error
    }
  /** Not one byte of it left this machine. */
  | {
      readonly kind: 'not-sent'
      readonly afterMs: number
      readonly cause: Error
      /** The same would happen again, such as without a token. */
      readonly isFinal: boolean
    }

export type Answer = {
  readonly data?: unknown
  readonly error?: unknown
  readonly response: Response
}

/** Pause after an answer without Retry-After. */
const pauseMs = 1_000
const okStatus = 200
/** For an answer without a message; for top-ups and bundles alike. */
const notSoldSentence = 'La venta no se realizó.'

export const readSale = ({ data, error, response }: Answer): Found => {
  if (response.ok) return { kind: 'found', outcome: outcomeOf(data as Sale) }
  const refused = refusedBy(response, error)
  if (response.status >= 500 || response.status === 429 || refused.problem === null) {
    return { kind: 'unanswered', afterMs: retryAfterMs(response) }
  }
  if (refused.code === 'TOPUP_NOT_FOUND') return { kind: 'absent' }
  return { kind: 'found', outcome: refused }
}

export const readStep = ({ data, error, response }: Answer): Step => {
  const afterMs = retryAfterMs(response)
  if (response.ok) return { kind: 'ended', outcome: outcomeOf(data as Sale) }
  const refused = refusedBy(response, error)
  const id = refused.problem?.id_transaccion ?? null
  if (refused.code === 'NOT_ACCEPTED' || refused.code === 'NOT_READY' || response.status === 429) {
    return { kind: 'not-accepted', afterMs, refused }
  }
  // The gateway gives these for a sale that ended or that it never published; any other 5xx, also of a proxy, proves nothing.
  const isProven = /^(?:CARRIER|BUNDLE)_/.test(refused.code) && refused.problem !== null
  return response.status >= 500 && !isProven
    ? { kind: 'unclear', afterMs, id, cause: answeredBy(refused) }
    : { kind: 'ended', outcome: refused }
}

/** True when a refusal ends the operation itself, false when it only ends a request on its way. */
export const isOfOperation = (outcome: SaleOutcome): boolean =>
  outcome.kind !== 'refused' ||
  outcome.status === okStatus ||
  outcome.problem?.id_transaccion !== undefined

/** An answer without information on the sale, as an error. */
export const answeredBy = ({ status, code }: Refused, cause?: Error): Error =>
  new Error(`the gateway answered ${status} ${code}`, ...(cause === undefined ? [] : [{ cause }]))

const outcomeOf = (sale: Sale): Exclude<SaleOutcome, { kind: 'unknown' }> => {
  switch (sale.estado) {
    case 'AUTORIZADA':
      return { kind: 'sold', sale }
    case 'PENDIENTE':
    case 'EN_REVISION':
      return { kind: 'pending', sale }
    case 'RECHAZADA': {
      const code = sale.codigo ?? 'CARRIER_REJECTED'
      return {
        kind: 'refused',
        status: okStatus,
        code,
        message: sale.motivo ?? notSoldSentence,
        problem: null,
      }
    }
  }
}

const refusedBy = ({ status }: Response, error: unknown): Refused => {
  const problem =
    typeof error === 'object' && error !== null && 'code' in error ? (error as Problem) : null
  const wording = problem?.message ?? null
  return {
    kind: 'refused',
    status,
    code: problem?.code ?? `HTTP_${status}`,
    message: Array.isArray(wording) ? wording.join('; ') : wording,
    problem,
  }
}

const retryAfterMs = ({ headers }: Response): number => {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : pauseMs
}
