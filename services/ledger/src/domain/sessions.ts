import type { CloseSession, OpenSession, SessionView } from '@recargas/contracts'
import { createDraft, refuse, type EntryFrame } from './draft.ts'
import type { Session } from './entities.ts'
import type { LedgerView } from './ledger-view.ts'
import type { Applied, Circumstances } from './operation.ts'
import { mayUse } from './session-rules.ts'

/** Opens a shift at a caja. It starts with what the drawer holds, or with what an Administrador declares. */
export const openSession = (
  view: LedgerView,
  request: OpenSession,
  { at }: Circumstances,
): Applied => {
  const draft = createDraft(view, at)
  const { merchant, currency, cajaId, userId } = request
  const frame: EntryFrame = { id: request.operationId, kind: 'open-session', merchant }
  const caja = view.caja(merchant, cajaId)
  if (caja?.active !== true) return refuse(draft, frame, 'CAJA_NOT_FOUND', { cajaId })
  if (view.openSessionOf(merchant, userId) !== undefined) {
    return refuse(draft, frame, 'USER_HAS_OPEN_SESSION', { userId })
  }
  if (caja.openSession !== null) return refuse(draft, frame, 'CAJA_HAS_OPEN_SESSION', { cajaId })
  const drawer = draft.account(merchant, currency, 'drawer', String(cajaId))
  if (drawer.currency !== currency) return refuse(draft, frame, 'CURRENCY_MISMATCH')

  const id = draft.next(merchant, currency, 'session')
  const declared = request.actor.role === 'Administrador' ? request.declared : undefined
  const opening = declared ?? drawer.posted
  if (opening !== drawer.posted) {
    const found = opening - drawer.posted
    draft.post(drawer, { posted: found }, id)
    draft.post(draft.account(merchant, currency, 'over-short'), { posted: -found })
  }
  const session: Session = {
    merchant,
    id,
    currency,
    cajaId,
    userId,
    createdBy: request.actor.userId,
    updatedBy: null,
    state: 'open',
    opening,
    income: 0,
    outgo: 0,
    pending: 0,
    expected: null,
    counted: null,
    difference: null,
    remarks: request.remarks ?? null,
    openedAt: at,
    closedAt: null,
    updatedAt: at,
  }
  draft.putSession(session)
  draft.putCaja({ ...caja, openSession: id, updatedAt: at })
  return draft.finish(
    { ...frame, sessionId: id },
    { kind: 'applied', result: { kind: 'session', session: sessionView(session) } },
  )
}

/**
 * Closes a shift. Over or short is what was counted less what settled sales say and what pending sales took in; it is
 * booked at once, so the drawer holds what was counted less the pending cash (never less than nothing).
 */
export const closeSession = (
  view: LedgerView,
  request: CloseSession,
  { at }: Circumstances,
): Applied => {
  const draft = createDraft(view, at)
  const { merchant, currency, sessionId, counted } = request
  const frame: EntryFrame = { id: request.operationId, kind: 'close-session', merchant, sessionId }
  const session = view.session(merchant, sessionId)
  if (session === undefined) return refuse(draft, frame, 'SESSION_NOT_FOUND', { sessionId })
  if (!mayUse(session, request.actor)) {
    return refuse(draft, frame, 'SESSION_OF_ANOTHER', { sessionId })
  }
  if (session.state === 'closed') {
    return refuse(draft, frame, 'SESSION_ALREADY_CLOSED', { sessionId })
  }
  if (session.pending > 0 && !request.acceptPending) {
    return refuse(draft, frame, 'SESSION_HAS_PENDING', { sessionId, pending: session.pending })
  }
  const expected = session.opening + session.income - session.outgo
  const difference = counted - (expected + session.pending)
  const drawer = draft.account(merchant, currency, 'drawer', String(session.cajaId))
  const found = Math.max(difference, drawer.reserved - drawer.posted)
  if (found !== 0) {
    draft.post(drawer, { posted: found }, sessionId)
    draft.post(draft.account(merchant, currency, 'over-short'), { posted: -found })
  }
  const closed: Session = {
    ...session,
    updatedBy: request.actor.userId,
    state: 'closed',
    expected,
    counted,
    difference,
    remarks: request.remarks ?? session.remarks,
    closedAt: at,
    updatedAt: at,
  }
  draft.putSession(closed)
  const caja = view.caja(merchant, session.cajaId)
  if (caja !== undefined) draft.putCaja({ ...caja, openSession: null, updatedAt: at })
  return draft.finish(frame, {
    kind: 'applied',
    result: { kind: 'session', session: sessionView(closed) },
  })
}

export const sessionView = (session: Session): SessionView => ({
  id: session.id,
  cajaId: session.cajaId,
  currency: session.currency,
  userId: session.userId,
  createdBy: session.createdBy,
  updatedBy: session.updatedBy,
  state: session.state,
  opening: session.opening as SessionView['opening'],
  income: session.income as SessionView['income'],
  outgo: session.outgo as SessionView['outgo'],
  pending: session.pending as SessionView['pending'],
  expected: session.expected,
  counted: session.counted as SessionView['counted'],
  difference: session.difference,
  openedAt: new Date(session.openedAt).toISOString(),
  closedAt: session.closedAt === null ? null : new Date(session.closedAt).toISOString(),
  updatedAt: new Date(session.updatedAt).toISOString(),
})
