import type { DecisionView, TopupView } from '@recargas/contracts'
import type { Decision, Topup } from '../accounting/entities.ts'

const iso = (instant: number): string => new Date(instant).toISOString()

const decisionView = (decision: Decision): DecisionView => ({
  result: decision.result,
  evidence: decision.evidence,
  note: decision.note,
  by: decision.by.userId,
  at: iso(decision.at),
  confirmedBy: decision.confirmedBy?.userId ?? null,
  isFinal: decision.isFinal,
})

/** A top-up as everyone outside the ledger sees it; the attempts only where they are asked for. */
export const topupView = (topup: Topup, withAttempts = false): TopupView => ({
  topupId: topup.id,
  id: topup.number,
  merchant: topup.merchant,
  currency: topup.currency,
  sessionId: topup.sessionId,
  userId: topup.actor.userId,
  operator: topup.operator,
  number: topup.phone,
  amount: topup.amount,
  ...(topup.bundle === null ? {} : { bundle: topup.bundle }),
  state: topup.state,
  ...(topup.releaseReason === null ? {} : { releaseReason: topup.releaseReason }),
  ...(topup.invalid === null ? {} : { invalid: topup.invalid }),
  requestedAt: iso(topup.requestedAt),
  updatedAt: iso(topup.updatedAt),
  ...(withAttempts ? { attempts: [...topup.attempts] } : {}),
  ...(withAttempts && topup.decision !== null ? { decision: decisionView(topup.decision) } : {}),
})
