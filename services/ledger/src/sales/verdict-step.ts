import type {
  CarrierVerdict,
  DecisionResult,
  ReleaseReason,
  SaleCaseKind,
  VerdictKind,
  WithheldReason,
} from '@recargas/contracts'
import type { Topup } from '../accounting/entities.ts'
import { isHeld } from '../accounting/held-guards.ts'

export type Step =
  | { readonly kind: 'commit' }
  | { readonly kind: 'release'; readonly reason: ReleaseReason }
  | { readonly kind: 'keep' }
  | { readonly kind: 'review'; readonly opens?: SaleCaseKind }

/** The step that a verdict asks for. Only evidence ends a reservation; an unclear verdict keeps it. */
const stepFor: Record<VerdictKind, Step> = {
  authorized: { kind: 'commit' },
  rejected: { kind: 'release', reason: 'CARRIER_REJECTED' },
  invalid: { kind: 'release', reason: 'CARRIER_INVALID' },
  'not-sent': { kind: 'release', reason: 'CARRIER_UNAVAILABLE' },
  misconfigured: { kind: 'release', reason: 'CARRIER_MISCONFIGURED' },
  pending: { kind: 'keep' },
  unresolved: { kind: 'review' },
}

const keep: Step = { kind: 'keep' }

const decidedStep: Record<DecisionResult, Step> = {
  authorized: { kind: 'commit' },
  rejected: { kind: 'release', reason: 'RESOLVED_AS_REJECTED' },
}

/** A bundle that is not on the carrier's list as it was quoted was never sent. */
const withheldStep: Record<WithheldReason, Step> = {
  'price-changed': { kind: 'release', reason: 'BUNDLE_PRICE_CHANGED' },
  'price-unconfirmed': { kind: 'release', reason: 'BUNDLE_PRICE_UNCONFIRMED' },
  'not-offered': { kind: 'release', reason: 'BUNDLE_NOT_OFFERED' },
}

/** The carrier's proof comes first; a person's word counts once the adapter has closed the sale. */
export const stepOf = (topup: Topup, { verdict, closed, withheld }: CarrierVerdict): Step => {
  const step =
    verdict === 'not-sent' && withheld !== undefined ? withheldStep[withheld] : stepFor[verdict]
  const isProven = verdict === 'authorized' || verdict === 'rejected'
  if (isProven) return step
  const decision = topup.decision?.isFinal === true ? topup.decision : null
  if (closed !== true) {
    // A sale that a person decided before its review is being closed: it needs no review any more.
    const needsNone = decision !== null && topup.state === 'reserved' && step.kind === 'review'
    return needsNone ? keep : step
  }
  if (decision !== null && isHeld(topup)) {
    return topup.state === 'reserved' && decision.result === 'rejected'
      ? stepFor.rejected
      : decidedStep[decision.result]
  }
  // The adapter neither asks nor sends any more, so only a person can end it; none of this ledger has decided.
  return verdict === 'pending' || verdict === 'unresolved'
    ? { kind: 'review', opens: 'closed-without-decision' }
    : step
}
