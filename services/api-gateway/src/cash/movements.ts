import { toDecimalNumber } from '@recargas/contracts'
import { z } from 'zod'
import type { Contract } from '../api/contract.ts'
import { amountField, IdField, textField, UserField } from '../api/fields.ts'
import { anyShop, perCurrency, parseBody } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { tillRoles, type Route } from '../api/route.ts'
import { requireOwnUser } from '../api/users.ts'
import { allowedIn } from '../commands/execute-command.ts'
import { requireResult } from '../commands/require-result.ts'
import { movementBody, movementTypes } from './caja-body.ts'
import { MovementAnswer } from './cash-replies.ts'
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

const movementContract: Contract = {
  summary: 'Put cash into the session’s drawer, or take it out',
  body: movementRequest(anyShop),
  headers: ['Idempotency-Key'],
  replies: [{ status: 201, says: 'booked', body: MovementAnswer }],
  problems: [
    ...amountProblems,
    'AMOUNT_ZERO',
    'AMOUNT_BELOW_MINIMUM',
    'USER_MISMATCH',
    'SESSION_NOT_FOUND',
    'SESSION_OF_ANOTHER',
    'SESSION_ALREADY_CLOSED',
    'CURRENCY_MISMATCH',
    'INSUFFICIENT_DRAWER',
  ],
}

/** POST /cajas/movimiento: cash in or out for a stated reason. */
export const movementRoute = ({ executeCommand, shops }: CashDeps): Route => {
  const route = { method: 'post', path: '/cajas/movimiento' } as const
  return {
    ...route,
    roles: tillRoles,
    contract: movementContract,
    answer: async (call) => {
      const shop = shops.find(call.principal.merchant)
      const { currency } = shop ?? anyShop
      const body = parseBody(movementRequest({ currency }), call.body)
      requireOwnUser(call.principal, { id_user_create: body.id_user_create ?? undefined })
      const commandReply = await executeCommand(
        call,
        route,
        {
          payload: {
            kind: 'MoveDrawer',
            sessionId: body.id_sesion_caja,
            direction: movementTypes[body.tipo],
            amount: toDecimalNumber(body.monto, currency),
            reason: body.motivo,
          },
          input: allowedIn(shop, {
            type: 'MoveDrawer.v1',
            data: {
              sessionId: body.id_sesion_caja,
              direction: movementTypes[body.tipo],
              amount: body.monto,
              reason: body.motivo,
            },
          }),
        },
        { currency },
      )
      return { status: 201, body: movementBody(requireResult(commandReply, 'movement').movement) }
    },
  }
}
