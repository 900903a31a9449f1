import {
  assertNever,
  type CarrierVerdict,
  type DecisionResult,
  type ReleaseReason,
  type VerdictKind,
} from '@recargas/contracts'
import { createDraft, type Draft } from './draft.ts'
import { topupGuardKey, type Topup } from './entities.ts'
import type { LedgerView } from './ledger-view.ts'
import { usageGivenBack } from './limits.ts'
import type { Applied, Circumstances, Policy } from './operation.ts'

type Step =
  | { readonly kind: 'commit' }
  | { readonly kind: 'release'; readonly reason: ReleaseReason }
  | { readonly kind: 'keep' }
  | { readonly kind: 'review' }

/** What a verdict asks for. Only evidence ends a reservation; what is unclear keeps it. */
const stepFor: Record<VerdictKind, Step> = {
  authorized: { kind: 'commit' },
  rejected: { kind: 'release', reason: 'CARRIER_REJECTED' },
  invalid: { kind: 'release', reason: 'CARRIER_INVALID' },
  'not-sent': { kind: 'release', reason: 'CARRIER_UNAVAILABLE' },
  misconfigured: { kind: 'release', reason: 'CARRIER_MISCONFIGURED' },
  pending: { kind: 'keep' },
  unresolved: { kind: 'review' },
}

const decidedStep: Record<DecisionResult, Step> = {
  authorized: { kind: 'commit' },
  rejected: { kind: 'release', reason: 'RESOLVED_AS_REJECTED' },
}

/** What the carrier proved comes first; a person's word counts once the adapter has closed the sale. */
const stepOf = ({ state, decision }: Topup, { verdict, closed }: CarrierVerdict): Step => {
  const step = stepFor[verdict]
  const isProven = verdict === 'authorized' || verdict === 'rejected'
  if (state !== 'in-review' || isProven || closed !== true) return step
  return decision?.isFinal === true ? decidedStep[decision.result] : step
}

/** Ends a reservation by the carrier's verdict, keeps it, or books a truth that came too late. */
export const settle = (
  view: LedgerView,
  topup: Topup,
  verdict: CarrierVerdict,
  { at, policy }: Circumstances,
): Applied => {
  const draft = createDraft(view, at)
  const step = stepOf(topup, verdict)
  switch (topup.state) {
    case 'reserved':
    case 'in-review':
      return settleHeld(draft, topup, verdict, step, policy)
    case 'released':
      return step.kind === 'commit'
        ? correct(draft, topup, verdict)
        : draft.finish(null, { kind: 'settled', topup })
    case 'committed':
      return step.kind === 'release'
        ? contradict(draft, topup)
        : draft.finish(null, { kind: 'settled', topup })
    default:
      return assertNever(topup.state)
  }
}

const settleHeld = (
  draft: Draft,
  topup: Topup,
  verdict: CarrierVerdict,
  step: Step,
  policy: Policy,
): Applied => {
  switch (step.kind) {
    case 'commit':
      return commit(draft, topup, verdict)
    case 'release':
      return release(draft, topup, verdict, step.reason, policy)
    case 'keep':
      return keep(draft, topup, verdict)
    case 'review':
      return review(draft, topup, verdict)
    default:
      return assertNever(step)
  }
}

const commit = (draft: Draft, held: Topup, verdict: CarrierVerdict): Applied => {
  const { at } = draft
  const session = cashGoesTo(draft, held)
  draft.post(draft.account(held.merchant, held.currency, 'float', held.operator), {
    posted: -held.amount,
    reserved: -held.amount,
  })
  draft.post(
    draft.account(held.merchant, held.currency, 'drawer', String(held.cajaId)),
    { posted: held.amount, incoming: -held.amount },
    session?.id ?? null,
  )
  if (session !== undefined) {
    draft.putSession({
      ...session,
      income: session.income + held.amount,
      pending: session.id === held.sessionId ? session.pending - held.amount : session.pending,
      updatedAt: at,
    })
  }
  const topup: Topup = {
    ...held,
    state: 'committed',
    attempts: verdict.attempts,
    updatedAt: at,
    progressAt: at,
  }
  draft.putTopup(topup)
  return draft.finish(
    {
      id: `${held.id}:commit`,
      kind: 'commit',
      merchant: held.merchant,
      topupId: held.id,
      resolves: held.id,
      ...(session === undefined ? {} : { sessionId: session.id }),
    },
    { kind: 'settled', topup },
  )
}

/** The sale's own session; once that is closed, the caja's open one; between sessions, none. */
const cashGoesTo = (draft: Draft, held: Topup) => {
  const own = draft.view.session(held.merchant, held.sessionId)
  if (own?.state === 'open') return own
  const openSession = draft.view.caja(held.merchant, held.cajaId)?.openSession ?? null
  return openSession === null ? undefined : draft.view.session(held.merchant, openSession)
}

const release = (
  draft: Draft,
  held: Topup,
  verdict: CarrierVerdict,
  reason: ReleaseReason,
  { limits }: Policy,
): Applied => {
  const { at } = draft
  draft.post(draft.account(held.merchant, held.currency, 'float', held.operator), {
    reserved: -held.amount,
  })
  const session = draft.view.session(held.merchant, held.sessionId)
  draft.post(
    draft.account(held.merchant, held.currency, 'drawer', String(held.cajaId)),
    { incoming: -held.amount },
    session?.state === 'open' ? session.id : null,
  )
  if (session?.state === 'open') {
    draft.putSession({ ...session, pending: session.pending - held.amount, updatedAt: at })
  }
  const topup: Topup = {
    ...held,
    state: 'released',
    releaseReason: reason,
    invalid: verdict.invalid ?? null,
    attempts: verdict.attempts,
    updatedAt: at,
    progressAt: at,
  }
  draft.putTopup(topup)
  draft.forget(topupGuardKey(held), held.id)
  if (limits !== undefined) {
    draft.putUsages(usageGivenBack(draft.view.usage, held, limits.utcOffsetMinutes, at))
  }
  return draft.finish(
    {
      id: `${held.id}:release`,
      kind: 'release',
      merchant: held.merchant,
      topupId: held.id,
      sessionId: held.sessionId,
      resolves: held.id,
    },
    { kind: 'settled', topup },
  )
}

/** Still unclear: the money stays held, and the adapter's next look counts as progress. */
const keep = (draft: Draft, held: Topup, verdict: CarrierVerdict): Applied => {
  const topup: Topup = {
    ...held,
    attempts: verdict.attempts,
    updatedAt: draft.at,
    progressAt: verdict.nextAt === undefined ? draft.at : Date.parse(verdict.nextAt),
  }
  draft.putTopup(topup)
  return draft.finish(null, { kind: 'held', topup })
}

const review = (draft: Draft, held: Topup, verdict: CarrierVerdict): Applied => {
  const topup: Topup = {
    ...held,
    state: 'in-review',
    attempts: verdict.attempts,
    updatedAt: draft.at,
    progressAt: draft.at,
  }
  draft.putTopup(topup)
  if (held.state === 'in-review') return draft.finish(null, { kind: 'held', topup })
  return draft.finish(
    {
      id: `${held.id}:review`,
      kind: 'review',
      merchant: held.merchant,
      topupId: held.id,
      sessionId: held.sessionId,
    },
    { kind: 'held', topup },
  )
}

/**
 * The carrier delivered what was released: the cash is gone, so the shop's loss is booked against the float, and what
 * the float cannot bear is owed to the carrier. A correction can never be refused.
 */
const correct = (draft: Draft, released: Topup, verdict: CarrierVerdict): Applied => {
  const { merchant, currency, amount } = released
  const float = draft.account(merchant, currency, 'float', released.operator)
  const bearable = Math.min(Math.max(float.posted - float.reserved, 0), amount)
  draft.post(draft.account(merchant, currency, 'over-short'), { posted: amount })
  if (bearable > 0) draft.post(float, { posted: -bearable })
  if (bearable < amount) {
    draft.post(draft.account(merchant, currency, 'carrier-discrepancy'), {
      posted: bearable - amount,
    })
  }
  const topup: Topup = {
    ...released,
    state: 'committed',
    inCase: true,
    attempts: verdict.attempts,
    updatedAt: draft.at,
    progressAt: draft.at,
  }
  draft.putTopup(topup)
  draft.openCase({
    id: `${released.id}:authorized-after-release`,
    merchant,
    kind: 'authorized-after-release',
    topupId: released.id,
    amount,
    openedAt: draft.at,
  })
  return draft.finish(
    { id: `${released.id}:correct`, kind: 'correct', merchant, topupId: released.id },
    { kind: 'settled', topup },
  )
}

/** The carrier now denies what it had confirmed: nothing moves by itself, a person must look. */
const contradict = (draft: Draft, committed: Topup): Applied => {
  const topup: Topup = { ...committed, inCase: true, updatedAt: draft.at }
  if (committed.inCase) return draft.finish(null, { kind: 'settled', topup: committed })
  draft.putTopup(topup)
  draft.openCase({
    id: `${committed.id}:rejected-after-commit`,
    merchant: committed.merchant,
    kind: 'rejected-after-commit',
    topupId: committed.id,
    amount: committed.amount,
    openedAt: draft.at,
  })
  return draft.finish(
    {
      id: `${committed.id}:case`,
      kind: 'case',
      merchant: committed.merchant,
      topupId: committed.id,
    },
    { kind: 'settled', topup },
  )
}
