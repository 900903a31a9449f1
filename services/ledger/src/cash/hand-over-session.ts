import type { HandOverSession } from '@recargas/contracts'
import { createEntryBuilder, frameOf, refuse, succeed } from '../accounting/entry-builder.ts'
import type { Slice } from '../accounting/operation.ts'
import { checkClosing, endSession } from './close-session.ts'
import { startSession } from './open-session.ts'
import { sessionView } from './session-view.ts'

/** Closes a shift and opens the next cashier's at the same caja with the same count: either both take place or neither. */
export const handOverSession: Slice<HandOverSession> = (view, request, { at, day }) => {
  const builder = createEntryBuilder(view, at)
  const userId = request.nextUserId
  const { merchant, currency, counted, actor } = request
  const frame = frameOf('hand-over-session', request)
  const checked = checkClosing(builder, request)
  if (checked.kind === 'refused') return builder.finish(frame, checked)
  if (view.openSessionOf(merchant, userId) !== undefined) {
    return refuse(builder, frame, 'USER_HAS_OPEN_SESSION', { userId })
  }
  const closed = endSession(builder, checked.session, request, day)
  const caja = builder.view.caja(merchant, closed.cajaId)
  if (caja?.active !== true) {
    return refuse(createEntryBuilder(view, at), frame, 'CAJA_NOT_FOUND', { cajaId: closed.cajaId })
  }
  const opened = startSession(builder, caja, { currency, userId, actor, declared: counted }, day)
  const sessions = { closed: sessionView(closed), opened: sessionView(opened) }
  return succeed(builder, frame, { kind: 'sessions', ...sessions })
}
