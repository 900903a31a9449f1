import {
  carriedOutBy,
  type CarrierVerdictMessage,
  type FundsReserved,
  type WithheldReason,
} from '@recargas/contracts'
import type { CrashPoint, Tracer } from '@recargas/runtime'
import { admissionOf, type JobAdmission } from '../domain/admission.ts'
import type { NotSentReason } from '../domain/call-result.ts'
import type { Carrier, Permit } from '../domain/carrier.ts'
import type { DeliveryReport } from '../domain/delivery-report.ts'
import type { Evidence } from '../domain/evidence.ts'
import {
  abandoned,
  answered,
  neverSend,
  predatesDatabase,
  unansweredUntil,
  type Lease,
  type SaleJob,
  type SaleRecord,
} from '../domain/sale.ts'
import { isScheduled, scheduled, type Schedule } from '../domain/schedule.ts'
import { createUnrecordedEnds, type UnrecordedEnds } from './unrecorded-ends.ts'

/** Durable on a majority when resolved; a throw leaves open if it was written. */
export type Records = {
  /** Records a new sale, or finds the one recorded under that id. */
  readonly create: (
    sale: SaleRecord,
  ) => Promise<{ readonly kind: 'created' } | { readonly kind: 'known'; readonly sale: SaleRecord }>
  /**
   * Replaces a record by its change, made again from the newest revision when another writer was faster.
   * `change` is pure and returns its argument when there is nothing to do.
   */
  readonly change: (
    sale: SaleRecord,
    change: (current: SaleRecord) => SaleRecord,
  ) => Promise<SaleRecord>
}

/** The part of a carrier that sells and follows up. */
export type SalesCarrier = Omit<Carrier, 'salesAtOnce' | 'state' | 'readBalance' | 'close'>

export type DeliveryStep = CrashPoint<'adapter'>

export type Deps = {
  readonly records: Records
  /** The carrier of a job, by its name in the job. Throws for a name that no carrier has. */
  readonly carrierOf: (job: Pick<FundsReserved, 'carrier'>) => SalesCarrier
  /** Tells a verdict that the ledger's queue holds, for certain, from any other. */
  readonly publish: (
    verdict: CarrierVerdictMessage,
    span?: string,
  ) => Promise<{ readonly kind: 'confirmed' | 'unroutable' | 'refused' | 'unknown' }>
  readonly now: () => Date
  /** A clock that never jumps: it measures the rest of a lease. */
  readonly monotonicMs: () => number
  /** From 0 to 1, evenly. */
  readonly random: () => number
  readonly crashPoint: (step: DeliveryStep) => void
  readonly report: (report: DeliveryReport) => void
  readonly tracer?: Tracer | null
  /** This process, and no other that ever ran. */
  readonly owner: string
  readonly limits: Omit<Schedule, 'by' | 'stepsMs'> & {
    readonly bornAt: Date
    readonly sendDeadlineMs: number
    readonly leaseMs: number
    readonly unrecordedMax: number
  }
}

/** The state that every caller of a carrier in this process shares. */
export type Attempts = Deps & {
  readonly unrecorded: UnrecordedEnds
  /** Id of the span that the calls and verdicts of one sale belong to. */
  readonly span?: string | undefined
}

/** The state with the span of one sale's work. */
export const within = <State extends Attempts>(state: State, span: string | undefined): State =>
  span === undefined ? state : { ...state, span }

export const createAttempts = (deps: Deps): Attempts => ({
  ...deps,
  unrecorded: createUnrecordedEnds(deps.owner, deps.limits.unrecordedMax),
})

/** The schedule of a sale, as its carrier plans it. */
export const scheduleOf = (state: Attempts, sale: SaleRecord): Schedule => ({
  ...state.carrierOf(sale.job).followUp(sale),
  jitterRatio: state.limits.jitterRatio,
  clockSkewMs: state.limits.clockSkewMs,
})

/** A lease from now on, with the moment of this process's own clock at which it ends. */
export const takeLease = (state: Attempts): Lease & { readonly endsAtMs: number } => {
  const { leaseMs } = state.limits
  // Taken before the write: the lease others see ends no earlier than the one this process counts on.
  const endsAtMs = state.monotonicMs() + leaseMs
  const startedAt = state.now()
  return {
    owner: state.owner,
    startedAt,
    leaseUntil: new Date(startedAt.getTime() + leaseMs),
    endsAtMs,
  }
}

/**
 * Makes the call of an attempt that is durable, and records its evidence.
 * @param onEvidence receives the evidence before it is durable
 */
export const executeAttempt = async (
  state: Attempts,
  sale: SaleRecord,
  permit: Permit,
  lease: ReturnType<typeof takeLease>,
  onEvidence: (evidence: Evidence) => void = () => undefined,
): Promise<SaleRecord> => {
  state.unrecorded.forget(sale.topupId)
  state.crashPoint('after-attempt-recorded')
  const { callTimeoutMs } = state.carrierOf(sale.job)
  // The last step before the socket: no other worker may take the sale over while this call can still run.
  const outlivesCall =
    state.monotonicMs() + callTimeoutMs < lease.endsAtMs &&
    // A machine that slept has lost time that its monotonic clock does not count.
    state.now().getTime() + callTimeoutMs < lease.leaseUntil.getTime()
  if (!outlivesCall) permit.release()
  const evidence = outlivesCall
    ? await send(state, sale, permit)
    : notSent(state, 'lease-too-short', sale.job)
  state.crashPoint('after-call')
  onEvidence(evidence)
  return recordAnswer(state, sale, evidence)
}

const send = async (state: Attempts, sale: SaleRecord, permit: Permit): Promise<Evidence> => {
  state.crashPoint('before-socket')
  const { topupId, correlationId } = sale
  try {
    return await permit.send({ sale, attempt: sale.attempts.length, span: state.span })
  } catch (error) {
    // A bug below proves nothing: the request may have left.
    state.report({ kind: 'failed', topupId, correlationId, error })
    return {
      proves: 'pending',
      ambiguous: true,
      observed: 'the call ended in an error',
      failure: true,
    }
  }
}

/** Records the answer of the sale's last attempt. */
const recordAnswer = async (
  state: Attempts,
  sale: SaleRecord,
  evidence: Evidence,
): Promise<SaleRecord> => {
  const { topupId, correlationId } = sale
  const attemptNumber = sale.attempts.length
  if (evidence.alert !== undefined) {
    const { alert, observed } = evidence
    state.report({ kind: 'alert', topupId, correlationId, alert, observed })
  }
  const endedAt = state.now()
  const jitter = state.random()
  const { afterLookups } = state.carrierOf(sale.job)
  try {
    const next = await state.records.change(sale, (current) => {
      const answeredSale = answered(current, attemptNumber, evidence, endedAt)
      if (answeredSale === current) return current
      // The first attempt belongs to a job that waits for its verdict; a repeat or a lookup belongs to no job.
      const isFirst = attemptNumber === 1 && current.attempts.length === 1 && !current.predates
      const judged = afterLookups(answeredSale)
      const unpublished = current.unpublished || !isFirst
      return { ...scheduled(judged, scheduleOf(state, judged), endedAt, jitter), unpublished }
    })
    state.unrecorded.forget(topupId)
    state.crashPoint('after-answer-recorded')
    return next
  } catch (error) {
    state.unrecorded.remember(topupId, attemptNumber, evidence)
    throw error
  }
}

/** Goes on with a known sale: no new attempt, only the verdict over the attempts so far. */
export const resume = async (state: Attempts, sale: SaleRecord): Promise<SaleRecord> => {
  const last = sale.attempts.at(-1)
  if (last?.answer === null) {
    const evidence = state.unrecorded.evidenceOf(sale, last.attempt)
    if (evidence !== null) return recordAnswer(state, sale, evidence)
  }
  const now = state.now()
  const jitter = state.random()
  return state.records.change(sale, (current) => {
    if (isScheduled(current, scheduleOf(state, current), now)) return current
    const judged = isLeased(state, current, now) ? current : abandoned(current, now)
    return scheduled(judged, scheduleOf(state, judged), now, jitter)
  })
}

/** Tells a sale whose last attempt may still be running. */
export const isLeased = (state: Attempts, sale: SaleRecord, now: Date): boolean => {
  const leaseEnd = unansweredUntil(sale, state.limits.clockSkewMs)
  return leaseEnd !== null && now < leaseEnd
}

/** A job with the exact bytes of its request: a later attempt sends the same. */
export const saleJobOf = (state: Attempts, job: FundsReserved, correlationId: string): SaleJob => ({
  job,
  correlationId,
  body: state.carrierOf(job).requestBody(job),
})

/**
 * A sale that the adapter keeps from its carrier. The promise that it is never sent is made only where no person may
 * have carried it out already.
 */
export const keptBack = (sale: SaleJob, now: Date, withheld?: WithheldReason): SaleRecord =>
  carriedOutBy(sale.job.carrier) === 'person'
    ? predatesDatabase(sale, now)
    : neverSend(sale, now, withheld)

/** A job's admission now. A sale that a person carries out has no deadline: it may be done already. */
export const admissionNow = ({ limits, now }: Attempts, job: FundsReserved): JobAdmission =>
  admissionOf(new Date(job.requestedAt), now(), {
    ...limits,
    ...(carriedOutBy(job.carrier) === 'person' ? { sendDeadlineMs: Infinity } : {}),
  })

export const notSent = (state: Attempts, why: NotSentReason, job: FundsReserved): Evidence =>
  state.carrierOf(job).notSent(why, job)
