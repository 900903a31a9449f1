import type {
  CarrierBalance,
  CarrierState,
  FundsReserved,
  SaleKind,
  WithheldReason,
} from '@recargas/contracts'
import type { NotSentReason } from './call-result.ts'
import type { Evidence } from './evidence.ts'
import type { FollowUp, SaleRecord } from './sale.ts'

/**
 * A carrier as the adapter sells through it. One folder of carriers/ implements it; nothing else knows its protocol
 * (docs/carriers.md).
 */
export type Carrier = {
  /** Sales under way at once in one instance; each kind has its own queue and limit. */
  readonly salesAtOnce: Readonly<Partial<Record<SaleKind, number>>>
  /** The whole time of one call; an attempt's lease must outlive it. */
  readonly callTimeoutMs: number
  /** The exact bytes of the request, recorded before the first attempt: every later attempt sends the same. */
  readonly requestBody: (job: FundsReserved) => string
  /**
   * Grants or refuses one call, before an attempt is recorded: a refusal is proof that nothing was sent. A carrier that
   * needs a token, or its current price list, fetches it here.
   */
  readonly admit: (job: FundsReserved, purpose: Purpose) => Admission | Promise<Admission>
  /** The evidence of an attempt that was recorded and then kept from the socket. */
  readonly notSent: (why: NotSentReason, job: FundsReserved) => Evidence
  /** The steps that follow an unclear attempt of this sale, as far as it has come. */
  readonly followUp: (sale: SaleRecord) => FollowUp
  /** The sale after another lookup, given up where the lookups so far prove that more of them bring nothing. */
  readonly afterLookups: (sale: SaleRecord) => SaleRecord
  readonly state: () => CarrierState
  /** The merchant's balance at the carrier, asked at this moment; null where the carrier tells none. */
  readonly readBalance: () => Promise<CarrierBalance | null>
  readonly close: () => Promise<void>
}

/** A repeat or a lookup waits where a new sale may be the half-open trial. */
export type Purpose = 'sale' | 'repeat' | 'lookup'

export type Admission =
  { readonly kind: 'refused'; readonly why: NotSentReason | WithheldReason } | Permit

/** The right to make one call. Its holder sends with it or releases it. */
export type Permit = {
  readonly kind: 'admitted'
  readonly send: (attempt: SaleAttempt) => Promise<Evidence>
  readonly release: () => void
}

/** One attempt of a recorded sale. */
export type SaleAttempt = {
  readonly sale: SaleRecord
  readonly attempt: number
  /** Id of the span that the call belongs to. */
  readonly span?: string | undefined
}
