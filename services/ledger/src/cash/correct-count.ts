import type { CorrectCount, CountCorrection, RefusalDetails, RefusalOf } from '@recargas/contracts'
import type { Caja, Session } from '../accounting/entities.ts'
import { createEntryBuilder, frameOf, succeed } from '../accounting/entry-builder.ts'
import type { LedgerView } from '../accounting/ledger-view.ts'
import { refused, type Refused, type Slice } from '../accounting/operation.ts'
import { bookCajaCount, drawerCash } from './count-drawer.ts'
import { sessionView } from './session-view.ts'

const correctableMs = 24 * 3_600_000
const correctionsMax = 20

/**
 * Corrects the count of a closing. The closed session keeps its figures and lists the correction. The drawer changes now: in
 * the caja's open session, or between two sessions as part of the next opening.
 */
export const correctCount: Slice<CorrectCount> = (view, request, { at }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, currency, operationId, reason } = request
  const frame = frameOf('correct-count', request)
  const checked = check(view, request, at)
  if (checked.kind === 'refused') return builder.finish(frame, checked)
  const { session, caja, counted } = checked
  const cash = drawerCash(builder, merchant, currency, caja.id)
  const inDrawer = cash.settled + cash.pending
  const { difference } = bookCajaCount(builder, caja, cash, inDrawer + request.counted - counted)
  const correction: CountCorrection = {
    operationId,
    counted,
    corrected: request.counted,
    difference,
    reason,
    by: request.actor.userId,
    at: new Date(at).toISOString(),
  }
  const corrected = { ...session, corrections: [...(session.corrections ?? []), correction] }
  builder.putSession(corrected)
  return succeed(builder, frame, { kind: 'session', session: sessionView(corrected) })
}

type Check =
  | {
      readonly kind: 'ok'
      readonly session: Session
      readonly caja: Caja
      /** The count that stands: of the closing, or of its last correction. */
      readonly counted: CountCorrection['counted']
    }
  | Refused<RefusalOf<'CorrectCount'>>

const check = (
  view: LedgerView,
  { merchant, sessionId, currency, counted }: CorrectCount,
  at: number,
): Check => {
  const refusal = (code: RefusalOf<'CorrectCount'>, details: RefusalDetails = {}): Check =>
    refused(code, { sessionId, ...details })
  const session = view.session(merchant, sessionId)
  if (session === undefined) return refusal('SESSION_NOT_FOUND')
  if (session.closedAt === null) return refusal('SESSION_NOT_CLOSED')
  const { cajaId, corrections = [] } = session
  const caja = view.caja(merchant, cajaId)
  if (caja?.active !== true) return refusal('CAJA_NOT_FOUND', { cajaId })
  if (session.currency !== currency) return refusal('CURRENCY_MISMATCH')
  if (caja.lastSession !== sessionId) return refusal('CAJA_CLOSED_SINCE', { cajaId })
  if (at - session.closedAt > correctableMs) return refusal('COUNT_TOO_OLD')
  if (isCountedSince(view, caja, session)) return refusal('CAJA_COUNTED_SINCE', { cajaId })
  if (corrections.length >= correctionsMax) return refusal('COUNT_CORRECTED_TOO_OFTEN')
  const standing = countOf(session, at)
  if (counted === standing) return refusal('COUNT_UNCHANGED', { counted })
  return { kind: 'ok', session, caja, counted: standing }
}

/** The count of a closed session as it stood at an instant. */
const countOf = ({ counted, corrections = [] }: Session, at: number): CountCorrection['counted'] =>
  corrections.findLast((correction) => Date.parse(correction.at) <= at)?.corrected ??
  (counted as CountCorrection['counted'])

/**
 * Tells that the drawer was counted after the closing, by an opening count or a declared balance. That count has booked the
 * mistake; a correction would book it a second time. A caja that was changed counts as counted.
 */
const isCountedSince = (view: LedgerView, caja: Caja, session: Session): boolean => {
  const next = caja.openSession === null ? undefined : view.session(caja.merchant, caja.openSession)
  if (next === undefined) return caja.updatedAt > (session.closedAt ?? 0)
  if (next.openingCounted !== null || caja.updatedAt > next.openedAt) return true
  // Between two sessions only sales that were pending at the closing bring cash into the drawer.
  const pending = session.pending + session.pendingEarlier
  const settled = countOf(session, next.openedAt) - pending
  const broughtIn = next.opening - Math.max(settled, 0)
  return broughtIn < 0 || broughtIn > pending
}
