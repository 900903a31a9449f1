import type { CajaView, ChangeCaja, CreateCaja, MoveDrawer } from '@recargas/contracts'
import { bookCajaCount, drawerCash } from './count-drawer.ts'
import { createEntryBuilder, frameOf, refuse, succeed } from '../accounting/entry-builder.ts'
import type { Account, Caja } from '../accounting/entities.ts'
import type { Slice } from '../accounting/operation.ts'
import { checkOwnSession } from '../accounting/session-rules.ts'

/** Puts cash into a drawer or takes it out, for a stated reason. */
export const moveDrawer: Slice<MoveDrawer> = (view, request, { at }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, sessionId, amount, direction } = request
  const frame = frameOf('move-drawer', request)
  const checked = checkOwnSession(view, request)
  if (checked.kind === 'refused') return builder.finish(frame, checked)
  const { session } = checked
  if (session.currency !== currency) return refuse(builder, frame, 'CURRENCY_MISMATCH')
  const drawer = builder.account(merchant, currency, 'drawer', String(session.cajaId))
  const available = drawer.posted - drawer.reserved
  if (direction === 'out' && available < amount) {
    return refuse(builder, frame, 'INSUFFICIENT_DRAWER', { available })
  }
  const signed = direction === 'in' ? amount : -amount
  builder.post(drawer, { posted: signed }, sessionId)
  builder.post(
    builder.account(merchant, currency, direction === 'in' ? 'other-income' : 'other-expense'),
    { posted: -signed },
  )
  builder.putSession({
    ...session,
    income: session.income + (direction === 'in' ? amount : 0),
    outgo: session.outgo + (direction === 'out' ? amount : 0),
    updatedAt: at,
  })
  return succeed(builder, frame, {
    kind: 'movement',
    movement: {
      id: builder.next(merchant, currency, 'movement'),
      operationId: request.operationId,
      currency,
      sessionId,
      userId: request.actor.userId,
      direction,
      amount,
      reason: request.reason,
      at: new Date(at).toISOString(),
    },
  })
}

/** Registers a caja; the cash it starts with comes from the owner's equity. */
export const createCaja: Slice<CreateCaja> = (view, request, { at }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, balance } = request
  const frame = frameOf('create-caja', request)
  const known = view.merchant(merchant)
  if (known !== undefined && known.currency !== currency) {
    return refuse(builder, frame, 'CURRENCY_MISMATCH')
  }
  const id = builder.next(merchant, currency, 'caja')
  const drawer = builder.post(builder.account(merchant, currency, 'drawer', String(id)), {
    posted: balance,
  })
  builder.post(builder.account(merchant, currency, 'equity/opening'), { posted: -balance })
  const caja: Caja = {
    merchant,
    id,
    name: request.name,
    specialty: request.specialty,
    active: true,
    openSession: null,
    lastSession: null,
    idleFrom: at,
    createdBy: request.actor.userId,
    updatedBy: null,
    createdAt: at,
    updatedAt: at,
  }
  builder.putCaja(caja)
  return succeed(builder, frame, { kind: 'caja', caja: cajaView(caja, drawer) })
}

/**
 * Renames, retires or corrects a caja. A declared balance is a count: it is booked as over or short, never just
 * written. A caja is retired once it holds nothing and nothing can come in any more.
 */
export const changeCaja: Slice<ChangeCaja> = (view, request, { at }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, cajaId } = request
  const frame = frameOf('change-caja', request)
  const caja = view.caja(merchant, cajaId)
  if (caja?.active !== true) return refuse(builder, frame, 'CAJA_NOT_FOUND', { cajaId })
  const isRetired = request.active === false
  if (isRetired && caja.openSession !== null) {
    return refuse(builder, frame, 'CAJA_HAS_OPEN_SESSION', { cajaId })
  }
  const cash = drawerCash(builder, merchant, currency, cajaId)
  if (cash.drawer.currency !== currency) return refuse(builder, frame, 'CURRENCY_MISMATCH')
  const { posted, incoming } = cash.drawer
  // A balance of this command does not count: the cash it takes out of the books would vanish with the caja.
  if (isRetired && (posted !== 0 || incoming !== 0 || (request.balance ?? 0) !== 0)) {
    const held = { balance: posted, pending: incoming }
    return refuse(builder, frame, 'CAJA_NOT_EMPTY', { cajaId, ...held })
  }
  const counted = isRetired ? 0 : request.balance
  const { drawer } = counted === undefined ? cash : bookCajaCount(builder, caja, cash, counted)
  const changed: Caja = {
    ...caja,
    name: request.name ?? caja.name,
    specialty: request.specialty ?? caja.specialty,
    active: request.active ?? caja.active,
    updatedBy: request.actor.userId,
    updatedAt: at,
  }
  builder.putCaja(changed)
  const sessionId = caja.openSession ?? caja.lastSession
  const about = sessionId === null ? frame : { ...frame, sessionId }
  return succeed(builder, about, { kind: 'caja', caja: cajaView(changed, drawer) })
}

export const cajaView = (caja: Caja, drawer: Account): CajaView => ({
  id: caja.id,
  currency: drawer.currency,
  name: caja.name,
  specialty: caja.specialty,
  active: caja.active,
  balance: drawer.posted,
  reserved: drawer.reserved as CajaView['reserved'],
  incoming: drawer.incoming as CajaView['incoming'],
  createdBy: caja.createdBy,
  updatedBy: caja.updatedBy,
  createdAt: new Date(caja.createdAt).toISOString(),
  updatedAt: new Date(Math.max(caja.updatedAt, drawer.updatedAt)).toISOString(),
})
