import { OperationId, type MerchantId } from '@recargas/contracts'
import { v5, v7 } from 'uuid'
import { Problem } from '../api/problem.ts'

/** One to 255 visible ASCII characters; the draft's quoted form means the same as the bare one. */
const keyPattern = /^[\x21-\x7e]{1,255}$/

export const readIdempotencyKey = (header: string | undefined): string | null => {
  if (header === undefined) return null
  const quoted = /^"(.*)"$/.exec(header)
  const key = quoted?.[1] ?? header
  if (!keyPattern.test(key)) throw new Problem('IDEMPOTENCY_KEY_INVALID')
  return key
}

type Identity = {
  readonly merchant: MerchantId
  readonly subject: string
  /** The route's name, without the values of its path. */
  readonly route: string
  readonly key: string | null
}

/**
 * The id of an operation. From a key it is derived, so that every press with that key names one operation, in the
 * ledger's own namespace, so that a reset ledger never meets an old id; without a key each press is its own.
 */
export const operationIdOf = (
  { merchant, subject, route, key }: Identity,
  namespace: string,
): OperationId =>
  OperationId.parse(
    key === null ? v7() : v5(JSON.stringify([merchant, subject, route, key]), namespace),
  )
