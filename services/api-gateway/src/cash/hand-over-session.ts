import { z } from 'zod'
import { UserField } from '../api/fields.ts'
import { anyShop, parseBody, perCurrency } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { tillRoles, type Route } from '../api/route.ts'
import { commandRoute } from '../commands/command-route.ts'
import { closeBody, readClosing } from './close-session.ts'
import { SessionParams } from './own-session.ts'
import type { CashDeps } from './ports.ts'
import {
  ClosedSessionAnswer,
  closedSessionBody,
  OpenedSessionAnswer,
  openedSessionBody,
} from './session-body.ts'

const handOverBody = perCurrency((shop) =>
  closeBody(shop).extend({
    id_usuario_siguiente: UserField.meta({ description: 'the next cashier', examples: [3] }),
  }),
)

const HandOverAnswer = z
  .strictObject({ cerrada: ClosedSessionAnswer, abierta: OpenedSessionAnswer })
  .meta({ id: 'EntregaCaja' })

/** POST /cajas/sesion/:id/entregar: one count closes a shift and opens the next cashier's. */
export const handOverSessionRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'HandOverSession',
    method: 'post',
    path: '/cajas/sesion/:id/entregar',
    roles: tillRoles,
    contract: {
      summary: 'Hand a caja over to the next cashier',
      description:
        'Closes the session like `PATCH /cajas/sesion/:id/cerrar` and opens one of `id_usuario_siguiente` at the same caja ' +
        'with the same count. Either both take place or neither.',
      params: SessionParams,
      body: handOverBody(anyShop),
      replies: [{ status: 201, says: 'closed and opened', body: HandOverAnswer }],
      problems: [...amountProblems, 'USER_MISMATCH'],
    },
    read: (call, { currency }) => {
      const { id_usuario_siguiente, ...fields } = parseBody(handOverBody({ currency }), call.body)
      const { payload, data } = readClosing(call, fields, currency)
      return {
        payload: { ...payload, nextUserId: id_usuario_siguiente },
        data: { ...data, nextUserId: id_usuario_siguiente },
      }
    },
    reply: ({ closed, opened }) => ({
      status: 201,
      body: { cerrada: closedSessionBody(closed), abierta: openedSessionBody(opened) },
    }),
  })
