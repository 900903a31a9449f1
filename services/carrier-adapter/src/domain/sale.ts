import {
  invariant,
  type FundsReserved,
  type VerdictKind,
  type WithheldReason,
} from '@recargas/contracts'
import type { Evidence } from './evidence.ts'
import { outcomeOf } from './outcome.ts'

/** An answer as it is recorded with its attempt. */
export type RecordedAnswer = Omit<Evidence, 'failure' | 'alert' | 'retryAfterMs'> & {
  readonly endedAt: Date
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

/** A carrier's job as the ledger sent it, with the request that its attempts send. */
export type SaleJob = {
  readonly job: FundsReserved
  /** The request's exact bytes: every attempt sends the same. */
  readonly body: string
  readonly correlationId: string
}

/** Everything the adapter knows of one sale. */
export type SaleRecord = SaleJob & {
  readonly topupId: string
  readonly attempts: readonly Attempt[]
  /** This database cannot prove that nothing was sent: the job is older than it, or a person carries the sale out. */
  readonly predates: boolean
  readonly ambiguous: boolean
  /** The promise that nothing was sent and nothing ever will be. */
  readonly neverSend: boolean
  /** The carrier's list did not show the bundle as it was quoted: the reason for the promise. */
  readonly withheld?: WithheldReason
  /** A person decides: no attempt may start. */
  readonly closed: boolean
  /** The latest verdict over all attempts; null while the first attempt runs. */
  readonly verdict: VerdictKind | null
  /** The time of a worker's next look: a repeat is due, or a running attempt's lease is over. */
  readonly nextAt: Date | null
  /** The ledger may not have heard the verdict yet, and no job will ask for it. */
  readonly unpublished: boolean
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

const fresh = (sale: SaleJob, now: Date): SaleRecord => ({
  topupId: sale.job.topupId,
  ...sale,
  attempts: [],
  predates: false,
  ambiguous: false,
  neverSend: false,
  closed: false,
  verdict: null,
  nextAt: null,
  unpublished: false,
  createdAt: now,
  updatedAt: now,
  revision: 1,
})

/** A sale whose first attempt may be made once this is durable. */
export const started = (sale: SaleJob, lease: Lease): SaleRecord => ({
  ...fresh(sale, lease.startedAt),
  attempts: [{ attempt: 1, ...lease, answer: null }],
})

/** A sale that is not sent and never will be. */
export const neverSend = (sale: SaleJob, now: Date, withheld?: WithheldReason): SaleRecord => ({
  ...fresh(sale, now),
  neverSend: true,
  ...(withheld === undefined ? {} : { withheld }),
  verdict: 'not-sent',
})

/** A sale from before this database, or one that a person may have carried out: never called or released from here. */
export const predatesDatabase = (sale: SaleJob, now: Date): SaleRecord => ({
  ...fresh(sale, now),
  predates: true,
  ambiguous: true,
  verdict: 'pending',
})

/**
 * Steps after an unclear attempt, at these times after the first one: the same request again, a question about it, or
 * nothing but the wait for a person. After the last step the sale goes in review.
 */
export type FollowUp = {
  readonly by: 'repeat' | 'look-up' | 'wait'
  /** Rising. Empty: nothing follows, and an unclear sale stays pending. */
  readonly stepsMs: readonly number[]
}

type Follow = Pick<FollowUp, 'by'> & { readonly clockSkewMs: number }

/** The sale with one more attempt. Its lease over without an answer, the schedule goes on. */
export const repeated = (sale: SaleRecord, lease: Lease, follow: Follow): SaleRecord => {
  invariant(
    !sale.closed && !sale.neverSend && !sale.predates,
    'only a sale that may be sent is repeated',
  )
  invariant(follow.by === 'repeat', 'a sale that is looked up is never sent again')
  return withAttempt(sale, lease, follow.clockSkewMs, {})
}

/** The sale with one more lookup. It sells nothing, so a sale from before this database may be looked up too. */
export const lookedUp = (sale: SaleRecord, lease: Lease, follow: Follow): SaleRecord => {
  invariant(!sale.closed && !sale.neverSend, 'only a sale that may have been sent is looked up')
  invariant(follow.by === 'look-up', 'a sale that is repeated is not looked up')
  return withAttempt(sale, lease, follow.clockSkewMs, { lookup: true })
}

const withAttempt = (
  sale: SaleRecord,
  lease: Lease,
  clockSkewMs: number,
  kind: Pick<Attempt, 'lookup'>,
): SaleRecord => ({
  ...sale,
  attempts: [
    ...sale.attempts,
    { attempt: sale.attempts.length + 1, ...lease, ...kind, answer: null },
  ],
  nextAt: new Date(lease.leaseUntil.getTime() + clockSkewMs),
  updatedAt: lease.startedAt,
})

/** The sale once a person decides: no attempt starts any more. */
export const closed = (sale: SaleRecord, now: Date): SaleRecord =>
  sale.closed ? sale : { ...sale, closed: true, nextAt: null, updatedAt: now }

/**
 * The end of the lease of an attempt without an answer, which may still be running; null where the last attempt has its
 * answer. Another clock wrote the lease: it counts as running until both must agree that it is over.
 */
export const unansweredUntil = (sale: SaleRecord, clockSkewMs: number): Date | null => {
  const last = sale.attempts.at(-1)
  if (last === undefined || last.answer !== null) return null
  return new Date(last.leaseUntil.getTime() + clockSkewMs)
}

/** The sale with an attempt's answer. An answer already recorded stays: it was the same attempt's. */
export const answered = (
  sale: SaleRecord,
  attempt: number,
  evidence: Evidence,
  now: Date,
): SaleRecord => {
  const current = sale.attempts.find((candidate) => candidate.attempt === attempt)
  invariant(current !== undefined, 'an answer belongs to a recorded attempt')
  if (current.answer !== null) return sale
  const answer = toRecorded(evidence, now)
  return judged({
    ...sale,
    attempts: sale.attempts.map((candidate) =>
      candidate === current ? { ...candidate, answer } : candidate,
    ),
    updatedAt: now,
  })
}

/** The sale after the lease of its last attempt ended without an answer: its owner may have called and died. */
export const abandoned = (sale: SaleRecord, now: Date): SaleRecord => {
  const next = judged({ ...sale, updatedAt: now })
  return next.verdict === sale.verdict && next.ambiguous === sale.ambiguous ? sale : next
}

/** Compares a job with the record under its id; one id has one effect. */
export const isSameSale = (sale: SaleRecord, job: FundsReserved): boolean =>
  sale.job.merchant === job.merchant &&
  sale.job.operator === job.operator &&
  sale.job.carrier === job.carrier &&
  sale.job.slug === job.slug &&
  sale.job.number === job.number &&
  sale.job.amount === job.amount &&
  sale.job.carrierAmount === job.carrierAmount &&
  sale.job.bundle?.provider === job.bundle?.provider &&
  sale.job.bundle?.code === job.bundle?.code

const judged = (sale: SaleRecord): SaleRecord => {
  const { verdict, ambiguous } = outcomeOf({
    predates: sale.predates,
    // A lookup without an answer proves nothing.
    attempts: sale.attempts
      .filter(({ lookup, answer }) => lookup !== true || answer !== null)
      .map(({ lookup, answer }) =>
        answer === null || lookup !== true ? answer : { ...answer, lookup },
      ),
  })
  invariant(
    !sale.neverSend || verdict === 'not-sent',
    'a sale that was promised never to be sent has no answer',
  )
  return {
    ...sale,
    // A sale in review stays with its person until an answer is clear.
    verdict: verdict === 'pending' && sale.verdict === 'unresolved' ? 'unresolved' : verdict,
    ambiguous,
    neverSend: sale.neverSend || verdict === 'not-sent',
  }
}

/** Drops the members that only the process which made the call needs. */
const toRecorded = (
  { failure: _failure, alert: _alert, retryAfterMs: _retryAfterMs, ...recorded }: Evidence,
  endedAt: Date,
): RecordedAnswer => ({ ...recorded, endedAt })
