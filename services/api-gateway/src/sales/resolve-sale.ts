import {
  operations,
  type DecisionResult,
  type MerchantId,
  type OperationResult,
  type TopupView,
} from '@recargas/contracts'
import { z } from 'zod'
import type { Contract } from '../api/contract.ts'
import { textField } from '../api/fields.ts'
import { parseBody } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { administratorOnly, type Reply, type Route } from '../api/route.ts'
import { decisionWords } from '../api/words.ts'
import { isSettled } from '../commands/outcome.ts'
import type { ExecuteCommand } from '../commands/execute-command.ts'
import { requireResult } from '../commands/command-route.ts'
import { findTopup, followTopup, type FollowDeps, type TopupReads } from './find-sale.ts'
import { readPreferredWait } from './preferred-wait.ts'
import { SaleParams } from './sale-contract.ts'
import { AuditedTopupAnswer, ResolutionAnswer } from './sale-replies.ts'
import { auditedTopupBody, topupBody, topupLocation } from './sale-body.ts'

export type ResolveDeps = FollowDeps & {
  readonly executeCommand: ExecuteCommand
  readonly reads: TopupReads
  /** A second Administrador must take the same decision before it counts. */
  readonly resolveFourEyes: boolean
  /** Time to wait until a counting decision has settled the sale. */
  readonly resolutionWaitMs: number
}

const resultOfWord = {
  [decisionWords.authorized]: 'authorized',
  [decisionWords.rejected]: 'rejected',
} as const satisfies Record<string, DecisionResult>

const ResolveRequest = z.strictObject({
  resultado: z.enum(['AUTORIZADA', 'RECHAZADA']).transform((word) => resultOfWord[word]),
  evidencia: textField(500, 'ticket 4711'),
  nota: textField(2_000, 'confirmado por teléfono'),
})

type ResolutionState = Extract<OperationResult, { kind: 'resolution' }>['state']

const resolveContract: Contract = {
  summary: 'Decide a sale in review',
  description:
    'A person’s word on a sale that no machine could settle, audited. Where two persons must agree, the first decision ' +
    'is answered 202 and counts once another Administrador has decided the same.',
  params: SaleParams,
  body: ResolveRequest,
  headers: ['Idempotency-Key', 'Prefer'],
  replies: [
    { status: 200, says: 'settled, and how', body: AuditedTopupAnswer },
    {
      status: 202,
      says: 'the decision is kept; the sale is not settled yet',
      body: ResolutionAnswer,
      headers: ['Location', 'Retry-After', 'Preference-Applied'],
    },
  ],
  problems: ['TOPUP_NOT_FOUND', ...operations.ResolveTopup.refusals, 'LEDGER_UNAVAILABLE'],
}

/** POST /recargas/cliente/:id/resolver: a person's word on a sale that no machine could settle. */
export const resolveRoute = (deps: ResolveDeps): Route => {
  const route = { method: 'post', path: '/recargas/cliente/:id/resolver' } as const
  return {
    ...route,
    operation: 'ResolveTopup',
    roles: administratorOnly,
    contract: resolveContract,
    answer: async (call) => {
      const { resultado, evidencia, nota } = parseBody(ResolveRequest, call.body)
      const topup = await requireTopup(deps.reads, call.principal.merchant, call.params['id'] ?? '')
      const commandReply = await deps.executeCommand(
        call,
        route,
        {
          payload: {
            kind: 'ResolveTopup',
            topupId: topup.topupId,
            result: resultado,
            evidence: evidencia,
            note: nota,
          },
          input: {
            type: 'ResolveTopup.v1',
            data: {
              topupId: topup.topupId,
              result: resultado,
              evidence: evidencia,
              note: nota,
              fourEyes: deps.resolveFourEyes,
            },
          },
        },
        // The decision's outcome is read from the sale.
        { currency: topup.currency, locationOf: () => topupLocation(topup.topupId) },
      )
      const { state } = requireResult(commandReply, 'ResolveTopup')
      const preferred = readPreferredWait(call.header('prefer'))
      const waitMs = Math.min(preferred?.waitMs ?? deps.resolutionWaitMs, deps.resolutionWaitMs)
      const reply = resolutionReply(topup, state, await readAfter(deps, topup, state, waitMs))
      if (preferred === null || reply.status !== 202) return reply
      return { ...reply, headers: { ...reply.headers, 'preference-applied': preferred.applied } }
    },
  }
}

/** A sale that was refused has nothing to decide either. */
const requireTopup = async (
  reads: TopupReads,
  merchant: MerchantId,
  id: string,
): Promise<TopupView> => {
  const found = await findTopup(reads, merchant, id)
  if (found.kind === 'topup') return found.topup
  throw new Problem('TOPUP_NOT_FOUND', { id: id.slice(0, 40) })
}

/** The sale after the decision: settled where that is near. Null where the ledger could not be read any more. */
const readAfter = (
  deps: ResolveDeps,
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

/** 200 with the sale's final state, which the carrier's proof may have decided instead; until then 202. */
export const resolutionReply = (
  before: TopupView,
  state: ResolutionState,
  after: TopupView | null,
): Reply => {
  if (after !== null && isSettled(after)) return { status: 200, body: auditedTopupBody(after) }
  // A repeat of the first person's decision may meet the second's.
  const isFinal = state === 'closing' || after?.decision?.isFinal === true
  return {
    status: 202,
    body: {
      ...(after === null ? topupBody(before) : auditedTopupBody(after)),
      message: sentences[isFinal ? 'closing' : 'awaiting-second-person'],
    },
    headers: {
      location: topupLocation(before.topupId),
      ...(isFinal ? { 'retry-after': '3' } : {}),
    },
  }
}
