import { z } from 'zod'
import { textField } from '../api/fields.ts'
import { Problem } from '../api/problem.ts'
import { tillRoles, type Principal, type Route } from '../api/route.ts'
import { requireOwnSession } from '../cash/own-session.ts'
import type { CashReads } from '../cash/ports.ts'
import type { Shops } from '../catalogue/catalogue.ts'
import { decisionRoute, ResultField, type DecideDeps } from './decide-sale.ts'
import { AuditedTopupAnswer, TopupAnswer } from './sale-replies.ts'

export type ConfirmDeps = DecideDeps & {
  readonly shops: Shops
  readonly reads: Pick<CashReads, 'session'>
}

const ConfirmRequest = z
  .strictObject({
    resultado: ResultField,
    codigo: textField(60, '0041873')
      .optional()
      .meta({ description: 'the code that the phone or terminal showed; needed for AUTORIZADA' }),
  })
  .refine(({ resultado, codigo }) => resultado === 'rejected' || codigo !== undefined, {
    path: ['codigo'],
    error: 'is needed for AUTORIZADA',
  })

const noCode = 'sin código'
const note = 'confirmación de quien realizó la venta'

/** POST /recargas/cliente/:id/confirmar: the word of the person who carries a sale out. */
export const confirmRoute = (deps: ConfirmDeps): Route =>
  decisionRoute(deps, {
    path: '/recargas/cliente/:id/confirmar',
    roles: tillRoles,
    body: ConfirmRequest,
    contract: {
      summary: 'Confirm a sale that a person carries out',
      description:
        'Of an operator that is sold on its own phone or terminal: whoever carried the sale out says whether it was made. The ' +
        'session’s own cashier or an Administrador confirms; the catalogue says who may say that it was not made. The same ' +
        'word again is answered like the first. A sale in review is decided by an Administrador.',
      problems: ['SESSION_OF_ANOTHER'],
    },
    settled: z.union([TopupAnswer, AuditedTopupAnswer]),
    decide: async ({ resultado: result, codigo: evidence = noCode }, topup, principal) => {
      const session = await deps.reads.session(principal.merchant, topup.sessionId)
      if (session !== null) requireOwnSession(principal, session)
      if (result === 'rejected') requireRejector(deps.shops, principal, topup.operator)
      return { result, evidence, note, fourEyes: false, confirmation: true }
    },
  })

/** An Administrador, or the cashier where the operator's row in the catalogue allows it. */
const requireRejector = (shops: Shops, { merchant, role }: Principal, operator: string): void => {
  const isByCashier = shops.find(merchant)?.find(operator)?.rechazo === 'cajero'
  if (role !== 'Administrador' && !isByCashier) throw new Problem('FORBIDDEN')
}
