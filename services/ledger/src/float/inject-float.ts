import type { InjectFloat, InjectionView } from '@recargas/contracts'
import { createEntryBuilder, frameOf, refuse, succeed } from '../accounting/entry-builder.ts'
import { accountId, type Injection } from '../accounting/entities.ts'
import { injectionGuardKey } from '../accounting/held-guards.ts'
import type { Slice } from '../accounting/operation.ts'
import { checkSession } from '../accounting/session-rules.ts'

/** Buys float with drawer cash. The operator's float is registered by its first injection. */
export const injectFloat: Slice<InjectFloat> = (view, request, { at, policy }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, operator, amount, sessionId } = request
  const frame = frameOf('inject', request)
  const check = checkSession(view, request)
  if (check.kind === 'refused') return builder.finish(frame, check)
  const { session } = check

  const guard = injectionGuardKey(merchant, sessionId, operator, amount)
  const recent = view.recent(guard).findLast((other) => at - other.at < policy.duplicateWindowMs)
  // A key already says which presses are one: only unkeyed repeats are suspect.
  if (!request.keyed && recent !== undefined) {
    return refuse(builder, frame, 'DUPLICATE_SUSPECTED', {
      operationId: recent.operationId,
      id: recent.number,
      state: 'committed',
    })
  }
  const drawer = builder.account(merchant, currency, 'drawer', String(session.cajaId))
  const available = drawer.posted - drawer.reserved
  if (available < amount) return refuse(builder, frame, 'INSUFFICIENT_DRAWER', { available })

  const numbered = () => builder.next(merchant, currency, 'operator')
  const float =
    view.account(accountId(merchant, 'float', operator)) ??
    builder.account(merchant, currency, 'float', operator, numbered())
  builder.post(drawer, { posted: -amount }, session.id)
  builder.post(float, { posted: amount })
  builder.putSession({ ...session, outgo: session.outgo + amount, updatedAt: at })
  const injection: Injection = {
    id: request.operationId,
    number: builder.next(merchant, currency, 'injection'),
    merchant,
    currency,
    sessionId,
    userId: request.actor.userId,
    operator,
    amount,
    at,
  }
  builder.putInjection(injection)
  builder.remember(
    guard,
    { operationId: injection.id, number: injection.number, at },
    policy.duplicateWindowMs,
  )
  return succeed(builder, frame, { kind: 'injection', injection: injectionView(injection) })
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
