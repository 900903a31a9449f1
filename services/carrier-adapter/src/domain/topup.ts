import {
  invariant,
  type FundsReserved,
  type VerdictKind,
  type WithheldReason,
} from '@recargas/contracts'
import type { Finding, FoundEvidence } from './bundle-lookup.ts'
import { outcomeOf } from './outcome.ts'
import type { Evidence } from './verdict.ts'

/** An answer as it is kept with its attempt. */
export type RecordedAnswer = Omit<Evidence, 'failure' | 'alert' | 'retryAfterMs'> & {
  readonly endedAt: Date
  /** What a lookup found. */
  readonly finding?: Finding
}

/** One call, recorded before it is made. Nobody else may call before the lease has ended. */
export type Attempt = {
  readonly attempt: number
  readonly startedAt: Date
  readonly leaseUntil: Date
  readonly owner: string
  /** A question about an earlier attempt: it sells nothing. */
  readonly lookup?: true
  readonly answer: RecordedAnswer | null
}

/** What is to be sold, as it was asked for. */
export type Sale = {
  readonly job: FundsReserved
  /** The request's exact bytes: every attempt sends the same. */
  readonly body: string
  readonly correlationId: string
}

/** Everything the adapter knows of one top-up. */
export type Topup = Sale & {
  readonly topupId: string
  readonly attempts: readonly Attempt[]
  /** The job is older than this database, which therefore cannot say that nothing was sent. */
  readonly predates: boolean
  readonly ambiguous: boolean
  /** The promise that nothing was sent and nothing ever will be. */
  readonly never: boolean
  /** The carrier's list did not show the bundle as it was quoted: the reason for the promise. */
  readonly withheld?: WithheldReason
  /** A person decides: no attempt may start. */
  readonly closed: boolean
  /** What was last proven; null while the first attempt runs. */
  readonly verdict: VerdictKind | null
  /** When a worker looks at it next: a repeat is due, or a running attempt's lease is over. */
  readonly nextAt: Date | null
  /** The ledger may not have heard the verdict yet, and no job will ask for it. */
  readonly unsaid: boolean
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

const fresh = (sale: Sale, now: Date): Topup => ({
  topupId: sale.job.topupId,
  ...sale,
  attempts: [],
  predates: false,
  ambiguous: false,
  never: false,
  closed: false,
  verdict: null,
  nextAt: null,
  unsaid: false,
  createdAt: now,
  updatedAt: now,
  revision: 1,
})

/** A top-up whose first attempt may be made once this is durable. */
export const started = (sale: Sale, lease: Lease): Topup => ({
  ...fresh(sale, lease.startedAt),
  attempts: [{ attempt: 1, ...lease, answer: null }],
})

/** A top-up that is not sent and never will be. */
export const neverSent = (sale: Sale, now: Date, withheld?: WithheldReason): Topup => ({
  ...fresh(sale, now),
  never: true,
  ...(withheld === undefined ? {} : { withheld }),
  verdict: 'not-sent',
})

/** A top-up from before this database: never called from here, never released from here. */
export const fromBefore = (sale: Sale, now: Date): Topup => ({
  ...fresh(sale, now),
  predates: true,
  ambiguous: true,
  verdict: 'pending',
})

/** The top-up with one more attempt. Whoever finds its lease over without an answer takes the schedule up again. */
export const repeated = (topup: Topup, lease: Lease, clockSkewMs: number): Topup => {
  invariant(
    !topup.closed && !topup.never && !topup.predates,
    'only a top-up that may be sent is repeated',
  )
  invariant(topup.job.bundle === undefined, 'a bundle is bought once and then looked up')
  return withAttempt(topup, lease, clockSkewMs, {})
}

/** The bundle with one more lookup. It sells nothing, so one from before this database may be looked up too. */
export const lookedUp = (topup: Topup, lease: Lease, clockSkewMs: number): Topup => {
  invariant(
    !topup.closed && !topup.never && topup.job.bundle !== undefined,
    'only a bundle that may have been bought is looked up',
  )
  return withAttempt(topup, lease, clockSkewMs, { lookup: true })
}

const withAttempt = (
  topup: Topup,
  lease: Lease,
  clockSkewMs: number,
  kind: Pick<Attempt, 'lookup'>,
): Topup => ({
  ...topup,
  attempts: [
    ...topup.attempts,
    { attempt: topup.attempts.length + 1, ...lease, ...kind, answer: null },
  ],
  nextAt: new Date(lease.leaseUntil.getTime() + clockSkewMs),
  updatedAt: lease.startedAt,
})

/** The top-up once a person decides: no attempt starts any more. */
export const closed = (topup: Topup, now: Date): Topup =>
  topup.closed ? topup : { ...topup, closed: true, nextAt: null, updatedAt: now }

/**
 * Until when an attempt without an answer may still be running; null where the last one has its answer. Another
 * clock wrote the lease: it counts as running until both must agree that it is over.
 */
export const unansweredUntil = (topup: Topup, clockSkewMs: number): Date | null => {
  const last = topup.attempts.at(-1)
  if (last === undefined || last.answer !== null) return null
  return new Date(last.leaseUntil.getTime() + clockSkewMs)
}

/** The top-up with an attempt's answer. An answer already recorded stays: it was the same attempt's. */
export const answered = (
  topup: Topup,
  attempt: number,
  evidence: FoundEvidence,
  now: Date,
): Topup => {
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
  topup.job.carrierAmount === job.carrierAmount &&
  topup.job.bundle?.provider === job.bundle?.provider &&
  topup.job.bundle?.code === job.bundle?.code

const judged = (topup: Topup): Topup => {
  const { verdict, ambiguous } = outcomeOf({
    predates: topup.predates,
    // A question nobody heard the answer of says nothing.
    attempts: topup.attempts
      .filter(({ lookup, answer }) => lookup !== true || answer !== null)
      .map(({ lookup, answer }) =>
        answer === null || lookup !== true ? answer : { ...answer, lookup },
      ),
  })
  invariant(
    !topup.never || verdict === 'not-sent',
    'what was promised never to be sent has no answer',
  )
  return {
    ...topup,
    // What a person has to look at stays theirs until an answer is clear.
    verdict: verdict === 'pending' && topup.verdict === 'unresolved' ? 'unresolved' : verdict,
    ambiguous,
    never: topup.never || verdict === 'not-sent',
  }
}

/** What only the process that made the call needs is not kept. */
const toRecorded = (evidence: FoundEvidence, endedAt: Date): RecordedAnswer => {
  const { httpStatus, carrierStatus, resultCode, invalid, differs, finding } = evidence
  return {
    row: evidence.row,
    proves: evidence.proves,
    ambiguous: evidence.ambiguous,
    observed: evidence.observed,
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(carrierStatus === undefined ? {} : { carrierStatus }),
    ...(resultCode === undefined ? {} : { resultCode }),
    ...(invalid === undefined ? {} : { invalid }),
    ...(differs === undefined ? {} : { differs }),
    ...(finding === undefined ? {} : { finding }),
    endedAt,
  }
}
