import { assertNever, type FundsReserved, type FundsReservedMessage } from '@recargas/contracts'
import { openingOf } from '../domain/opening.ts'
import { scheduled } from '../domain/schedule.ts'
import {
  fromBefore,
  isSameSale,
  neverSent,
  started,
  type Sale,
  type Topup,
} from '../domain/topup.ts'
import {
  carryOut,
  notSent,
  recall,
  saleOf,
  takeLease,
  type Admitted,
  type Attempts,
} from './attempts.ts'
import { sayVerdict } from './say-verdict.ts'

export type JobVerdict =
  | { readonly verdict: 'ack' }
  | { readonly verdict: 'retry'; readonly afterMs: number }
  | { readonly verdict: 'dead-letter'; readonly code: string; readonly detail: string }

/** How long a job waits whose effects could not be made durable. */
export const retry: JobVerdict = { verdict: 'retry', afterMs: 5_000 }
export const anotherSale: JobVerdict = {
  verdict: 'dead-letter',
  code: 'ANOTHER_SALE',
  detail: 'the id is of another sale',
}

type State = Attempts & { readonly running: Map<string, Promise<Topup>> }

/**
 * ③ FundsReserved → one call to the carrier → CarrierVerdict. Every effect is durable before the next one begins:
 * attempt, answer, verdict, then the acknowledgement. A repeated job makes no new attempt; it hears what is known.
 */
export const createDeliverTopup = (
  attempts: Attempts,
): ((message: FundsReservedMessage) => Promise<JobVerdict>) => {
  const state: State = { ...attempts, running: new Map() }
  return async ({ data: job, correlationid }) => {
    try {
      const topup = await resolveOnce(state, job, correlationid)
      if (!isSameSale(topup, job)) return anotherSale
      return (await sayVerdict(state, topup, correlationid)) ? { verdict: 'ack' } : retry
    } catch (error) {
      // Whatever was not recorded was not sent, or is remembered: the same job again is safe.
      state.report({ kind: 'failed', topupId: job.topupId, error })
      return retry
    }
  }
}

/** Two deliveries of one job at the same time share one attempt. */
const resolveOnce = (state: State, job: FundsReserved, correlationId: string): Promise<Topup> => {
  const running = state.running.get(job.topupId)
  if (running !== undefined) return running
  const resolving = resolve(state, saleOf(state, job, correlationId)).finally(() =>
    state.running.delete(job.topupId),
  )
  state.running.set(job.topupId, resolving)
  return resolving
}

const resolve = async (state: State, sale: Sale): Promise<Topup> => {
  const now = state.now()
  const opening = openingOf(new Date(sale.job.requestedAt), now, state.limits)
  switch (opening) {
    case 'from-before':
      return record(state, scheduled(fromBefore(sale, now), state.limits, now, state.random()))
    case 'too-late':
      return record(state, neverSent(sale, now))
    case 'may-send': {
      const admission = state.carrier.admit(sale.job, 'sale')
      // The customer stands at the till: better a clear no at once than a place in a queue.
      if (admission.kind === 'refused') return record(state, neverSent(sale, now))
      return attempt(state, sale, admission)
    }
    default:
      return assertNever(opening)
  }
}

/** Records what needs no call, or finds what is known already. */
const record = async (state: State, topup: Topup): Promise<Topup> => {
  const created = await state.records.create(topup)
  return created.kind === 'created' ? topup : recall(state, created.topup)
}

const attempt = async (state: State, sale: Sale, admission: Admitted): Promise<Topup> => {
  const { topupId } = sale.job
  const lease = takeLease(state)
  const { owner, startedAt, leaseUntil } = lease
  const topup = started(sale, { owner, startedAt, leaseUntil })
  state.crashPoint('before-attempt-recorded')
  try {
    const created = await state.records.create(topup)
    if (created.kind === 'known') {
      admission.release()
      return await recall(state, created.topup)
    }
  } catch (error) {
    admission.release()
    state.unrecorded.remember(topupId, 1, notSent(state, 'not-recorded', sale.job))
    throw error
  }
  return carryOut(state, topup, admission, lease)
}
