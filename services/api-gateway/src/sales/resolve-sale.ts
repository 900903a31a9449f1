import { operations } from '@recargas/contracts'
import { z } from 'zod'
import type { Contract } from '../api/contract.ts'
import { textField } from '../api/fields.ts'
import { parseBody } from '../api/parse.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import {
  decisionRoute,
  decisionReplies,
  requireTopup,
  ResultField,
  type DecideDeps,
} from './decide-sale.ts'
import { SaleParams } from './sale-contract.ts'
import { AuditedTopupAnswer } from './sale-replies.ts'

export type ResolveDeps = DecideDeps & {
  /** A second Administrador must take the same decision before it counts. */
  readonly resolveFourEyes: boolean
}

const ResolveRequest = z.strictObject({
  resultado: ResultField,
  evidencia: textField(500, 'ticket 4711'),
  nota: textField(2_000, 'confirmado por teléfono'),
})

const resolveContract: Contract = {
  summary: 'Decide a sale in review',
  description:
    'A person’s word on a sale that no machine could settle, audited. Where two persons must agree, the first decision ' +
    'is answered 202 and counts once another Administrador has decided the same.',
  params: SaleParams,
  body: ResolveRequest,
  headers: ['Idempotency-Key', 'Prefer'],
  replies: decisionReplies(AuditedTopupAnswer),
  problems: ['TOPUP_NOT_FOUND', ...operations.ResolveTopup.refusals, 'LEDGER_UNAVAILABLE'],
}

/** POST /recargas/cliente/:id/resolver: a person's word on a sale that no machine could settle. */
export const resolveRoute = (deps: ResolveDeps): Route =>
  decisionRoute(
    deps,
    { path: '/recargas/cliente/:id/resolver', roles: administratorOnly, contract: resolveContract },
    async ({ body, principal, params }) => {
      const { resultado: result, evidencia: evidence, nota: note } = parseBody(ResolveRequest, body)
      const topup = await requireTopup(deps.reads, principal.merchant, params['id'] ?? '')
      return { topup, decision: { result, evidence, note, fourEyes: deps.resolveFourEyes } }
    },
  )
