import { unansweredUntil, type SaleRecord } from '../domain/sale.ts'
import { isLeased, type Attempts } from './attempts.ts'
import { verdictMessage } from './verdict-message.ts'

/** Publishes the verdict over all attempts so far. @returns true once the ledger's queue has it, for certain */
export const publishVerdict = async (
  state: Attempts,
  sale: SaleRecord,
  correlationId: string,
): Promise<boolean> => {
  const now = state.now()
  const isRunning = isLeased(state, sale, now)
  const message = verdictMessage(sale, {
    correlationId,
    now,
    nextAt: isRunning ? unansweredUntil(sale, state.limits.clockSkewMs) : sale.nextAt,
    closed: sale.closed && !isRunning,
  })
  state.crashPoint('before-verdict-published')
  const { kind: outcome } = await state.publish(message, state.span)
  if (outcome !== 'confirmed') {
    state.report({ kind: 'unpublished', topupId: sale.topupId, correlationId, outcome })
    return false
  }
  state.crashPoint('after-verdict-published')
  state.report({
    kind: 'published',
    topupId: sale.topupId,
    correlationId,
    verdict: message.data.verdict,
    attempts: sale.attempts.length,
  })
  return true
}
