import { z } from 'zod'
import { formatDecimal, toDecimalNumber, type Money } from '@recargas/contracts'
import { amountField, IdField, UserField } from '../api/fields.ts'
import { anyShop, fieldProblem, perCurrency, parseBody } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { amountProblems } from '../api/problems-of.ts'
import { everyRole, tillRoles, type Principal, type Route } from '../api/route.ts'
import { isUserId, requireOwnUser } from '../api/users.ts'
import { DecimalText } from '../api/wire.ts'
import { missingField, type WrongField } from '../api/wrong-fields.ts'
import { commandRoute } from '../commands/command-route.ts'
import { requireOwnSession, requireSessionId, SessionParams } from './own-session.ts'
import type { CashDeps } from './ports.ts'
import { remarksOf } from './remarks.ts'
import {
  ClosedSessionAnswer,
  closedSessionBody,
  OpenedSessionAnswer,
  openedSessionBody,
  SessionAnswer,
  sessionRow,
} from './session-body.ts'

// Both bodies may have further fields, such as a count by banknote: existing clients send them, and they are stored as remarks.
const openBody = perCurrency(({ currency }) =>
  z.looseObject({
    id_caja: IdField,
    monto_inicial: amountField({ currency, least: 'zero' }).optional(),
    conteo_inicial: amountField({ currency, least: 'zero' }).optional(),
    id_usuario: UserField,
    id_user_create: UserField.nullish(),
  }),
)

const closeBody = perCurrency(({ currency }) =>
  z.looseObject({
    monto_final_real: amountField({ currency, least: 'zero' }).optional(),
    monto_real_fisico: amountField({ currency, least: 'zero' }).optional(),
    aceptar_pendientes: z.boolean().optional(),
    id_user_update: UserField.nullish(),
  }),
)

const countsDiffer: WrongField = {
  field: 'monto_real_fisico',
  sentence: 'El monto contado se envió dos veces, con valores distintos.',
  detail: 'monto_final_real y monto_real_fisico no coinciden',
}

const openingCountsDiffer: WrongField = {
  field: 'conteo_inicial',
  sentence: 'El conteo de apertura se envió dos veces, con valores distintos.',
  detail: 'monto_inicial y conteo_inicial no coinciden',
}

/** Shifts at a caja: opened, looked at and closed by their own cashier or an Administrador. */
export const sessionRoutes = (deps: CashDeps): readonly Route[] => [
  openRoute(deps),
  activeRoute(deps),
  balanceRoute(deps),
  closeRoute(deps),
]

const openRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'OpenSession',
    method: 'post',
    path: '/cajas/abrir',
    roles: tillRoles,
    contract: {
      summary: 'Open a session at a caja',
      description:
        'An Operador opens for himself; an Administrador may open for others. `conteo_inicial` is the cash counted in the ' +
        'drawer, with that of pending sales; a count that differs is booked as over or short of the opening, or refused ' +
        'where the catalogue says `conteo_apertura: rechazar` and no Administrador counts. `monto_inicial` is the same ' +
        'count; 0 of an Operador, or nothing, means that it was not counted. Other fields, such as a count by banknote, ' +
        'are kept as remarks.',
      body: openBody(anyShop),
      replies: [{ status: 201, says: 'open', body: OpenedSessionAnswer }],
      problems: [...amountProblems, 'USER_MISMATCH'],
    },
    read: ({ body, principal }, { currency }) => {
      const { id_caja, monto_inicial, conteo_inicial, id_usuario, id_user_create, ...more } =
        parseBody(openBody({ currency }), body)
      requireOwnUser(principal, { id_usuario, id_user_create: id_user_create ?? undefined })
      const sent = (amount: Money | undefined) =>
        amount === undefined ? null : toDecimalNumber(amount, currency)
      const counted = openingCount(principal, { monto_inicial, conteo_inicial })
      const remarks = remarksOf(more)
      const asked = { cajaId: id_caja, userId: id_usuario }
      return {
        payload: {
          ...asked,
          declared: sent(monto_inicial),
          counted: sent(conteo_inicial),
          remarks,
        },
        data: {
          ...asked,
          ...(counted === undefined ? {} : { declared: counted }),
          ...(remarks === null ? {} : { remarks }),
        },
      }
    },
    reply: ({ session }) => ({ status: 201, body: openedSessionBody(session) }),
  })

type CountFields = {
  readonly monto_inicial: Money | undefined
  readonly conteo_inicial: Money | undefined
}

/** Tills send a `monto_inicial` of 0 without a count; only an Administrador's 0 declares an empty drawer. */
const openingCount = (
  { role }: Principal,
  { monto_inicial, conteo_inicial }: CountFields,
): Money | undefined => {
  const declared = monto_inicial === 0 && role !== 'Administrador' ? undefined : monto_inicial
  if (declared !== undefined && conteo_inicial !== undefined && declared !== conteo_inicial) {
    throw fieldProblem('FIELD_INVALID', [openingCountsDiffer])
  }
  return conteo_inicial ?? declared
}

const activeRoute = ({ reads }: CashDeps): Route => ({
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
const balanceRoute = ({ reads }: CashDeps): Route => ({
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

const closeRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'CloseSession',
    method: 'patch',
    path: '/cajas/sesion/:id/cerrar',
    roles: tillRoles,
    contract: {
      summary: 'Close a session with what was counted',
      description:
        'One of monto_final_real and monto_real_fisico is needed: all the cash in the drawer, with that of pending sales ' +
        'of this session and of earlier ones. With sales of its own pending it needs `aceptar_pendientes: true`; ' +
        'those of earlier sessions never hold it up. Other fields, such as a count by banknote, are kept as remarks.',
      params: SessionParams,
      body: closeBody(anyShop),
      replies: [{ status: 200, says: 'closed', body: ClosedSessionAnswer }],
      problems: [...amountProblems, 'USER_MISMATCH'],
    },
    read: ({ body, params, principal }, { currency }) => {
      const sessionId = requireSessionId(params['id'])
      const { monto_final_real, monto_real_fisico, aceptar_pendientes, id_user_update, ...more } =
        parseBody(closeBody({ currency }), body)
      requireOwnUser(principal, { id_user_update: id_user_update ?? undefined })
      const counted = monto_final_real ?? monto_real_fisico
      if (counted === undefined) {
        throw fieldProblem('FIELD_MISSING', [missingField('monto_final_real')])
      }
      if (monto_real_fisico !== undefined && monto_real_fisico !== counted) {
        throw fieldProblem('FIELD_INVALID', [countsDiffer])
      }
      const remarks = remarksOf(more)
      const asked = { sessionId, acceptPending: aceptar_pendientes ?? false }
      return {
        payload: { ...asked, counted: toDecimalNumber(counted, currency), remarks },
        data: { ...asked, counted, ...(remarks === null ? {} : { remarks }) },
      }
    },
    reply: ({ session }) => ({ status: 200, body: closedSessionBody(session) }),
  })
