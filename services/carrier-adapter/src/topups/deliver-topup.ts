import { assertNever, type FundsReserved, type FundsReservedMessage } from '@recargas/contracts'
import { openingOf } from '../domain/opening.ts'
import { scheduled } from '../domain/schedule.ts'
import {
  answered,
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
  type BundleJob,
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

type Resolved = {
  readonly topup: Topup
  /** Whether the ledger's queue has the verdict already; null: it has not been said yet. */
  readonly said: Promise<boolean> | null
}
type State = Attempts & { readonly running: Map<string, Promise<Resolved>> }

/**
 * ③ FundsReserved → one call to the carrier → CarrierVerdict. Every effect is durable before the next one begins:
 * attempt, answer, verdict, then the acknowledgement. Only "authorized" is said while it is being recorded: a crash in
 * between leaves an attempt without an answer, whose repeat under the same token hears the same again (docs/adr/0012).
 * A repeated job makes no new attempt; it hears what is known.
 */
export const createDeliverTopup = (
  attempts: Attempts,
): ((message: FundsReservedMessage) => Promise<JobVerdict>) => {
  const state: State = { ...attempts, running: new Map() }
  return async ({ data: job, correlationid }) => {
    try {
      const { topup, said } = await resolveOnce(state, job, correlationid)
      if (!isSameSale(topup, job)) return anotherSale
      const isSaid = await (said ?? sayVerdict(state, topup, correlationid))
      return isSaid ? { verdict: 'ack' } : retry
    } catch (error) {
      // Whatever was not recorded was not sent, or is remembered: the same job again is safe.
      state.report({ kind: 'failed', topupId: job.topupId, correlationId: correlationid, error })
      return retry
    }
  }
}

/** Two deliveries of one job at the same time share one attempt. */
const resolveOnce = (
  state: State,
  job: FundsReserved,
  correlationId: string,
): Promise<Resolved> => {
  const running = state.running.get(job.topupId)
  if (running !== undefined) return running
  const resolving = resolve(state, saleOf(state, job, correlationId)).finally(() =>
    state.running.delete(job.topupId),
  )
  state.running.set(job.topupId, resolving)
  return resolving
}

const resolve = async (state: State, sale: Sale): Promise<Resolved> => {
  const { job } = sale
  if (isBundle(job) && openingNow(state, sale) === 'may-send') {
    const withheld = await state.checkOffer(job)
    if (withheld !== null) return record(state, neverSent(sale, state.now(), withheld))
  }
  const now = state.now()
  // Decided after the list was read: that takes time, and the deadline may have passed meanwhile.
  const opening = openingNow(state, sale)
  switch (opening) {
    case 'from-before':
      return record(state, scheduled(fromBefore(sale, now), state.limits, now, state.random()))
    case 'too-late':
      return record(state, neverSent(sale, now))
    case 'may-send': {
      const admission = state.carrier.admit(job, 'sale')
      // The customer stands at the till: better a clear no at once than a place in a queue.
      if (admission.kind === 'refused') return record(state, neverSent(sale, now))
      return attempt(state, sale, admission)
    }
    default:
      return assertNever(opening)
  }
}

const isBundle = (job: FundsReserved): job is BundleJob => job.bundle !== undefined

const openingNow = (state: State, { job }: Sale) =>
  openingOf(new Date(job.requestedAt), state.now(), state.limits)

/** Records what needs no call, or finds what is known already. */
const record = async (state: State, topup: Topup): Promise<Resolved> => {
  const created = await state.records.create(topup)
  if (created.kind === 'created' && topup.never) state.crashPoint('never-recorded')
  return unsaid(created.kind === 'created' ? topup : await recall(state, created.topup))
}

const unsaid = (topup: Topup): Resolved => ({ topup, said: null })

const attempt = async (state: State, sale: Sale, admission: Admitted): Promise<Resolved> => {
  const { topupId } = sale.job
  const lease = takeLease(state)
  const { owner, startedAt, leaseUntil } = lease
  const topup = started(sale, { owner, startedAt, leaseUntil })
  state.crashPoint('before-attempt-recorded')
  try {
    const created = await state.records.create(topup)
    if (created.kind === 'known') {
      admission.release()
      return unsaid(await recall(state, created.topup))
    }
  } catch (error) {
    admission.release()
    state.unrecorded.remember(topupId, 1, notSent(state, 'not-recorded', sale.job))
    throw error
  }
  let said: Promise<boolean> | null = null
  const recorded = await carryOut(state, topup, admission, lease, (evidence) => {
    if (evidence.proves !== 'authorized' || evidence.ambiguous) return
    said = sayVerdict(state, answered(topup, 1, evidence, state.now()), sale.correlationId)
    // Judged where it is waited for; a record that fails meanwhile must not make this one unheard of.
    said.catch(() => undefined)
  })
  return { topup: recorded, said }
}
