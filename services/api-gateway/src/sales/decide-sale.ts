import {
  operations,
  type DecisionResult,
  type MerchantId,
  type OperationResult,
  type TopupView,
} from '@recargas/contracts'
import { z } from 'zod'
import type { Contract } from '../api/contract.ts'
import { parseBody } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import type { Call, Principal, Reply, Route } from '../api/route.ts'
import { decisionWords } from '../api/words.ts'
import type { CommandInput, ExecuteCommand } from '../commands/execute-command.ts'
import { isSettled } from '../commands/outcome.ts'
import { requireResult } from '../commands/command-route.ts'
import { findTopup, followTopup, type FollowDeps, type TopupReads } from './find-sale.ts'
import { readPreferredWait } from './preferred-wait.ts'
import { auditedTopupBody, topupBody, topupLocation } from './sale-body.ts'
import { SaleParams } from './sale-contract.ts'
import { ResolutionAnswer } from './sale-replies.ts'

export type DecideDeps = FollowDeps & {
  readonly executeCommand: ExecuteCommand
  readonly reads: TopupReads
  /** The longest wait for a sale to be settled by a decision that counts. */
  readonly resolutionWaitMs: number
}

/** A person's word on a sale: AUTORIZADA or RECHAZADA. */
export const ResultField = z
  .enum(Object.values(decisionWords))
  .transform((word): DecisionResult =>
    word === decisionWords.authorized ? 'authorized' : 'rejected',
  )

type ResolutionState = Extract<OperationResult, { kind: 'resolution' }>['state']

const decisionReplies = (settled: z.ZodType): Contract['replies'] => [
  { status: 200, says: 'settled, and how', body: settled },
  {
    status: 202,
    says: 'the decision is kept; the sale is not settled yet',
    body: ResolutionAnswer,
    headers: ['Location', 'Retry-After', 'Preference-Applied'],
  },
]

type Decision = Omit<Extract<CommandInput, { type: 'ResolveTopup.v1' }>['data'], 'topupId'>

type DecisionRoute<Body extends z.ZodObject> = Pick<Route, 'path' | 'roles'> & {
  readonly contract: Pick<Contract, 'summary' | 'description' | 'problems'>
  readonly body: Body
  /** The body of a settled sale, as the route's callers may see it. */
  readonly settled: z.ZodType
  /** Throws {@link Problem} where the caller may not take this decision. */
  readonly decide: (
    body: z.output<Body>,
    topup: TopupView,
    principal: Principal,
  ) => Decision | Promise<Decision>
}

/** A route by which a person decides a sale; the audit names the person. */
export const decisionRoute = <Body extends z.ZodObject>(
  deps: DecideDeps,
  { path, roles, contract, body, settled, decide }: DecisionRoute<Body>,
): Route => {
  const route = { method: 'post', path } as const
  return {
    ...route,
    roles,
    contract: {
      ...contract,
      params: SaleParams,
      body,
      headers: ['Idempotency-Key', 'Prefer'],
      replies: decisionReplies(settled),
      problems: [
        'TOPUP_NOT_FOUND',
        ...operations.ResolveTopup.refusals,
        ...contract.problems,
        'LEDGER_UNAVAILABLE',
      ],
    },
    operation: 'ResolveTopup',
    answer: async (call) => {
      const request = parseBody(body, call.body)
      const { principal, params } = call
      const topup = await requireTopup(deps.reads, principal.merchant, params['id'] ?? '')
      const decision = await decide(request, topup, principal)
      return decideSale(deps, call, route, topup, decision)
    },
  }
}

/** Keeps a person's decision, and waits a little for the sale to be settled by it. */
const decideSale = async (
  deps: DecideDeps,
  call: Call,
  route: Pick<Route, 'method' | 'path'>,
  topup: TopupView,
  decision: Decision,
): Promise<Reply> => {
  const { topupId, currency } = topup
  const { result, evidence, note } = decision
  const commandReply = await deps.executeCommand(
    call,
    route,
    {
      payload: { kind: 'ResolveTopup', topupId, result, evidence, note },
      input: { type: 'ResolveTopup.v1', data: { topupId, ...decision } },
    },
    // The sale itself shows the decision's outcome.
    { currency, locationOf: () => topupLocation(topupId) },
  )
  const { state } = requireResult(commandReply, 'ResolveTopup')
  const preferred = readPreferredWait(call.header('prefer'))
  const waitMs = Math.min(preferred?.waitMs ?? deps.resolutionWaitMs, deps.resolutionWaitMs)
  const after = await readAfter(deps, topup, state, waitMs)
  const bodyOf = call.principal.role === 'Administrador' ? auditedTopupBody : topupBody
  const reply = resolutionReply(topup, state, after, bodyOf)
  if (preferred === null || reply.status !== 202) return reply
  return { ...reply, headers: { ...reply.headers, 'preference-applied': preferred.applied } }
}

/** The sale of a path. Throws for one that was refused too: nothing is left to decide. */
export const requireTopup = async (
  reads: TopupReads,
  merchant: MerchantId,
  id: string,
): Promise<TopupView> => {
  const found = await findTopup(reads, merchant, id)
  if (found.kind === 'topup') return found.topup
  throw new Problem('TOPUP_NOT_FOUND', { id: id.slice(0, 40) })
}

/** The sale after the decision, settled where that is near; null where the ledger could not be read. */
const readAfter = (
  deps: DecideDeps,
  { merchant, topupId }: TopupView,
  state: ResolutionState,
  waitMs: number,
): Promise<TopupView | null> =>
  followTopup(deps, {
    read: async () => {
      try {
        const answer = await deps.reads.operation(merchant, topupId)
        return answer.kind === 'topup' ? answer.topup : null
      } catch (error) {
        // The decision is kept: a read that fails must not make its answer an error.
        if (error instanceof Problem) return null
        throw error
      }
    },
    topupOf: (topup) => topup,
    isDone: (topup) => state === 'awaiting-second-person' || isSettled(topup),
    until: deps.clock.now() + waitMs,
  })

const sentences = {
  'awaiting-second-person':
    'La decisión quedó registrada; falta que otro administrador decida lo mismo.',
  closing: 'La decisión quedó registrada; la recarga se está cerrando.',
} as const satisfies Record<ResolutionState, string>

/** 200 with the settled sale, which the carrier's proof may have decided otherwise; until then 202. */
export const resolutionReply = (
  before: TopupView,
  state: ResolutionState,
  after: TopupView | null,
  bodyOf: (topup: TopupView) => object = auditedTopupBody,
): Reply => {
  if (after !== null && isSettled(after)) return { status: 200, body: bodyOf(after) }
  // A repeat of the first person's decision may meet the second's.
  const isFinal = state === 'closing' || after?.decision?.isFinal === true
  return {
    status: 202,
    body: {
      ...(after === null ? topupBody(before) : bodyOf(after)),
      message: sentences[isFinal ? 'closing' : 'awaiting-second-person'],
    },
    headers: {
      location: topupLocation(before.topupId),
      ...(isFinal ? { 'retry-after': '3' } : {}),
    },
  }
}
