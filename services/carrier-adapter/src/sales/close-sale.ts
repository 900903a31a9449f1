import type { CloseTopupMessage, FundsReserved } from '@recargas/contracts'
import type { Verdict } from '@recargas/messaging'
import {
  closed,
  isSameSale,
  predatesDatabase,
  unansweredUntil,
  type SaleRecord,
} from '../domain/sale.ts'
import {
  admissionNow,
  isLeased,
  keptBack,
  resume,
  saleJobOf,
  within,
  type Attempts,
} from './attempts.ts'
import { anotherSale, retry } from './deliver-sale.ts'
import { publishVerdict } from './publish-verdict.ts'

/**
 * CloseTopup → no attempt starts any more → CarrierVerdict that says so. An attempt that runs already is waited out: an
 * answer on its way must not overtake a person's decision.
 */
export const createCloseSale =
  (attempts: Attempts): ((message: CloseTopupMessage, span?: string) => Promise<Verdict>) =>
  async ({ data: job, correlationid }, span) => {
    const state = within(attempts, span)
    try {
      const sale = await close(state, job, correlationid)
      state.crashPoint('close-recorded')
      if (!isSameSale(sale, job)) return anotherSale
      const now = state.now()
      if (isLeased(state, sale, now)) {
        const leaseEnd = unansweredUntil(sale, state.limits.clockSkewMs) ?? now
        return { verdict: 'retry', afterMs: leaseEnd.getTime() - now.getTime() }
      }
      if (!(await publishVerdict(state, sale, correlationid))) return retry
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
): Promise<SaleRecord> => {
  const now = state.now()
  const fresh = unknownClosed(state, job, correlationId, now)
  const created = await state.records.create(fresh)
  if (created.kind === 'created') return fresh
  // The decision is not about another sale under this id.
  if (!isSameSale(created.sale, job)) return created.sale
  const sale = await state.records.change(created.sale, (current) => closed(current, now))
  return resume(state, sale)
}

/** A sale without a record here is kept from the carrier for good; one from before this database may have been sent. */
const unknownClosed = (
  state: Attempts,
  job: FundsReserved,
  correlationId: string,
  now: Date,
): SaleRecord => {
  const sale = saleJobOf(state, job, correlationId)
  const isOld = admissionNow(state, job) === 'predates-database'
  return closed(isOld ? predatesDatabase(sale, now) : keptBack(sale, now), now)
}
