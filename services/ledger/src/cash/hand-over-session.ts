import type { HandOverSession } from '@recargas/contracts'
import { createEntryBuilder, refuse, type EntryFrame } from '../accounting/entry-builder.ts'
import type { Slice } from '../accounting/operation.ts'
import { checkClosing, endSession } from './close-session.ts'
import { startSession } from './open-session.ts'
import { sessionView } from './session-view.ts'

/** Closes a shift and opens the next cashier's at the same caja with the same count: either both take place or neither. */
export const handOverSession: Slice<HandOverSession> = (view, request, { at, day }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, sessionId, counted, actor, nextUserId: userId } = request
  const frame: EntryFrame = {
    id: request.operationId,
    kind: 'hand-over-session',
    merchant,
    sessionId,
  }
  const checked = checkClosing(builder, request)
  if (checked.kind === 'refused') return refuse(builder, frame, checked.code, checked.details)
  if (view.openSessionOf(merchant, userId) !== undefined) {
    return refuse(builder, frame, 'USER_HAS_OPEN_SESSION', { userId })
  }
  const closed = endSession(builder, checked.session, request, day)
  const caja = builder.view.caja(merchant, closed.cajaId)
  if (caja?.active !== true) {
    return refuse(createEntryBuilder(view, at), frame, 'CAJA_NOT_FOUND', { cajaId: closed.cajaId })
  }
  const opened = startSession(builder, caja, { currency, userId, actor, declared: counted }, day)
  return builder.finish(frame, {
    kind: 'applied',
    result: {
      kind: 'sessions',
      closed: sessionView(closed),
      opened: sessionView(opened),
    },
  })
}
