import type { CloseSession, RefusalOf, ShopDay } from '@recargas/contracts'
import { bookCount, countDifference, drawerCash, type DrawerCash } from './count-drawer.ts'
import {
  createEntryBuilder,
  frameOf,
  succeed,
  type EntryBuilder,
} from '../accounting/entry-builder.ts'
import type { Session } from '../accounting/entities.ts'
import { refused, type Slice } from '../accounting/operation.ts'
import { checkOwnSession, type SessionCheck } from '../accounting/session-rules.ts'
import { expectedOf, sessionView } from './session-view.ts'

/**
 * Closes a shift. Over or short is the count less the settled cash and all the cash still pending in the drawer, of
 * whichever session; it is booked at once. Only the session's own pending sales need the cashier's consent.
 */
export const closeSession: Slice<CloseSession> = (view, request, { at, day }) => {
  const builder = createEntryBuilder(view, at)
  const frame = frameOf('close-session', request)
  const checked = checkClosing(builder, request)
  if (checked.kind === 'refused') return builder.finish(frame, checked)
  const closed = endSession(builder, checked.session, request, day)
  return succeed(builder, frame, { kind: 'session', session: sessionView(closed) })
}

/** A hand-over carries everything that a closing does, and is checked alike. */
export const checkClosing = (builder: EntryBuilder, request: CloseSession): SessionCheck => {
  const { merchant, currency, sessionId } = request
  const refusal = refused<RefusalOf<'CloseSession'>>
  const checked = checkOwnSession(builder.view, request)
  if (checked.kind === 'refused') return checked
  const { session } = checked
  if (session.pending > 0 && !request.acceptPending) {
    return refusal('SESSION_HAS_PENDING', { sessionId, pending: session.pending })
  }
  if (session.currency !== currency) return refusal('CURRENCY_MISMATCH')
  const cash = drawerCash(builder, merchant, currency, session.cajaId)
  return lacksReason(cash, request) ? refusal('COUNT_NEEDS_REASON', { sessionId }) : checked
}

/** Books the closing count, freezes the session's figures and frees its caja. */
export const endSession = (
  builder: EntryBuilder,
  session: Session,
  request: CloseSession,
  day: ShopDay | null,
): Session => {
  const { at } = builder
  const { merchant, currency, counted, countedNotes, differenceReason } = request
  const cash = drawerCash(builder, merchant, currency, session.cajaId)
  const { difference } = bookCount(builder, cash, counted, session.id)
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
    ...(countedNotes === undefined ? {} : { countedNotes }),
    ...(differenceReason === undefined ? {} : { differenceReason }),
  }
  builder.putSession(closed)
  const caja = builder.view.caja(merchant, session.cajaId)
  if (caja !== undefined) {
    builder.putCaja({
      ...caja,
      openSession: null,
      lastSession: session.id,
      idleFrom: at,
      updatedAt: at,
    })
  }
  return closed
}

/** The refusal names no amount: a shop that counts blind does not tell the cashier how far the count is off. */
const lacksReason = (cash: DrawerCash, { counted, differenceReason, shop }: CloseSession) =>
  shop.reasonFrom !== undefined &&
  differenceReason === undefined &&
  Math.abs(countDifference(cash, counted)) >= shop.reasonFrom
