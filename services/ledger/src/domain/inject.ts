import type { InjectFloat, InjectionView } from '@recargas/contracts'
import { createDraft, refuse, type EntryFrame } from './draft.ts'
import { accountId, injectionGuardKey, type Injection } from './entities.ts'
import type { LedgerView } from './ledger-view.ts'
import type { Applied, Circumstances } from './operation.ts'
import { checkSession } from './session-rules.ts'

/** Buys float with drawer cash. The operator's float is registered by its first injection. */
export const inject = (
  view: LedgerView,
  request: InjectFloat,
  { at, policy }: Circumstances,
): Applied => {
  const draft = createDraft(view, at)
  const { merchant, currency, operator, amount, sessionId } = request
  const frame: EntryFrame = { id: request.operationId, kind: 'inject', merchant, sessionId }
  const check = checkSession(view, request)
  if (check.kind === 'refused') return refuse(draft, frame, check.code, check.details)
  const { session } = check

  const guard = injectionGuardKey(merchant, sessionId, operator, amount)
  const recent = view.recent(guard).findLast((other) => at - other.at < policy.duplicateWindowMs)
  // A key already says which presses are one: only unkeyed repeats are suspect.
  if (!request.keyed && recent !== undefined) {
    return refuse(draft, frame, 'DUPLICATE_SUSPECTED', {
      operationId: recent.operationId,
      id: recent.number,
      state: 'committed',
    })
  }
  const drawer = draft.account(merchant, currency, 'drawer', String(session.cajaId))
  const available = drawer.posted - drawer.reserved
  if (available < amount) return refuse(draft, frame, 'INSUFFICIENT_DRAWER', { available })

  const known = view.account(accountId(merchant, 'float', operator))
  const float =
    known ??
    draft.account(merchant, currency, 'float', operator, draft.next(merchant, currency, 'operator'))
  draft.post(drawer, { posted: -amount }, session.id)
  draft.post(float, { posted: amount })
  draft.putSession({ ...session, outgo: session.outgo + amount, updatedAt: at })
  const injection: Injection = {
    id: request.operationId,
    number: draft.next(merchant, currency, 'injection'),
    merchant,
    currency,
    sessionId,
    userId: request.actor.userId,
    operator,
    amount,
    at,
  }
  draft.putInjection(injection)
  draft.remember(
    guard,
    { operationId: injection.id, number: injection.number, at },
    policy.duplicateWindowMs,
  )
  return draft.finish(frame, {
    kind: 'applied',
    result: { kind: 'injection', injection: injectionView(injection) },
  })
}

export const injectionView = (injection: Injection): InjectionView => ({
  id: injection.number,
  operationId: injection.id,
  currency: injection.currency,
  sessionId: injection.sessionId,
  userId: injection.userId,
  operator: injection.operator,
  amount: injection.amount,
  at: new Date(injection.at).toISOString(),
})
