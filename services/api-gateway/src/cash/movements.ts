import { toDecimalNumber } from '@recargas/contracts'
import { z } from 'zod'
import { amountField, IdField, textField, UserField } from '../api/fields.ts'
import { anyShop, perCurrency, parseBody } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { tillRoles, type Route } from '../api/route.ts'
import { requireOwnUser } from '../api/users.ts'
import { commandRoute } from '../commands/command-route.ts'
import { movementBody, movementTypes, MovementAnswer } from './caja-body.ts'
import type { CashDeps } from './ports.ts'

/** The reference's smallest movement. */
const leastMinor = 10

const movementRequest = perCurrency(({ currency }) =>
  z.strictObject({
    tipo: z.enum(['INGRESO', 'EGRESO']),
    monto: amountField({ currency, least: leastMinor }),
    motivo: textField(500, 'cambio'),
    id_sesion_caja: IdField,
    id_user_create: UserField.nullish(),
  }),
)

/** POST /cajas/movimiento: cash in or out for a stated reason. */
export const movementRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'MoveDrawer',
    method: 'post',
    path: '/cajas/movimiento',
    roles: tillRoles,
    contract: {
      summary: 'Put cash into the session’s drawer, or take it out',
      body: movementRequest(anyShop),
      replies: [{ status: 201, says: 'booked', body: MovementAnswer }],
      problems: [...amountProblems, 'AMOUNT_ZERO', 'AMOUNT_BELOW_MINIMUM', 'USER_MISMATCH'],
    },
    read: ({ body, principal }, { currency }) => {
      const { tipo, monto, motivo, id_sesion_caja, id_user_create } = parseBody(
        movementRequest({ currency }),
        body,
      )
      requireOwnUser(principal, { id_user_create: id_user_create ?? undefined })
      const asked = { sessionId: id_sesion_caja, direction: movementTypes[tipo], reason: motivo }
      return {
        payload: { ...asked, amount: toDecimalNumber(monto, currency) },
        data: { ...asked, amount: monto },
      }
    },
    reply: ({ movement }) => ({ status: 201, body: movementBody(movement) }),
  })
