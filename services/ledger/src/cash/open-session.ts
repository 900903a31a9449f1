import { invariant, type OpenSession, type ShopDay } from '@recargas/contracts'
import { bookCount, countDifference, drawerCash, type DrawerCash } from './count-drawer.ts'
import {
  createEntryBuilder,
  frameOf,
  refuse,
  succeed,
  type EntryBuilder,
} from '../accounting/entry-builder.ts'
import type { Caja, Session } from '../accounting/entities.ts'
import type { Slice } from '../accounting/operation.ts'
import { sessionView } from './session-view.ts'

/** Opens a shift at a caja with the drawer's cash. A count that differs is booked as over or short, or refused. */
export const openSession: Slice<OpenSession> = (view, request, { at, day }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, cajaId, userId } = request
  const frame = frameOf('open-session', request)
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
  const session = startSession(builder, caja, request, day)
  const about = { ...frame, sessionId: session.id }
  return succeed(builder, about, { kind: 'session', session: sessionView(session) })
}

type Opening = Pick<OpenSession, 'currency' | 'userId' | 'actor' | 'declared' | 'remarks'>

/** Books the opening count and puts the new session at its caja, which has none open. */
export const startSession = (
  builder: EntryBuilder,
  caja: Caja,
  { currency, userId, actor, declared, remarks }: Opening,
  day: ShopDay | null,
): Session => {
  invariant(day !== null, 'a session without a day of its shop')
  const { at } = builder
  const { merchant, id: cajaId } = caja
  const cash = drawerCash(builder, merchant, currency, cajaId)
  const id = builder.next(merchant, currency, 'session')
  const booked = declared === undefined ? null : bookCount(builder, cash, declared, id)
  const { drawer, shortage } = booked ?? cash
  const session: Session = {
    merchant,
    id,
    currency,
    cajaId,
    userId,
    createdBy: actor.userId,
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
    remarks: remarks ?? null,
    openedAt: at,
    openedDay: day,
    closedAt: null,
    closedDay: null,
    updatedAt: at,
  }
  builder.putSession(session)
  builder.putCaja({ ...caja, openSession: id, updatedAt: at })
  return session
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
