import type { SessionView } from '@recargas/contracts'
import type { Session } from '../accounting/entities.ts'

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
  ...(session.countedNotes === undefined ? {} : { countedNotes: [...session.countedNotes] }),
  ...(session.differenceReason === undefined ? {} : { differenceReason: session.differenceReason }),
  ...(session.corrections === undefined ? {} : { corrections: [...session.corrections] }),
  openedAt: new Date(session.openedAt).toISOString(),
  openedDay: session.openedDay,
  closedAt: session.closedAt === null ? null : new Date(session.closedAt).toISOString(),
  closedDay: session.closedDay,
  updatedAt: new Date(session.updatedAt).toISOString(),
})
