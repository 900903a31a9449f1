import type {
  Bundle,
  CarrierVerdictMessage,
  FundsReserved,
  VerdictKind,
  WithheldReason,
} from '@recargas/contracts'
import type { CrashPoint } from '@recargas/runtime'
import type { Asked } from '../domain/answer.ts'
import { askedBundle, purchaseBody, type PackageCodes } from '../bundles/buy-bundle.ts'
import type { FoundEvidence } from '../domain/bundle-lookup.ts'
import { concluded } from '../domain/conclude-bundle.ts'
import { isScheduled, scheduled, type Schedule } from '../domain/schedule.ts'
import {
  abandoned,
  answered,
  unansweredUntil,
  type Lease,
  type Sale,
  type Topup,
} from '../domain/topup.ts'
import { classifyTopup, type Alert, type Evidence, type NotSentReason } from '../domain/verdict.ts'
import { createUnrecordedEnds, type UnrecordedEnds } from './unrecorded-ends.ts'

/** Durable on a majority when resolved; a throw leaves open whether it was written. */
type Records = {
  readonly create: (
    topup: Topup,
  ) => Promise<{ readonly kind: 'created' } | { readonly kind: 'known'; readonly topup: Topup }>
  readonly change: (topup: Topup, change: (current: Topup) => Topup) => Promise<Topup>
}

/** A repeat or a lookup waits where a new sale may lead the way back to the carrier. */
export type Purpose = 'sale' | 'repeat' | 'lookup'
type Admission = { readonly kind: 'refused'; readonly why: NotSentReason } | Admitted
export type Admitted = {
  readonly kind: 'admitted'
  readonly send: (body: string, asked: Asked, sale: SaleAttempt) => Promise<FoundEvidence>
  /** Gives the permission back unused. */
  readonly release: () => void
}

export type BundleJob = FundsReserved & { readonly bundle: Bundle }

export type DeliveryStep = CrashPoint<'adapter'>

/** Which sale, and which request at the till it goes back to. */
type OfSale = { readonly topupId: string; readonly correlationId: string }
/** Which attempt of it a call belongs to. */
export type SaleAttempt = OfSale & { readonly attempt: number }
export type DeliveryReport = OfSale &
  (
    | { readonly kind: 'said'; readonly verdict: VerdictKind; readonly attempts: number }
    | {
        readonly kind: 'alert'
        readonly alert: Alert
        readonly observed: string
      }
    | { readonly kind: 'unpublished'; readonly outcome: string }
    | { readonly kind: 'failed'; readonly error: unknown }
  )

export type Deps = {
  readonly records: Records
  /** Top-ups, bundles and questions each have a way of their own, so that none of them stops another. */
  readonly carrier: {
    readonly admit: (job: Pick<FundsReserved, 'bundle'>, purpose: Purpose) => Admission
  }
  /** The reason for keeping a bundle from the carrier now; null where it may be sold as it was quoted. */
  readonly checkOffer: (job: BundleJob) => Promise<WithheldReason | null>
  /** Whether the ledger's queue has the verdict, for certain. */
  readonly publish: (
    verdict: CarrierVerdictMessage,
  ) => Promise<{ readonly kind: 'confirmed' | 'unroutable' | 'refused' | 'unknown' }>
  readonly now: () => Date
  /** A clock that never jumps: it says how much of a lease is left. */
  readonly monotonicMs: () => number
  /** From 0 to 1, evenly. */
  readonly random: () => number
  readonly crashPoint: (step: DeliveryStep) => void
  readonly report: (report: DeliveryReport) => void
  /** This process, and no other that ever ran. */
  readonly owner: string
  readonly paymentOrigin: string
  readonly packageCodes: PackageCodes
  readonly limits: Schedule & {
    readonly bornAt: Date
    readonly sendDeadlineMs: number
    readonly leaseMs: number
    readonly callTimeoutMs: number
    readonly unrecordedMax: number
  }
}

/** What all of this process that calls the carrier shares. */
export type Attempts = Deps & { readonly unrecorded: UnrecordedEnds }

export const createAttempts = (deps: Deps): Attempts => ({
  ...deps,
  unrecorded: createUnrecordedEnds(deps.owner, deps.limits.unrecordedMax),
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
 * Makes the call of an attempt that is durable, and records what it came to.
 * @param onEvidence hears what the call proves before that is durable
 */
export const carryOut = async (
  state: Attempts,
  topup: Topup,
  admission: Admitted,
  lease: ReturnType<typeof takeLease>,
  onEvidence: (evidence: FoundEvidence) => void = () => undefined,
): Promise<Topup> => {
  state.unrecorded.forget(topup.topupId)
  state.crashPoint('after-attempt-recorded')
  const outlives = () =>
    state.monotonicMs() + state.limits.callTimeoutMs < lease.endsAtMs &&
    // A machine that slept has lost time its monotonic clock does not know of.
    state.now().getTime() + state.limits.callTimeoutMs < lease.leaseUntil.getTime()
  const evidence = await send(state, topup, admission, outlives)
  state.crashPoint('after-call')
  onEvidence(evidence)
  return recordAnswer(state, topup, topup.attempts.length, evidence)
}

/** The last step before the socket: nobody else may take the sale over while this call can still run. */
const send = async (
  state: Attempts,
  topup: Topup,
  admission: Admitted,
  leaseOutlivesCall: () => boolean,
): Promise<FoundEvidence> => {
  const asked = askedOf(state, topup.job)
  if (!leaseOutlivesCall()) {
    admission.release()
    return notSent(state, 'lease-too-short', topup.job)
  }
  state.crashPoint('before-socket')
  const { topupId, correlationId } = topup
  const sale = { topupId, correlationId, attempt: topup.attempts.length }
  try {
    return await admission.send(topup.body, asked, sale)
  } catch (error) {
    // A bug below is no proof of anything: the request may have left.
    state.report({ kind: 'failed', topupId, correlationId, error })
    return classifyTopup({ kind: 'transport-error', phase: 'after', code: 'EXCEPTION' }, asked)
  }
}

const recordAnswer = async (
  state: Attempts,
  topup: Topup,
  attemptNumber: number,
  evidence: FoundEvidence,
): Promise<Topup> => {
  const { topupId, correlationId } = topup
  if (evidence.alert !== undefined) {
    const { alert, observed } = evidence
    state.report({ kind: 'alert', topupId, correlationId, alert, observed })
  }
  const endedAt = state.now()
  const jitter = state.random()
  try {
    const next = await state.records.change(topup, (current) => {
      const told = answered(current, attemptNumber, evidence, endedAt)
      if (told === current) return current
      // The first attempt belongs to a job that waits for its verdict; a repeat or a lookup belongs to nobody else.
      const isFirst = attemptNumber === 1 && current.attempts.length === 1 && !current.predates
      const judged = concluded(told, state.limits.callTimeoutMs)
      const unsaid = current.unsaid || !isFirst
      return { ...scheduled(judged, state.limits, endedAt, jitter), unsaid }
    })
    state.unrecorded.forget(topupId)
    state.crashPoint('after-answer-recorded')
    return next
  } catch (error) {
    state.unrecorded.remember(topupId, attemptNumber, evidence)
    throw error
  }
}

/** A known top-up: no new attempt, only what its attempts have come to. */
export const recall = async (state: Attempts, topup: Topup): Promise<Topup> => {
  const last = topup.attempts.at(-1)
  if (last?.answer === null) {
    const end = state.unrecorded.recall(topup, last.attempt)
    if (end !== null) return recordAnswer(state, topup, last.attempt, end)
  }
  const now = state.now()
  const jitter = state.random()
  return state.records.change(topup, (current) => {
    if (isScheduled(current, state.limits, now)) return current
    const judged = isLeased(state, current, now) ? current : abandoned(current, now)
    return scheduled(judged, state.limits, now, jitter)
  })
}

/** Whether an attempt may be running now. */
export const isLeased = (state: Attempts, topup: Topup, now: Date): boolean => {
  const leaseEnd = unansweredUntil(topup, state.limits.clockSkewMs)
  return leaseEnd !== null && now < leaseEnd
}

/** What a job asks to sell, with the exact bytes of its request: a later attempt sends the same. */
export const saleOf = (state: Attempts, job: FundsReserved, correlationId: string): Sale => ({
  job,
  correlationId,
  body:
    job.bundle === undefined
      ? topupBody(job, state.paymentOrigin)
      : purchaseBody(job, job.bundle, state.packageCodes),
})

const topupBody = (job: FundsReserved, paymentOrigin: string): string =>
  JSON.stringify({
    idempotency_token: job.topupId,
    amount: job.carrierAmount,
    service_provider: job.slug,
    destination_number: job.number,
    payment_token: job.topupId,
    payment_origin: paymentOrigin,
  })

const askedOf = (state: Pick<Attempts, 'packageCodes'>, job: FundsReserved): Asked => ({
  token: job.topupId,
  number: job.number,
  slug: job.slug,
  amount: job.carrierAmount,
  ...(job.bundle === undefined ? {} : { bundle: askedBundle(job.bundle, state.packageCodes) }),
})

export const notSent = (state: Attempts, why: NotSentReason, job: FundsReserved): Evidence =>
  classifyTopup({ kind: 'not-sent', why }, askedOf(state, job))
