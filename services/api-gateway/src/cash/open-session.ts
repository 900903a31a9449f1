import { z } from 'zod'
import { toDecimalNumber, type Money } from '@recargas/contracts'
import { amountField, IdField, UserField } from '../api/fields.ts'
import { anyShop, fieldProblem, perCurrency, parseBody } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { tillRoles, type Principal, type Route } from '../api/route.ts'
import { requireOwnUser } from '../api/users.ts'
import type { WrongField } from '../api/wrong-fields.ts'
import { commandRoute } from '../commands/command-route.ts'
import type { CashDeps } from './ports.ts'
import { remarksOf } from './remarks.ts'
import { OpenedSessionAnswer, openedSessionBody } from './session-body.ts'

// The body may have further fields: existing clients send them, and they are stored as remarks.
const openBody = perCurrency(({ currency }) =>
  z.looseObject({
    id_caja: IdField,
    monto_inicial: amountField({ currency, least: 'zero' }).optional(),
    conteo_inicial: amountField({ currency, least: 'zero' }).optional(),
    id_usuario: UserField,
    id_user_create: UserField.nullish(),
  }),
)

const openingCountsDiffer: WrongField = {
  field: 'conteo_inicial',
  sentence: 'El conteo de apertura se envió dos veces, con valores distintos.',
  detail: 'monto_inicial y conteo_inicial no coinciden',
}

/** POST /cajas/abrir: a shift at a caja, opened by its own cashier or an Administrador. */
export const openSessionRoute = (deps: CashDeps): Route =>
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
