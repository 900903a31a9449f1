import { unansweredUntil, type Topup } from '../domain/topup.ts'
import { isLeased, type Attempts } from './attempts.ts'
import { carrierVerdict } from './carrier-verdict.ts'

/** Tells the ledger what is known. @returns whether its queue has it, for certain */
export const sayVerdict = async (
  state: Attempts,
  topup: Topup,
  correlationId: string,
): Promise<boolean> => {
  const now = state.now()
  const isRunning = isLeased(state, topup, now)
  const message = carrierVerdict(topup, {
    correlationId,
    now,
    nextAt: isRunning ? unansweredUntil(topup, state.limits.clockSkewMs) : topup.nextAt,
    closed: topup.closed && !isRunning,
  })
  state.crashPoint('before-verdict-published')
  const { kind: outcome } = await state.publish(message)
  if (outcome !== 'confirmed') {
    state.report({ kind: 'unpublished', topupId: topup.topupId, correlationId, outcome })
    return false
  }
  state.crashPoint('after-verdict-published')
  state.report({
    kind: 'said',
    topupId: topup.topupId,
    correlationId,
    verdict: message.data.verdict,
    attempts: topup.attempts.length,
  })
  return true
}
