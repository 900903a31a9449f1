import { gatewayRefusalCodes, type TopupView } from '@recargas/contracts'
import { z } from 'zod'
import { parseId, parseQuery } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { everyRole, type Route } from '../api/route.ts'
import { isSettled } from '../commands/outcome.ts'
import { refusalProblem } from '../commands/refusal.ts'
import { findTopup, followTopup, type FollowDeps, type TopupReads } from './find-sale.ts'
import { waitSecondsMax } from './preferred-wait.ts'
import { isSaleRefusal, saleRefusals, SaleParams } from './sale-contract.ts'
import { AuditedTopupAnswer, TopupAnswer } from './sale-replies.ts'
import { auditedTopupBody, topupBody } from './sale-body.ts'

export type ReadTopupDeps = FollowDeps & {
  readonly reads: TopupReads
  /** Limits every wait, whatever `wait` asks for. */
  readonly settlementWaitMs: number
}

const Query = z.strictObject({
  wait: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform((text) => Math.min(Number(text), waitSecondsMax))
    .meta({
      type: 'integer',
      minimum: 0,
      pattern: undefined,
      description: `seconds; more than ${waitSecondsMax} count as ${waitSecondsMax}`,
    })
    .optional(),
})

type Kind = {
  readonly path: Route['path']
  readonly summary: string
  readonly operation: 'RequestTopup.v1' | 'RequestBundle.v1'
  readonly isShown: (topup: TopupView) => boolean
  readonly absent: 'TOPUP_NOT_FOUND' | 'BUNDLE_SALE_NOT_FOUND'
}

/** Shows every sale: existing POS clients know no other path. */
export const readTopupRoute = (deps: ReadTopupDeps): Route =>
  readSaleRoute(deps, {
    path: '/recargas/cliente/:id',
    summary: 'Look up a sale',
    operation: 'RequestTopup.v1',
    isShown: () => true,
    absent: 'TOPUP_NOT_FOUND',
  })

/** Shows sales of packages alone. */
export const readBundleSaleRoute = (deps: ReadTopupDeps): Route =>
  readSaleRoute(deps, {
    path: '/paquetes/compra/:id',
    summary: 'Look up the sale of a package',
    operation: 'RequestBundle.v1',
    isShown: ({ bundle }) => bundle !== undefined,
    absent: 'BUNDLE_SALE_NOT_FOUND',
  })

/** GET of one sale, by number or by id_transaccion; with `wait`, held until it is settled or that time is over. */
const readSaleRoute = (deps: ReadTopupDeps, kind: Kind): Route => ({
  method: 'get',
  path: kind.path,
  roles: everyRole,
  contract: {
    summary: kind.summary,
    description:
      'By number or by id_transaccion. `wait` holds the answer until the sale is settled, at most that many seconds. ' +
      'A sale that was refused before it began answers that refusal. An Administrador also sees attempts, decision ' +
      'and history.',
    params: SaleParams,
    query: Query,
    replies: [
      {
        status: 200,
        says: 'the sale as it stands',
        body: z.union([TopupAnswer, AuditedTopupAnswer]),
      },
    ],
    problems: [kind.absent, 'LEDGER_UNAVAILABLE', ...saleRefusals, ...gatewayRefusalCodes],
  },
  answer: async ({ principal: { merchant, role }, params, query }) => {
    const { wait = 0 } = parseQuery(Query, query)
    const id = params['id'] ?? ''
    const absent = () => new Problem(kind.absent, { id: id.slice(0, 40) })
    const find = async () => {
      const found = await findTopup(deps.reads, merchant, id)
      if (found.kind === 'absent') {
        // An id may be known before its sale is; a number exists only once there is a sale.
        if (parseId(id) !== null) throw absent()
        return null
      }
      if (found.kind === 'topup') {
        if (!kind.isShown(found.topup)) throw absent()
        return found.topup
      }
      // Another operation's refusal: that id is of no sale.
      if (!isSaleRefusal(found.refusal.code)) throw absent()
      throw refusalProblem({
        refusal: found.refusal,
        operation: kind.operation,
        operationId: found.operationId,
      })
    }
    const topup = await followTopup(deps, {
      read: find,
      topupOf: (last) => last,
      isDone: isSettled,
      until: deps.clock.now() + Math.min(wait * 1_000, deps.settlementWaitMs),
    })
    if (topup === null) throw absent()
    const body = role === 'Administrador' ? auditedTopupBody(topup) : topupBody(topup)
    return { status: 200, body }
  },
})
