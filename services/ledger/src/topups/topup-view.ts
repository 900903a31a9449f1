import type { TopupView } from '@recargas/contracts'
import type { Topup } from '../domain/entities.ts'

const iso = (instant: number): string => new Date(instant).toISOString()

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
  state: topup.state,
  ...(topup.releaseReason === null ? {} : { releaseReason: topup.releaseReason }),
  ...(topup.invalid === null ? {} : { invalid: topup.invalid }),
  requestedAt: iso(topup.requestedAt),
  updatedAt: iso(topup.updatedAt),
  ...(withAttempts ? { attempts: [...topup.attempts] } : {}),
})
