import type { CloseTopupMessage, FundsReserved } from '@recargas/contracts'
import { openingOf } from '../domain/opening.ts'
import {
  closed,
  fromBefore,
  isSameSale,
  neverSent,
  unansweredUntil,
  type Topup,
} from '../domain/topup.ts'
import { isLeased, recall, saleOf, type Attempts } from './attempts.ts'
import { anotherSale, retry, type JobVerdict } from './deliver-topup.ts'
import { sayVerdict } from './say-verdict.ts'

/**
 * CloseTopup → no attempt starts any more → CarrierVerdict that says so. An attempt that runs already is waited out:
 * what a person decides must not be overtaken by an answer on its way.
 */
export const createCloseTopup =
  (state: Attempts): ((message: CloseTopupMessage) => Promise<JobVerdict>) =>
  async ({ data: job, correlationid }) => {
    try {
      const topup = await close(state, job, correlationid)
      state.crashPoint('close-recorded')
      if (!isSameSale(topup, job)) return anotherSale
      const now = state.now()
      if (isLeased(state, topup, now)) {
        const leaseEnd = unansweredUntil(topup, state.limits.clockSkewMs) ?? now
        return { verdict: 'retry', afterMs: leaseEnd.getTime() - now.getTime() }
      }
      if (!(await sayVerdict(state, topup, correlationid))) return retry
      state.crashPoint('close-said')
      return { verdict: 'ack' }
    } catch (error) {
      state.report({ kind: 'failed', topupId: job.topupId, correlationId: correlationid, error })
      return retry
    }
  }

const close = async (
  state: Attempts,
  job: FundsReserved,
  correlationId: string,
): Promise<Topup> => {
  const now = state.now()
  const fresh = unknownClosed(state, job, correlationId, now)
  const created = await state.records.create(fresh)
  if (created.kind === 'created') return fresh
  // Another sale under this id is none of this person's business.
  if (!isSameSale(created.topup, job)) return created.topup
  const topup = await state.records.change(created.topup, (current) => closed(current, now))
  return recall(state, topup)
}

/** A sale nobody has recorded here is kept from the carrier for good; one from before this database may have been sent. */
const unknownClosed = (
  state: Attempts,
  job: FundsReserved,
  correlationId: string,
  now: Date,
): Topup => {
  const sale = saleOf(state, job, correlationId)
  const isFromBefore = openingOf(new Date(job.requestedAt), now, state.limits) === 'from-before'
  return closed(isFromBefore ? fromBefore(sale, now) : neverSent(sale, now), now)
}
