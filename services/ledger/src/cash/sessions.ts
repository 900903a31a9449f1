import {
  invariant,
  type CloseSession,
  type OpenSession,
  type SessionView,
} from '@recargas/contracts'
import { bookCount, countDifference, drawerCash, type DrawerCash } from './count-drawer.ts'
import { createEntryBuilder, refuse, type EntryFrame } from '../accounting/entry-builder.ts'
import type { Session } from '../accounting/entities.ts'
import type { Slice } from '../accounting/operation.ts'
import { checkOwnSession } from '../accounting/session-rules.ts'

/** Opens a shift at a caja with the drawer's cash. A count that differs is booked as over or short, or refused. */
export const openSession: Slice<OpenSession> = (view, request, { at, day }) => {
  invariant(day !== null, 'a session without a day of its shop')
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, cajaId, userId } = request
  const frame: EntryFrame = { id: request.operationId, kind: 'open-session', merchant }
  const caja = view.caja(merchant, cajaId)
  if (caja?.active !== true) return refuse(builder, frame, 'CAJA_NOT_FOUND', { cajaId })
  if (view.openSessionOf(merchant, userId) !== undefined) {
    return refuse(builder, frame, 'USER_HAS_OPEN_SESSION', { userId })
  }
  if (caja.openSession !== null) return refuse(builder, frame, 'CAJA_HAS_OPEN_SESSION', { cajaId })
  const cash = drawerCash(builder, merchant, currency, cajaId)
  if (cash.drawer.currency !== currency) return refuse(builder, frame, 'CURRENCY_MISMATCH')
  const { declared } = request
  if (declared !== undefined && isRefusedCount(cash, declared, request)) {
    const inDrawer = cash.settled + cash.pending
    return refuse(builder, frame, 'OPENING_COUNT_DIFFERS', { counted: declared, inDrawer })
  }
  const id = builder.next(merchant, currency, 'session')
  const booked = declared === undefined ? null : bookCount(builder, cash, declared, id)
  const { drawer, shortage } = booked ?? cash
  const session: Session = {
    merchant,
    id,
    currency,
    cajaId,
    userId,
    createdBy: request.actor.userId,
    updatedBy: null,
    state: 'open',
    previous: caja.lastSession,
    idleFrom: caja.idleFrom,
    opening: drawer.posted,
    openingCounted: declared ?? null,
    openingDifference: booked?.difference ?? null,
    income: 0,
    outgo: 0,
    pending: 0,
    pendingEarlier: cash.pending,
    shortage: 0 - shortage.posted,
    expected: null,
    counted: null,
    difference: null,
    remarks: request.remarks ?? null,
    openedAt: at,
    openedDay: day,
    closedAt: null,
    closedDay: null,
    updatedAt: at,
  }
  builder.putSession(session)
  builder.putCaja({ ...caja, openSession: id, updatedAt: at })
  return builder.finish(
    { ...frame, sessionId: id },
    { kind: 'applied', result: { kind: 'session', session: sessionView(session) } },
  )
}

/** An Administrador's count always stands: in a shop that refuses differences it is how they get booked. */
const isRefusedCount = (
  cash: DrawerCash,
  counted: number,
  { actor, shop }: Pick<OpenSession, 'actor' | 'shop'>,
): boolean =>
  shop.openingCount === 'refuse' &&
  actor.role !== 'Administrador' &&
  countDifference(cash, counted) !== 0

/**
 * Closes a shift. Over or short is the count less the settled cash and all the cash still pending in the drawer, of
 * whichever session; it is booked at once. Only the session's own pending sales need the cashier's consent.
 */
export const closeSession: Slice<CloseSession> = (view, request, { at, day }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, sessionId, counted } = request
  const frame: EntryFrame = { id: request.operationId, kind: 'close-session', merchant, sessionId }
  const checked = checkOwnSession(view, request)
  if (checked.kind === 'refused') return refuse(builder, frame, checked.code, checked.details)
  const { session } = checked
  if (session.pending > 0 && !request.acceptPending) {
    return refuse(builder, frame, 'SESSION_HAS_PENDING', { sessionId, pending: session.pending })
  }
  if (session.currency !== currency) return refuse(builder, frame, 'CURRENCY_MISMATCH')
  const cash = drawerCash(builder, merchant, currency, session.cajaId)
  const { difference } = bookCount(builder, cash, counted, sessionId)
  const closed: Session = {
    ...session,
    updatedBy: request.actor.userId,
    state: 'closed',
    expected: expectedOf(session),
    counted,
    difference,
    remarks: request.remarks ?? session.remarks,
    closedAt: at,
    closedDay: day,
    updatedAt: at,
  }
  builder.putSession(closed)
  const caja = view.caja(merchant, session.cajaId)
  if (caja !== undefined) {
    builder.putCaja({
      ...caja,
      openSession: null,
      lastSession: sessionId,
      idleFrom: at,
      updatedAt: at,
    })
  }
  return builder.finish(frame, {
    kind: 'applied',
    result: { kind: 'session', session: sessionView(closed) },
  })
}

/** Settled cash that a session's drawer should hold: so far, or at its closing. */
export const expectedOf = ({ opening, income, outgo, shortage }: Session): number =>
  opening + income - outgo - shortage

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
  pendingEarlier: session.pendingEarlier as SessionView['pendingEarlier'],
  shortage: session.shortage as SessionView['shortage'],
  openingCounted: session.openingCounted as SessionView['openingCounted'],
  openingDifference: session.openingDifference,
  expected: session.expected,
  counted: session.counted as SessionView['counted'],
  difference: session.difference,
  ...(session.corrections === undefined ? {} : { corrections: [...session.corrections] }),
  openedAt: new Date(session.openedAt).toISOString(),
  openedDay: session.openedDay,
  closedAt: session.closedAt === null ? null : new Date(session.closedAt).toISOString(),
  closedDay: session.closedDay,
  updatedAt: new Date(session.updatedAt).toISOString(),
})
