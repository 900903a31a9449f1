import { invariant, type FundsReserved, type VerdictKind } from '@recargas/contracts'
import { outcomeOf } from './outcome.ts'
import type { Evidence } from './verdict.ts'

/** An answer as it is kept with its attempt. */
export type RecordedAnswer = Omit<Evidence, 'failure' | 'alert' | 'retryAfterMs'> & {
  readonly endedAt: Date
}

/** One call, recorded before it is made. Nobody else may call before the lease has ended. */
export type Attempt = {
  readonly attempt: number
  readonly startedAt: Date
  readonly leaseUntil: Date
  readonly owner: string
  readonly answer: RecordedAnswer | null
}

/** Everything the adapter knows of one top-up. */
export type Topup = {
  readonly topupId: string
  readonly job: FundsReserved
  /** The request's exact bytes: every attempt sends the same. */
  readonly body: string
  readonly attempts: readonly Attempt[]
  /** The job is older than this database, which therefore cannot say that nothing was sent. */
  readonly predates: boolean
  readonly ambiguous: boolean
  /** The promise that nothing was sent and nothing ever will be. */
  readonly never: boolean
  /** A person decides: no attempt may start. */
  readonly closed: boolean
  /** What was last proven; null while the first attempt runs. */
  readonly verdict: VerdictKind | null
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Raised by every change; a change names the revision it was made from. */
  readonly revision: number
}

export type Lease = {
  readonly owner: string
  readonly startedAt: Date
  readonly leaseUntil: Date
}

const fresh = (job: FundsReserved, body: string, now: Date): Topup => ({
  topupId: job.topupId,
  job,
  body,
  attempts: [],
  predates: false,
  ambiguous: false,
  never: false,
  closed: false,
  verdict: null,
  createdAt: now,
  updatedAt: now,
  revision: 1,
})

/** A top-up whose first attempt may be made once this is durable. */
export const started = (job: FundsReserved, body: string, lease: Lease): Topup => ({
  ...fresh(job, body, lease.startedAt),
  attempts: [{ attempt: 1, ...lease, answer: null }],
})

/** A top-up that is not sent and never will be. */
export const neverSent = (job: FundsReserved, body: string, now: Date): Topup => ({
  ...fresh(job, body, now),
  never: true,
  verdict: 'not-sent',
})

/** A top-up from before this database: never called from here, never released from here. */
export const fromBefore = (job: FundsReserved, body: string, now: Date): Topup => ({
  ...fresh(job, body, now),
  predates: true,
  ambiguous: true,
  verdict: 'pending',
})

/** The top-up with an attempt's answer. An answer already recorded stays: it was the same attempt's. */
export const answered = (topup: Topup, attempt: number, evidence: Evidence, now: Date): Topup => {
  const current = topup.attempts.find((candidate) => candidate.attempt === attempt)
  invariant(current !== undefined, 'an answer belongs to a recorded attempt')
  if (current.answer !== null) return topup
  const answer = toRecorded(evidence, now)
  return judged({
    ...topup,
    attempts: topup.attempts.map((candidate) =>
      candidate === current ? { ...candidate, answer } : candidate,
    ),
    updatedAt: now,
  })
}

/** The top-up whose last attempt's lease ended without an answer: its owner may have called and died. */
export const abandoned = (topup: Topup, now: Date): Topup => {
  const next = judged({ ...topup, updatedAt: now })
  return next.verdict === topup.verdict && next.ambiguous === topup.ambiguous ? topup : next
}

/** Whether a job asks for what the record holds; one id has one effect. */
export const isSameSale = (topup: Topup, job: FundsReserved): boolean =>
  topup.job.merchant === job.merchant &&
  topup.job.operator === job.operator &&
  topup.job.slug === job.slug &&
  topup.job.number === job.number &&
  topup.job.amount === job.amount &&
  topup.job.carrierAmount === job.carrierAmount

const judged = (topup: Topup): Topup => {
  const { verdict, ambiguous } = outcomeOf({
    predates: topup.predates,
    attempts: topup.attempts.map(({ answer }) => answer),
  })
  invariant(
    !topup.never || verdict === 'not-sent',
    'what was promised never to be sent has no answer',
  )
  return { ...topup, verdict, ambiguous, never: topup.never || verdict === 'not-sent' }
}

/** What only the process that made the call needs is not kept. */
const toRecorded = (evidence: Evidence, endedAt: Date): RecordedAnswer => {
  const { httpStatus, carrierStatus, resultCode, invalid } = evidence
  return {
    row: evidence.row,
    proves: evidence.proves,
    ambiguous: evidence.ambiguous,
    observed: evidence.observed,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(carrierStatus === undefined ? {} : { carrierStatus }),
    ...(resultCode === undefined ? {} : { resultCode }),
    ...(invalid === undefined ? {} : { invalid }),
    endedAt,
  }
}
