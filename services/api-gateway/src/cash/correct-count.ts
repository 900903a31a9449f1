import { toDecimalNumber } from '@recargas/contracts'
import { z } from 'zod'
import { amountField, textField } from '../api/fields.ts'
import { anyShop, parseBody, perCurrency } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import { commandRoute } from '../commands/command-route.ts'
import { requireSessionId, SessionParams } from './own-session.ts'
import type { CashDeps } from './ports.ts'
import { ClosedSessionAnswer, closedSessionBody } from './session-body.ts'

const correctBody = perCurrency(({ currency }) =>
  z.strictObject({
    monto_final_real: amountField({ currency, least: 'zero' }),
    motivo: textField(500, 'un cero de más'),
  }),
)

/** POST /cajas/sesion/:id/corregir: the count of a closing, mistyped, is put right. */
export const correctCountRoute = (deps: CashDeps): Route =>
  commandRoute(deps, {
    operation: 'CorrectCount',
    method: 'post',
    path: '/cajas/sesion/:id/corregir',
    roles: administratorOnly,
    contract: {
      summary: 'Correct a mistyped closing count',
      description:
        'Within 24 hours of the closing, until the caja is closed again, and unless its cash was counted since. ' +
        '`monto_final_real` is what was really counted at the closing. The difference between both counts is booked as over ' +
        'or short now: in the caja’s open session, as a line of its statement, or as part of the next opening. The closed ' +
        'figures stay; `correcciones` lists each correction.',
      params: SessionParams,
      body: correctBody(anyShop),
      replies: [{ status: 200, says: 'corrected', body: ClosedSessionAnswer }],
      problems: amountProblems,
    },
    read: ({ body, params }, { currency }) => {
      const { monto_final_real, motivo } = parseBody(correctBody({ currency }), body)
      const asked = { sessionId: requireSessionId(params['id']), reason: motivo }
      return {
        payload: { ...asked, counted: toDecimalNumber(monto_final_real, currency) },
        data: { ...asked, counted: monto_final_real },
      }
    },
    reply: ({ session }) => ({ status: 200, body: closedSessionBody(session) }),
  })
