import {
  assertNever,
  type CarrierVerdictMessage,
  type FundsReserved,
  type FundsReservedMessage,
  type VerdictKind,
} from '@recargas/contracts'
import type { Asked } from '../domain/answer.ts'
import { openingOf } from '../domain/opening.ts'
import {
  abandoned,
  answered,
  fromBefore,
  isSameSale,
  neverSent,
  started,
  type Topup,
} from '../domain/topup.ts'
import { classifyTopup, type Alert, type Evidence, type NotSentReason } from '../domain/verdict.ts'
import { carrierVerdict } from './carrier-verdict.ts'
import { createUnrecordedEnds } from './unrecorded-ends.ts'

/** Durable on a majority when resolved; a throw leaves open whether it was written. */
type Records = {
  readonly create: (
    topup: Topup,
  ) => Promise<{ readonly kind: 'created' } | { readonly kind: 'known'; readonly topup: Topup }>
  readonly change: (topup: Topup, change: (current: Topup) => Topup) => Promise<Topup>
}

type Admission =
  | { readonly kind: 'refused'; readonly why: NotSentReason }
  | {
      readonly kind: 'admitted'
      readonly send: (body: string, asked: Asked) => Promise<Evidence>
      /** Gives the permission back unused. */
      readonly release: () => void
    }

export type DeliveryStep =
  | 'before-attempt-recorded'
  | 'after-attempt-recorded'
  | 'after-call'
  | 'after-answer-recorded'
  | 'after-verdict-published'

export type DeliveryReport =
  | { readonly kind: 'said'; readonly topupId: string; readonly verdict: VerdictKind }
  | {
      readonly kind: 'alert'
      readonly topupId: string
      readonly alert: Alert
      readonly observed: string
    }
  | { readonly kind: 'unpublished'; readonly topupId: string; readonly outcome: string }
  | { readonly kind: 'failed'; readonly topupId: string; readonly error: unknown }

export type Deps = {
  readonly records: Records
  readonly carrier: { readonly admit: () => Admission }
  /** Whether the ledger's queue has the verdict, for certain. */
  readonly publish: (
    verdict: CarrierVerdictMessage,
  ) => Promise<{ readonly kind: 'confirmed' | 'unroutable' | 'refused' | 'unknown' }>
  readonly now: () => Date
  /** A clock that never jumps: it says how much of a lease is left. */
  readonly monotonicMs: () => number
  readonly crashPoint: (step: DeliveryStep) => void
  readonly report: (report: DeliveryReport) => void
  /** This process, and no other that ever ran. */
  readonly owner: string
  readonly paymentOrigin: string
  readonly limits: {
    readonly bornAt: Date
    readonly clockSkewMs: number
    readonly sendDeadlineMs: number
    readonly leaseMs: number
    readonly callTimeoutMs: number
    readonly unrecordedMax: number
  }
}

export type JobVerdict =
  | { readonly verdict: 'ack' }
  | { readonly verdict: 'retry'; readonly afterMs: number }
  | { readonly verdict: 'dead-letter'; readonly code: string; readonly detail?: string }

const retry: JobVerdict = { verdict: 'retry', afterMs: 5_000 }

type State = Deps & {
  readonly running: Map<string, Promise<Topup>>
  readonly unrecorded: ReturnType<typeof createUnrecordedEnds>
}

/**
 * ③ FundsReserved → one call to the carrier → CarrierVerdict. Every effect is durable before the next one begins:
 * attempt, answer, verdict, then the acknowledgement. A repeated job makes no new attempt; it hears what is known.
 */
export const createDeliverTopup = (
  deps: Deps,
): ((message: FundsReservedMessage) => Promise<JobVerdict>) => {
  const unrecorded = createUnrecordedEnds(deps.owner, deps.limits.unrecordedMax)
  const state: State = { ...deps, running: new Map(), unrecorded }
  return async ({ data: job, correlationid }) => {
    try {
      const topup = await resolveOnce(state, job)
      if (!isSameSale(topup, job)) {
        return { verdict: 'dead-letter', code: 'ANOTHER_SALE', detail: 'the id is of another sale' }
      }
      return await say(state, topup, correlationid)
    } catch (error) {
      // Whatever was not recorded was not sent, or is remembered: the same job again is safe.
      deps.report({ kind: 'failed', topupId: job.topupId, error })
      return retry
    }
  }
}

/** Two deliveries of one job at the same time share one attempt. */
const resolveOnce = (state: State, job: FundsReserved): Promise<Topup> => {
  const running = state.running.get(job.topupId)
  if (running !== undefined) return running
  const resolving = resolve(state, job).finally(() => state.running.delete(job.topupId))
  state.running.set(job.topupId, resolving)
  return resolving
}

const resolve = async (state: State, job: FundsReserved): Promise<Topup> => {
  const now = state.now()
  const body = requestBody(job, state.paymentOrigin)
  const opening = openingOf(new Date(job.requestedAt), now, state.limits)
  switch (opening) {
    case 'from-before':
      return record(state, fromBefore(job, body, now))
    case 'too-late':
      return record(state, neverSent(job, body, now))
    case 'may-send': {
      const admission = state.carrier.admit()
      // The customer stands at the till: better a clear no at once than a place in a queue.
      if (admission.kind === 'refused') return record(state, neverSent(job, body, now))
      return attempt(state, job, body, admission)
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

type Admitted = Extract<Admission, { kind: 'admitted' }>

const attempt = async (
  state: State,
  job: FundsReserved,
  body: string,
  admission: Admitted,
): Promise<Topup> => {
  const { leaseMs } = state.limits
  // Taken before the write: the lease others see ends no earlier than the one this process counts on.
  const leaseEndsAt = state.monotonicMs() + leaseMs
  const startedAt = state.now()
  const leaseUntil = new Date(startedAt.getTime() + leaseMs)
  const topup = started(job, body, { owner: state.owner, startedAt, leaseUntil })
  state.crashPoint('before-attempt-recorded')
  try {
    const created = await state.records.create(topup)
    if (created.kind === 'known') {
      admission.release()
      return await recall(state, created.topup)
    }
  } catch (error) {
    admission.release()
    state.unrecorded.remember(job.topupId, 1, notSent('not-recorded', job))
    throw error
  }
  state.unrecorded.forget(job.topupId)
  state.crashPoint('after-attempt-recorded')
  const outlives = () =>
    state.monotonicMs() + state.limits.callTimeoutMs < leaseEndsAt &&
    // A machine that slept has lost time its monotonic clock does not know of.
    state.now().getTime() + state.limits.callTimeoutMs < leaseUntil.getTime()
  const evidence = await send(state, topup, admission, outlives)
  state.crashPoint('after-call')
  return recordAnswer(state, topup, 1, evidence)
}

/** The last step before the socket: nobody else may take the sale over while this call can still run. */
const send = async (
  state: State,
  topup: Topup,
  admission: Admitted,
  leaseOutlivesCall: () => boolean,
): Promise<Evidence> => {
  const asked = askedOf(topup.job)
  if (!leaseOutlivesCall()) {
    admission.release()
    return notSent('lease-too-short', topup.job)
  }
  try {
    return await admission.send(topup.body, asked)
  } catch (error) {
    // A bug below is no proof of anything: the request may have left.
    state.report({ kind: 'failed', topupId: topup.topupId, error })
    return classifyTopup({ kind: 'transport-error', phase: 'after', code: 'EXCEPTION' }, asked)
  }
}

const recordAnswer = async (
  state: State,
  topup: Topup,
  attemptNumber: number,
  evidence: Evidence,
): Promise<Topup> => {
  const { topupId } = topup
  if (evidence.alert !== undefined) {
    const { alert, observed } = evidence
    state.report({ kind: 'alert', topupId, alert, observed })
  }
  const endedAt = state.now()
  try {
    const next = await state.records.change(topup, (current) =>
      answered(current, attemptNumber, evidence, endedAt),
    )
    state.unrecorded.forget(topupId)
    state.crashPoint('after-answer-recorded')
    return next
  } catch (error) {
    state.unrecorded.remember(topupId, attemptNumber, evidence)
    throw error
  }
}

/** A known top-up: no new attempt, only what its attempts have come to. */
const recall = async (state: State, topup: Topup): Promise<Topup> => {
  const last = topup.attempts.at(-1)
  if (last === undefined || last.answer !== null) return topup
  const end = state.unrecorded.recall(topup, last.attempt)
  if (end !== null) return recordAnswer(state, topup, last.attempt, end)
  if (isLeased(state, topup)) return topup
  return state.records.change(topup, (current) => abandoned(current, state.now()))
}

/** Another clock wrote the lease: it counts as running until both must agree that it is over. */
const isLeased = (state: State, topup: Topup): boolean => {
  const last = topup.attempts.at(-1)
  if (last === undefined || last.answer !== null) return false
  return state.now().getTime() < last.leaseUntil.getTime() + state.limits.clockSkewMs
}

const say = async (state: State, topup: Topup, correlationId: string): Promise<JobVerdict> => {
  const nextAt = isLeased(state, topup)
    ? new Date((topup.attempts.at(-1)?.leaseUntil.getTime() ?? 0) + state.limits.clockSkewMs)
    : null
  const message = carrierVerdict(topup, correlationId, state.now(), nextAt)
  const { kind: outcome } = await state.publish(message)
  if (outcome !== 'confirmed') {
    state.report({ kind: 'unpublished', topupId: topup.topupId, outcome })
    return retry
  }
  state.crashPoint('after-verdict-published')
  state.report({ kind: 'said', topupId: topup.topupId, verdict: message.data.verdict })
  return { verdict: 'ack' }
}

/** The exact bytes of the request, kept so that a later attempt sends the same. */
const requestBody = (job: FundsReserved, paymentOrigin: string): string =>
  JSON.stringify({
    idempotency_token: job.topupId,
    amount: job.carrierAmount,
    service_provider: job.slug,
    destination_number: job.number,
    payment_token: job.topupId,
    payment_origin: paymentOrigin,
  })

const askedOf = (job: FundsReserved): Asked => ({
  token: job.topupId,
  number: job.number,
  slug: job.slug,
  amount: job.carrierAmount,
})

const notSent = (why: NotSentReason, job: FundsReserved): Evidence =>
  classifyTopup({ kind: 'not-sent', why }, askedOf(job))
