import type { CarrierCost, EchoField } from '@recargas/contracts'

export type Proof = 'authorized' | 'rejected' | 'pending' | 'not-sent' | 'misconfigured' | 'invalid'

/** Answers that a person should look at, whatever the verdict is. */
export const alerts = [
  'unreadable-answer',
  'foreign-token',
  'contradiction',
  'echo-differs',
  'misconfigured',
] as const
export type Alert = (typeof alerts)[number]

/** The proof that one call to a carrier yields; the carrier's own decision table makes it. */
export type Evidence = {
  /** The deciding row of the carrier's decision table, for people. */
  readonly row?: number
  readonly proves: Proof
  /** The carrier may have sold, or may still sell. */
  readonly ambiguous: boolean
  /** A refusal that ends no doubt about an earlier attempt. */
  readonly leavesDoubt?: true
  /** Short text for people; never holds the phone number or a raw body. */
  readonly observed: string
  readonly httpStatus?: number
  readonly carrierStatus?: string
  readonly resultCode?: string
  /** The carrier's own id of the sale; recorded with the attempt, it outlives a restart. */
  readonly reference?: string
  /** The debit at the carrier, in the currency of the account there. */
  readonly cost?: CarrierCost
  readonly invalid?: { readonly field?: string; readonly message?: string }
  /** An authorized answer that repeats these fields of the sale, and not as they were sent. */
  readonly differs?: readonly EchoField[]
  /** A lookup's finding, in the carrier's own words; only that carrier reads it again. */
  readonly finding?: string
  readonly alert?: Alert
  readonly retryAfterMs?: number
  /** Counts against the carrier's breaker: the carrier, or the way to it, is not working. */
  readonly failure: boolean
}

/** Tells a clear answer: the carrier works, and this sale's question is settled. */
export const isClear = ({ ambiguous, failure, proves }: Evidence): boolean =>
  !ambiguous &&
  !failure &&
  (proves === 'authorized' || proves === 'rejected' || proves === 'invalid')
