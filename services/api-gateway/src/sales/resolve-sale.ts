import { z } from 'zod'
import { textField } from '../api/fields.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import { decisionRoute, ResultField, type DecideDeps } from './decide-sale.ts'
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

/** POST /recargas/cliente/:id/resolver: a person's word on a sale that no machine could settle. */
export const resolveRoute = (deps: ResolveDeps): Route =>
  decisionRoute(deps, {
    path: '/recargas/cliente/:id/resolver',
    roles: administratorOnly,
    body: ResolveRequest,
    contract: {
      summary: 'Decide a sale in review',
      description:
        'A person’s word on a sale that no machine could settle, audited. Where two persons must agree, the first decision ' +
        'is answered 202 and counts once another Administrador has decided the same.',
      problems: [],
    },
    settled: AuditedTopupAnswer,
    decide: ({ resultado: result, evidencia: evidence, nota: note }) => ({
      result,
      evidence,
      note,
      fourEyes: deps.resolveFourEyes,
    }),
  })
