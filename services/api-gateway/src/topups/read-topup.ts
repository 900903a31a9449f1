import { z } from 'zod'
import type { Shops } from '../catalogue/catalogue.ts'
import { parseQuery } from '../edge/parse.ts'
import { Problem } from '../edge/problem.ts'
import { everyRole, type Route } from '../edge/route.ts'
import { isSettled } from '../operations/outcome.ts'
import { refusalProblem } from '../operations/refusal.ts'
import { findTopup, followTopup, type FollowDeps, type TopupReads } from './find-topup.ts'
import { waitSecondsMax } from './preferred-wait.ts'
import { auditedTopupBody, topupBody } from './topup-body.ts'

type Deps = FollowDeps & { readonly reads: TopupReads; readonly shops: Shops }

const Query = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform((text) => Math.min(Number(text), waitSecondsMax))
    .optional(),
})

/** GET /recargas/cliente/:id, by number or by id_transaccion; with `wait`, held until it is settled or that time is over. */
export const readTopupRoute = (deps: Deps): Route => ({
  method: 'get',
  path: '/recargas/cliente/:id',
  roles: everyRole,
  answer: async ({ principal: { merchant, role }, params, query }) => {
    const { wait = 0 } = parseQuery(Query, query)
    const id = params['id'] ?? ''
    const find = async () => {
      const found = await findTopup(deps.reads, merchant, id)
      if (found.kind !== 'refused') return found
      throw refusalProblem({
        refusal: found.refusal,
        operation: 'RequestTopup.v1',
        currency: deps.shops.of(merchant).currency,
        operationId: found.operationId,
      })
    }
    const found = await followTopup(deps, {
      read: find,
      topupOf: (last) => (last.kind === 'topup' ? last.topup : null),
      isDone: isSettled,
      until: deps.clock.now() + wait * 1_000,
    })
    if (found.kind === 'absent') throw new Problem('TOPUP_NOT_FOUND', { id: id.slice(0, 40) })
    const body = role === 'Administrador' ? auditedTopupBody(found.topup) : topupBody(found.topup)
    return { status: 200, body }
  },
})
