import { z } from 'zod'
import { toDecimalNumber, type Currency, type Money } from '@recargas/contracts'
import { amountField, textField, UserField } from '../api/fields.ts'
import { anyShop, fieldProblem, parseBody, perCurrency } from '../api/parse.ts'
import { amountProblems } from '../api/problems-of.ts'
import { tillRoles, type Call, type Route } from '../api/route.ts'
import { requireOwnUser } from '../api/users.ts'
import { missingField, type WrongField } from '../api/wrong-fields.ts'
import { commandRoute } from '../commands/command-route.ts'
import { requireSessionId, SessionParams } from './own-session.ts'
import type { CashDeps } from './ports.ts'
import { remarksOf } from './remarks.ts'
import { ClosedSessionAnswer, closedSessionBody } from './session-body.ts'

// The body may have further fields: existing clients send them, and they are stored as remarks.
export const closeBody = perCurrency(({ currency }) =>
  z.looseObject({
    monto_final_real: amountField({ currency, least: 'zero' }).optional(),
    monto_real_fisico: amountField({ currency, least: 'zero' }).optional(),
    aceptar_pendientes: z.boolean().optional(),
    denominaciones: z
      .array(
        z.strictObject({
          valor: amountField({ currency, least: 'positive' }),
          cantidad: z.int().nonnegative().max(100_000),
        }),
      )
      .max(50)
      .optional()
      .meta({
        description: 'notes and coins that were counted; they add up to the amount',
        examples: [
          [
            { valor: 200, cantidad: 1 },
            { valor: 10, cantidad: 2 },
          ],
        ],
      }),
    motivo_diferencia: textField(500, 'vuelto mal dado').optional(),
    id_user_update: UserField.nullish(),
  }),
)

const countsDiffer: WrongField = {
  field: 'monto_real_fisico',
  sentence: 'El monto contado se envió dos veces, con valores distintos.',
  detail: 'monto_final_real y monto_real_fisico no coinciden',
}

const notesDiffer: WrongField = {
  field: 'denominaciones',
  sentence: 'Los billetes y monedas no suman el monto contado.',
  detail: 'denominaciones no suman monto_final_real',
}

/** PATCH /cajas/sesion/:id/cerrar: a shift ends with what was counted. */
export const closeSessionRoute = (deps: CashDeps): Route =>
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
        'those of earlier sessions never hold it up. Where the catalogue has `motivo_diferencia_desde`, a difference of that ' +
        'much or more needs `motivo_diferencia`. Other fields are kept as remarks.',
      params: SessionParams,
      body: closeBody(anyShop),
      replies: [{ status: 200, says: 'closed', body: ClosedSessionAnswer }],
      problems: [...amountProblems, 'USER_MISMATCH'],
    },
    read: (call, { currency }) =>
      readClosing(call, parseBody(closeBody({ currency }), call.body), currency),
    reply: ({ session }) => ({ status: 200, body: closedSessionBody(session) }),
  })

type ClosingFields = z.output<ReturnType<typeof closeBody>>

/** The closing count of a request: the till's own part, and the command's data. Throws a problem for one that is none. */
export const readClosing = (
  { params, principal }: Call,
  fields: ClosingFields,
  currency: Currency,
) => {
  const sessionId = requireSessionId(params['id'])
  const { monto_final_real, monto_real_fisico, aceptar_pendientes, id_user_update, ...more } =
    fields
  const { denominaciones, motivo_diferencia } = more
  requireOwnUser(principal, { id_user_update: id_user_update ?? undefined })
  const counted = monto_final_real ?? monto_real_fisico
  if (counted === undefined) {
    throw fieldProblem('FIELD_MISSING', [missingField('monto_final_real')])
  }
  if (monto_real_fisico !== undefined && monto_real_fisico !== counted) {
    throw fieldProblem('FIELD_INVALID', [countsDiffer])
  }
  if (denominaciones !== undefined && sumOf(denominaciones) !== counted) {
    throw fieldProblem('FIELD_INVALID', [notesDiffer])
  }
  // The notes and the reason stay part of the remarks, and so of the fingerprint.
  const remarks = remarksOf(more)
  const asked = { sessionId, acceptPending: aceptar_pendientes ?? false }
  return {
    payload: { ...asked, counted: toDecimalNumber(counted, currency), remarks },
    data: {
      ...asked,
      counted,
      ...(denominaciones === undefined
        ? {}
        : {
            countedNotes: denominaciones.map(({ valor, cantidad }) => ({
              value: valor,
              count: cantidad,
            })),
          }),
      ...(motivo_diferencia === undefined ? {} : { differenceReason: motivo_diferencia }),
      ...(remarks === null ? {} : { remarks }),
    },
  }
}

const sumOf = (notes: readonly { readonly valor: Money; readonly cantidad: number }[]): number =>
  notes.reduce((sum, { valor, cantidad }) => sum + valor * cantidad, 0)
