import {
  assertNever,
  OperationId,
  type MerchantId,
  type OperationAnswer,
  type TopupView,
} from '@recargas/contracts'
import { z } from 'zod'
import type { Shops } from '../catalogue/catalogue.ts'
import { parseId, parseQuery } from '../edge/parse.ts'
import { Problem } from '../edge/problem.ts'
import { everyRole, type Route } from '../edge/route.ts'
import { isSettled } from '../operations/outcome.ts'
import { refusalProblem } from '../operations/refusal.ts'
import type { Clock } from '../operations/submit.ts'
import type { Waiters } from '../operations/waiters.ts'
import { waitSecondsMax } from './preferred-wait.ts'
import { auditedTopupBody, topupBody } from './topup-body.ts'

/** Throw when the ledger cannot be asked. */
export type TopupReads = {
  readonly topup: (merchant: MerchantId, number: number) => Promise<TopupView | null>
  readonly operation: (merchant: MerchantId, id: OperationId) => Promise<OperationAnswer>
}

type Deps = {
  readonly reads: TopupReads
  readonly shops: Shops
  readonly waiters: Pick<Waiters, 'listen'>
  readonly clock: Clock
  readonly pollEveryMs: number
}

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
  answer: async ({ principal, params, query }) => {
    const { wait = 0 } = parseQuery(Query, query)
    const id = params['id'] ?? ''
    const find = findBy(deps, principal.merchant, id)
    const topup = await settledOrLast(deps, find, deps.clock.now() + wait * 1_000)
    if (topup === null) throw new Problem('TOPUP_NOT_FOUND', { id: id.slice(0, 40) })
    const body = principal.role === 'Administrador' ? auditedTopupBody(topup) : topupBody(topup)
    return { status: 200, body }
  },
})

type Find = () => Promise<TopupView | null>

const findBy = (deps: Deps, merchant: MerchantId, id: string): Find => {
  const number = parseId(id)
  if (number !== null) return () => deps.reads.topup(merchant, number)
  const operationId = OperationId.safeParse(id)
  if (!operationId.success) return () => Promise.resolve(null)
  return async () => {
    const answer = await deps.reads.operation(merchant, operationId.data)
    switch (answer.kind) {
      case 'topup':
        return answer.topup
      case 'refused':
        throw refusalProblem({
          refusal: answer.refusal,
          operation: 'RequestTopup.v1',
          currency: deps.shops.of(merchant).currency,
          operationId: operationId.data,
        })
      // Some other operation's id, or none: no sale either way.
      case 'applied':
      case 'absent':
        return null
      default:
        return assertNever(answer)
    }
  }
}

/** Reads until the sale is settled; between reads an event, or the next second, wakes it. */
const settledOrLast = async (deps: Deps, find: Find, until: number): Promise<TopupView | null> => {
  for (;;) {
    const topup = await find()
    const now = deps.clock.now()
    if (now >= until || (topup !== null && isSettled(topup))) return topup
    await nextNews(deps, topup?.topupId, Math.min(deps.pollEveryMs, until - now))
  }
}

const nextNews = ({ waiters, clock }: Deps, topupId: string | undefined, waitMs: number) =>
  new Promise<void>((resolve) => {
    const end = () => {
      cancel()
      forget()
      resolve()
    }
    const cancel = clock.after(waitMs, end)
    const forget = topupId === undefined ? () => undefined : waiters.listen(topupId, end)
  })
