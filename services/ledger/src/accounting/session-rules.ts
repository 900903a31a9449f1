import type { Actor, Currency, MerchantId, RefusalCode } from '@recargas/contracts'
import type { Session } from './entities.ts'
import type { LedgerView } from './ledger-view.ts'
import { refused, type Refused } from './operation.ts'

type InSession = {
  readonly merchant: MerchantId
  readonly currency: Currency
  readonly sessionId: number
  readonly actor: Actor
}
export type SessionCheck = { readonly kind: 'ok'; readonly session: Session } | Refused

/** True for the actor's own session, and for an administrator in every session. */
export const mayUse = (session: Session, actor: Actor): boolean =>
  actor.role === 'Administrador' || session.userId === actor.userId

type OwnSession = Omit<InSession, 'currency'>

/** Checks the session that its owner closes or moves cash of: unlike {@link checkSession} it gives the reason. */
export const checkOwnSession = (view: LedgerView, request: OwnSession): SessionCheck => {
  const session = view.session(request.merchant, request.sessionId)
  if (session === undefined) return refusedOf(request, 'SESSION_NOT_FOUND')
  if (!mayUse(session, request.actor)) return refusedOf(request, 'SESSION_OF_ANOTHER')
  if (session.state === 'closed') return refusedOf(request, 'SESSION_ALREADY_CLOSED')
  return { kind: 'ok', session }
}

const refusedOf = ({ sessionId }: OwnSession, code: RefusalCode): Refused =>
  refused(code, { sessionId })

/** The open session a sale or an injection names; another merchant's looks like one that does not exist. */
export const checkSession = (view: LedgerView, request: InSession): SessionCheck => {
  const session = view.session(request.merchant, request.sessionId)
  if (session === undefined) return refusedOf(request, 'SESSION_NOT_OPEN')
  if (!mayUse(session, request.actor)) return refusedOf(request, 'SESSION_OF_ANOTHER')
  if (session.state !== 'open') return refusedOf(request, 'SESSION_NOT_OPEN')
  if (session.currency !== request.currency) return refusedOf(request, 'CURRENCY_MISMATCH')
  return { kind: 'ok', session }
}
