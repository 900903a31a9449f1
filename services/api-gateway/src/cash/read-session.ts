import { z } from 'zod'
import { formatDecimal } from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import { everyRole, type Route } from '../api/route.ts'
import { isUserId, requireOwnUser } from '../api/users.ts'
import { DecimalText } from '../api/wire.ts'
import { requireOwnSession, requireSessionId, SessionParams } from './own-session.ts'
import type { CashDeps } from './ports.ts'
import { SessionAnswer, sessionRow } from './session-body.ts'

/** GET /cajas/sesion-activa/:id_usuario */
export const activeSessionRoute = ({ reads }: CashDeps): Route => ({
  method: 'get',
  path: '/cajas/sesion-activa/:id_usuario',
  roles: everyRole,
  contract: {
    summary: 'The open session of a user',
    description: 'One’s own; an Administrador sees everybody’s.',
    params: z.strictObject({ id_usuario: z.string().min(1).max(64) }),
    replies: [{ status: 200, says: 'the session', body: SessionAnswer }],
    problems: ['USER_MISMATCH', 'NO_ACTIVE_SESSION', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal, params }) => {
    const userId = params['id_usuario'] ?? ''
    requireOwnUser(principal, { id_usuario: userId })
    const session = isUserId(userId) ? await reads.activeSession(principal.merchant, userId) : null
    if (session === null) throw new Problem('NO_ACTIVE_SESSION', { userId: userId.slice(0, 64) })
    return { status: 200, body: sessionRow(session) }
  },
})

/** A bare scalar, as in the reference: the cash in the session's drawer. */
export const sessionBalanceRoute = ({ reads }: CashDeps): Route => ({
  method: 'get',
  path: '/cajas/sesion/:id/balance',
  roles: everyRole,
  contract: {
    summary: 'Cash in the session’s drawer, as a bare amount',
    description: 'One’s own session; an Administrador sees everybody’s.',
    params: SessionParams,
    replies: [{ status: 200, says: 'the amount', type: 'text/html', body: DecimalText }],
    problems: ['SESSION_NOT_FOUND', 'SESSION_OF_ANOTHER', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal, params }) => {
    const sessionId = requireSessionId(params['id'])
    const session = await reads.session(principal.merchant, sessionId)
    if (session === null) throw new Problem('SESSION_NOT_FOUND', { sessionId })
    requireOwnSession(principal, session)
    const found = await reads.caja(principal.merchant, session.cajaId)
    if (found === null) throw new Problem('SESSION_NOT_FOUND', { sessionId })
    return { status: 200, body: formatDecimal(found.caja.balance, found.caja.currency) }
  },
})
