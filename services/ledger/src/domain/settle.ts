import {
  assertNever,
  type CarrierVerdict,
  type DecisionResult,
  type ReleaseReason,
  type SaleCaseKind,
  type VerdictKind,
  type WithheldReason,
} from '@recargas/contracts'
import { createDraft, type Draft, type EntryFrame } from './draft.ts'
import { topupGuardKey, type Session, type Topup } from './entities.ts'
import type { LedgerView } from './ledger-view.ts'
import { usageGivenBack } from './limits.ts'
import type { Applied, Circumstances, Policy } from './operation.ts'
import { withCase, withEchoCase } from './sale-cases.ts'

type Step =
  | { readonly kind: 'commit' }
  | { readonly kind: 'release'; readonly reason: ReleaseReason }
  | { readonly kind: 'keep' }
  | { readonly kind: 'review'; readonly opens?: SaleCaseKind }

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

/** A bundle that is not on the carrier's list as it was quoted was never sent. */
const withheldStep: Record<WithheldReason, Step> = {
  'price-changed': { kind: 'release', reason: 'BUNDLE_PRICE_CHANGED' },
  'price-unconfirmed': { kind: 'release', reason: 'BUNDLE_PRICE_UNCONFIRMED' },
  'not-offered': { kind: 'release', reason: 'BUNDLE_NOT_OFFERED' },
}

/** The carrier's proof comes first; a person's word counts once the adapter has closed the sale. */
const stepOf = (topup: Topup, { verdict, closed, withheld }: CarrierVerdict): Step => {
  const step =
    verdict === 'not-sent' && withheld !== undefined ? withheldStep[withheld] : stepFor[verdict]
  const isProven = verdict === 'authorized' || verdict === 'rejected'
  if (isProven || closed !== true) return step
  if (topup.state === 'in-review' && topup.decision?.isFinal === true) {
    return decidedStep[topup.decision.result]
  }
  // The adapter neither asks nor sends any more, so only a person can end it; none of this ledger has decided.
  return verdict === 'pending' || verdict === 'unresolved'
    ? { kind: 'review', opens: 'closed-without-decision' }
    : step
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
      return settleCommitted(draft, topup, verdict, step)
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
      return review(draft, topup, verdict, step.opens)
    default:
      return assertNever(step)
  }
}

const settleCommitted = (
  draft: Draft,
  topup: Topup,
  verdict: CarrierVerdict,
  step: Step,
): Applied => {
  if (step.kind === 'release') return contradict(draft, topup)
  const seen = withEchoCase(draft, topup, verdict)
  if (seen === topup) return draft.finish(null, { kind: 'settled', topup })
  draft.putTopup({ ...seen, updatedAt: draft.at })
  return draft.finish(
    {
      id: `${topup.id}:case:echo-differs`,
      kind: 'case',
      merchant: topup.merchant,
      topupId: topup.id,
    },
    { kind: 'settled', topup: seen },
  )
}

const commit = (draft: Draft, held: Topup, verdict: CarrierVerdict): Applied => {
  const { at } = draft
  const session = sessionOfCash(draft, held)
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
      ...noLongerPending(session, held),
      income: session.income + held.amount,
      updatedAt: at,
    })
  }
  const topup: Topup = {
    ...withEchoCase(draft, held, verdict),
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
      ...sessionOfEntry(draft, held, session),
    },
    { kind: 'settled', topup },
  )
}

/** The session whose cash moves: the sale's own; once that is closed, the caja's open one; between sessions, none. */
const sessionOfCash = (draft: Draft, held: Topup): Session | undefined => {
  const own = draft.view.session(held.merchant, held.sessionId)
  if (own?.state === 'open') return own
  const openSession = draft.view.caja(held.merchant, held.cajaId)?.openSession ?? null
  return openSession === null ? undefined : draft.view.session(held.merchant, openSession)
}

/** Pending cash is counted by the sale's own session, and by each later one of its caja as an earlier one's. */
const noLongerPending = (session: Session, { sessionId, amount }: Topup): Session =>
  session.id === sessionId
    ? { ...session, pending: session.pending - amount }
    : { ...session, pendingEarlier: session.pendingEarlier - amount }

/** Between sessions an entry names the one that was closed before it: the next to be opened takes it over. */
const sessionOfEntry = (
  draft: Draft,
  { merchant, cajaId }: Topup,
  session: Session | undefined,
): Pick<EntryFrame, 'sessionId'> => {
  const sessionId = session?.id ?? draft.view.caja(merchant, cajaId)?.lastSession ?? null
  return sessionId === null ? {} : { sessionId }
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
  const session = sessionOfCash(draft, held)
  draft.post(
    draft.account(held.merchant, held.currency, 'drawer', String(held.cajaId)),
    { incoming: -held.amount },
    session?.id ?? null,
  )
  if (session !== undefined) {
    draft.putSession({ ...noLongerPending(session, held), updatedAt: at })
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
    draft.putUsages(usageGivenBack(draft.view.usage, held, at))
  }
  return draft.finish(
    {
      id: `${held.id}:release`,
      kind: 'release',
      merchant: held.merchant,
      topupId: held.id,
      resolves: held.id,
      ...sessionOfEntry(draft, held, session),
    },
    { kind: 'settled', topup },
  )
}

/** The adapter has yet to close a sale that a person decided: nothing it says before that counts as progress. */
const progressOf = ({ decision, progressAt }: Topup, at: number): number =>
  decision?.isFinal === true ? progressAt : at

/** Still unclear: the money stays held, and the adapter's next look counts as progress. */
const keep = (draft: Draft, held: Topup, verdict: CarrierVerdict): Applied => {
  const topup: Topup = {
    ...held,
    attempts: verdict.attempts,
    updatedAt: draft.at,
    progressAt: progressOf(
      held,
      verdict.nextAt === undefined ? draft.at : Date.parse(verdict.nextAt),
    ),
  }
  draft.putTopup(topup)
  return draft.finish(null, { kind: 'held', topup })
}

const review = (
  draft: Draft,
  held: Topup,
  verdict: CarrierVerdict,
  opens: SaleCaseKind | undefined,
): Applied => {
  const { id, merchant, sessionId } = held
  const seen = opens === undefined ? held : withCase(draft, held, opens)
  const topup: Topup = {
    ...seen,
    state: 'in-review',
    attempts: verdict.attempts,
    updatedAt: draft.at,
    progressAt: progressOf(held, draft.at),
  }
  draft.putTopup(topup)
  const outcome = { kind: 'held', topup } as const
  const about = { merchant, topupId: id, sessionId }
  if (held.state !== 'in-review') {
    return draft.finish({ id: `${id}:review`, kind: 'review', ...about }, outcome)
  }
  return seen === held
    ? draft.finish(null, outcome)
    : draft.finish({ id: `${id}:case:${opens ?? ''}`, kind: 'case', ...about }, outcome)
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
    ...withEchoCase(draft, withCase(draft, released, 'authorized-after-release'), verdict),
    state: 'committed',
    attempts: verdict.attempts,
    updatedAt: draft.at,
    progressAt: draft.at,
  }
  draft.putTopup(topup)
  return draft.finish(
    { id: `${released.id}:correct`, kind: 'correct', merchant, topupId: released.id },
    { kind: 'settled', topup },
  )
}

/** The carrier now denies what it had confirmed: nothing moves by itself, a person must look. */
const contradict = (draft: Draft, committed: Topup): Applied => {
  // A denial from before a correction may come again: its case is open.
  const isKnown =
    committed.cases.includes('authorized-after-release') ||
    committed.cases.includes('rejected-after-commit')
  if (isKnown) return draft.finish(null, { kind: 'settled', topup: committed })
  const topup = {
    ...withCase(draft, committed, 'rejected-after-commit'),
    updatedAt: draft.at,
  }
  draft.putTopup(topup)
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
