import {
  assertNever,
  type CarrierVerdict,
  type ReleaseReason,
  type SaleCaseKind,
} from '@recargas/contracts'
import {
  createEntryBuilder,
  type EntryBuilder,
  type EntryFrame,
} from '../accounting/entry-builder.ts'
import type { Session, Topup } from '../accounting/entities.ts'
import { topupGuardKey } from '../accounting/held-guards.ts'
import type { LedgerView } from '../accounting/ledger-view.ts'
import { usageGivenBack } from '../accounting/limits.ts'
import type { Applied, Circumstances, Policy } from '../accounting/operation.ts'
import { withCase, withEchoCase } from './sale-cases.ts'
import { stepOf, type Step } from './verdict-step.ts'

/** Ends a reservation by the carrier's verdict, keeps it, or books a truth that came too late. */
export const settleSale = (
  view: LedgerView,
  topup: Topup,
  verdict: CarrierVerdict,
  { at, policy }: Circumstances,
): Applied => {
  const builder = createEntryBuilder(view, at)
  const step = stepOf(topup, verdict)
  switch (topup.state) {
    case 'reserved':
    case 'in-review':
      return settleHeld(builder, topup, verdict, step, policy)
    case 'released':
      return step.kind === 'commit'
        ? correct(builder, topup, verdict)
        : builder.finish(null, { kind: 'settled', topup })
    case 'committed':
      return settleCommitted(builder, topup, verdict, step)
    default:
      return assertNever(topup.state)
  }
}

const settleHeld = (
  builder: EntryBuilder,
  topup: Topup,
  verdict: CarrierVerdict,
  step: Step,
  policy: Policy,
): Applied => {
  switch (step.kind) {
    case 'commit':
      return commit(builder, topup, verdict)
    case 'release':
      return release(builder, topup, verdict, step.reason, policy)
    case 'keep':
      return keep(builder, topup, verdict)
    case 'review':
      return review(builder, topup, verdict, step.opens)
    default:
      return assertNever(step)
  }
}

const settleCommitted = (
  builder: EntryBuilder,
  topup: Topup,
  verdict: CarrierVerdict,
  step: Step,
): Applied => {
  if (step.kind === 'release') return contradict(builder, topup)
  const seen = withEchoCase(builder, topup, verdict)
  if (seen === topup) return builder.finish(null, { kind: 'settled', topup })
  builder.putTopup({ ...seen, updatedAt: builder.at })
  return builder.finish(
    {
      id: `${topup.id}:case:echo-differs`,
      kind: 'case',
      merchant: topup.merchant,
      topupId: topup.id,
    },
    { kind: 'settled', topup: seen },
  )
}

const commit = (builder: EntryBuilder, held: Topup, verdict: CarrierVerdict): Applied => {
  const { at } = builder
  const session = sessionOfCash(builder, held)
  builder.post(builder.account(held.merchant, held.currency, 'float', held.operator), {
    posted: -held.amount,
    reserved: -held.amount,
  })
  builder.post(
    builder.account(held.merchant, held.currency, 'drawer', String(held.cajaId)),
    { posted: held.amount, incoming: -held.amount },
    session?.id ?? null,
  )
  if (session !== undefined) {
    builder.putSession({
      ...noLongerPending(session, held),
      income: session.income + held.amount,
      updatedAt: at,
    })
  }
  const topup: Topup = {
    ...withEchoCase(builder, held, verdict),
    state: 'committed',
    attempts: verdict.attempts,
    updatedAt: at,
    progressAt: at,
  }
  builder.putTopup(topup)
  return settled(builder, topup, 'commit', session)
}

const settled = (
  builder: EntryBuilder,
  topup: Topup,
  kind: 'commit' | 'release',
  session: Session | undefined,
): Applied => {
  const { id, merchant } = topup
  const entry = { id: `${id}:${kind}`, kind, merchant, topupId: id, resolves: id }
  const frame = { ...entry, ...sessionOfEntry(builder, topup, session) }
  return builder.finish(frame, { kind: 'settled', topup })
}

/** The session whose cash moves: the sale's own; once that is closed, the caja's open one; between sessions, none. */
const sessionOfCash = (builder: EntryBuilder, held: Topup): Session | undefined => {
  const own = builder.view.session(held.merchant, held.sessionId)
  if (own?.state === 'open') return own
  const openSession = builder.view.caja(held.merchant, held.cajaId)?.openSession ?? null
  return openSession === null ? undefined : builder.view.session(held.merchant, openSession)
}

/** Pending cash is counted by the sale's own session, and by each later one of its caja as an earlier one's. */
const noLongerPending = (session: Session, { sessionId, amount }: Topup): Session =>
  session.id === sessionId
    ? { ...session, pending: session.pending - amount }
    : { ...session, pendingEarlier: session.pendingEarlier - amount }

/** Between sessions an entry names the one that was closed before it: the next to be opened takes it over. */
const sessionOfEntry = (
  builder: EntryBuilder,
  { merchant, cajaId }: Topup,
  session: Session | undefined,
): Pick<EntryFrame, 'sessionId'> => {
  const sessionId = session?.id ?? builder.view.caja(merchant, cajaId)?.lastSession ?? null
  return sessionId === null ? {} : { sessionId }
}

const release = (
  builder: EntryBuilder,
  held: Topup,
  verdict: CarrierVerdict,
  reason: ReleaseReason,
  { limits }: Policy,
): Applied => {
  const { at } = builder
  builder.post(builder.account(held.merchant, held.currency, 'float', held.operator), {
    reserved: -held.amount,
  })
  const session = sessionOfCash(builder, held)
  builder.post(
    builder.account(held.merchant, held.currency, 'drawer', String(held.cajaId)),
    { incoming: -held.amount },
    session?.id ?? null,
  )
  if (session !== undefined) {
    builder.putSession({ ...noLongerPending(session, held), updatedAt: at })
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
  builder.putTopup(topup)
  builder.forget(topupGuardKey(held), held.id)
  if (limits !== undefined) {
    builder.putUsages(usageGivenBack(builder.view.usage, held, at))
  }
  return settled(builder, topup, 'release', session)
}

/** The adapter has yet to close a sale that a person decided: nothing it says before that counts as progress. */
const progressOf = ({ decision, progressAt }: Topup, at: number): number =>
  decision?.isFinal === true ? progressAt : at

/** Still unclear: the money stays held, and the adapter's next look counts as progress. */
const keep = (builder: EntryBuilder, held: Topup, verdict: CarrierVerdict): Applied => {
  const topup: Topup = {
    ...held,
    attempts: verdict.attempts,
    updatedAt: builder.at,
    progressAt: progressOf(
      held,
      verdict.nextAt === undefined ? builder.at : Date.parse(verdict.nextAt),
    ),
  }
  builder.putTopup(topup)
  return builder.finish(null, { kind: 'held', topup })
}

const review = (
  builder: EntryBuilder,
  held: Topup,
  verdict: CarrierVerdict,
  opens: SaleCaseKind | undefined,
): Applied => {
  const { id, merchant, sessionId } = held
  const seen = opens === undefined ? held : withCase(builder, held, opens)
  const topup: Topup = {
    ...seen,
    state: 'in-review',
    attempts: verdict.attempts,
    updatedAt: builder.at,
    progressAt: progressOf(held, builder.at),
  }
  builder.putTopup(topup)
  const outcome = { kind: 'held', topup } as const
  const about = { merchant, topupId: id, sessionId }
  if (held.state !== 'in-review') {
    return builder.finish({ id: `${id}:review`, kind: 'review', ...about }, outcome)
  }
  return seen === held
    ? builder.finish(null, outcome)
    : builder.finish({ id: `${id}:case:${opens ?? ''}`, kind: 'case', ...about }, outcome)
}

/**
 * The carrier delivered a released sale: the cash is gone, so the shop's loss is booked against the float, and the part that
 * the float cannot bear is owed to the carrier. A correction can never be refused.
 */
const correct = (builder: EntryBuilder, released: Topup, verdict: CarrierVerdict): Applied => {
  const { merchant, currency, amount } = released
  const float = builder.account(merchant, currency, 'float', released.operator)
  const bearable = Math.min(Math.max(float.posted - float.reserved, 0), amount)
  builder.post(builder.account(merchant, currency, 'over-short'), { posted: amount })
  if (bearable > 0) builder.post(float, { posted: -bearable })
  if (bearable < amount) {
    builder.post(builder.account(merchant, currency, 'carrier-discrepancy'), {
      posted: bearable - amount,
    })
  }
  const topup: Topup = {
    ...withEchoCase(builder, withCase(builder, released, 'authorized-after-release'), verdict),
    state: 'committed',
    attempts: verdict.attempts,
    updatedAt: builder.at,
    progressAt: builder.at,
  }
  builder.putTopup(topup)
  return builder.finish(
    { id: `${released.id}:correct`, kind: 'correct', merchant, topupId: released.id },
    { kind: 'settled', topup },
  )
}

/** The carrier now denies a confirmed delivery: no balance moves, and a person must look. */
const contradict = (builder: EntryBuilder, committed: Topup): Applied => {
  // A denial from before a correction may come again: its case is open.
  const isKnown =
    committed.cases.includes('authorized-after-release') ||
    committed.cases.includes('rejected-after-commit')
  if (isKnown) return builder.finish(null, { kind: 'settled', topup: committed })
  const topup = {
    ...withCase(builder, committed, 'rejected-after-commit'),
    updatedAt: builder.at,
  }
  builder.putTopup(topup)
  return builder.finish(
    {
      id: `${committed.id}:case`,
      kind: 'case',
      merchant: committed.merchant,
      topupId: committed.id,
    },
    { kind: 'settled', topup },
  )
}
