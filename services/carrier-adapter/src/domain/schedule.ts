import { unansweredUntil, type Topup } from './topup.ts'

/** When an unclear top-up is sent again: the same bytes under the same token. */
export type Schedule = {
  /** Counted from the first attempt's start, rising. Empty: nothing is repeated, and what is unclear stays pending. */
  readonly repeatMs: readonly number[]
  /** By which part of itself a time may come earlier or later, so that many sales do not come back at once. */
  readonly jitterRatio: number
  readonly clockSkewMs: number
}

/** How long after its last time a repeat that was held up may still be made. */
export const graceMs = 30_000

/** What a worker that looks at a top-up has to do. */
export type DueStep = 'nothing' | 'give-attempt-up' | 'repeat' | 'give-up'

export const dueStepOf = (topup: Topup, schedule: Schedule, now: Date): DueStep => {
  if (!isOpen(topup) || topup.nextAt === null || now < topup.nextAt) return 'nothing'
  const leaseEnd = unansweredUntil(topup, schedule.clockSkewMs)
  if (leaseEnd !== null) {
    if (now < leaseEnd) return 'nothing'
    if (topup.nextAt <= leaseEnd) return 'give-attempt-up'
  }
  // A sale from before this database may have been released since: nothing of it is sent from here.
  return topup.predates || now > windowEnd(topup, schedule) ? 'give-up' : 'repeat'
}

/** Whether the top-up has the time of its next look, or needs none. */
export const isScheduled = (topup: Topup, schedule: Schedule, now: Date): boolean => {
  if (!isOpen(topup) || schedule.repeatMs.length === 0) return topup.verdict !== null
  return topup.nextAt !== null && dueStepOf(topup, schedule, now) !== 'give-attempt-up'
}

/**
 * The top-up with the time of its next look; unresolved where none is left.
 * @param jitter drawn evenly from 0 to 1
 */
export const scheduled = (topup: Topup, schedule: Schedule, now: Date, jitter: number): Topup => {
  if (!isOpen(topup) || schedule.repeatMs.length === 0) return withNextAt(topup, null)
  const leaseEnd = unansweredUntil(topup, schedule.clockSkewMs)
  if (leaseEnd !== null && now < leaseEnd) return withNextAt(topup, leaseEnd)
  const nextAt = nextLook(topup, schedule, now, jitter)
  return nextAt === null ? givenUp(topup) : withNextAt(topup, nextAt)
}

/** The top-up whose schedule is over: from here on it is a person's. */
export const givenUp = (topup: Topup): Topup => ({ ...topup, verdict: 'unresolved', nextAt: null })

/** A repeat the carrier cannot be asked for now; others that are due get their turn meanwhile. */
export const postponed = (topup: Topup, until: Date): Topup => ({ ...topup, nextAt: until })

const isOpen = (topup: Topup): boolean =>
  !topup.closed && (topup.verdict === null || topup.verdict === 'pending')

const withNextAt = (topup: Topup, nextAt: Date | null): Topup =>
  topup.nextAt?.getTime() === nextAt?.getTime() ? topup : { ...topup, nextAt }

/** When the sale was first sent, as far as anybody knows. */
const startOf = (topup: Topup): number =>
  topup.attempts[0]?.startedAt.getTime() ?? Date.parse(topup.job.requestedAt)

const windowEnd = (topup: Topup, schedule: Schedule): Date =>
  new Date(startOf(topup) + (schedule.repeatMs.at(-1) ?? 0) + graceMs)

/**
 * The first time of the schedule that the last attempt has not used up. Times that passed while it ran are left out:
 * a carrier that hangs is not asked twice in a row. Only the last one is made up for.
 */
const nextLook = (
  topup: Topup,
  { repeatMs, jitterRatio, ...schedule }: Schedule,
  now: Date,
  jitter: number,
): Date | null => {
  const end = windowEnd(topup, { repeatMs, jitterRatio, ...schedule })
  if (now > end) return null
  const last = topup.attempts.at(-1)
  if (last === undefined) return end
  const start = startOf(topup)
  const earliest = (stepMs: number) => start + stepMs * (1 - jitterRatio)
  const endedAt = last.answer?.endedAt.getTime() ?? last.leaseUntil.getTime() + schedule.clockSkewMs
  const next = repeatMs.find((stepMs) => earliest(stepMs) > endedAt)
  if (next === undefined && earliest(repeatMs.at(-1) ?? 0) <= last.startedAt.getTime()) return null
  const nextMs =
    next === undefined
      ? now.getTime()
      : start + Math.round(next * (1 + jitterRatio * (2 * jitter - 1)))
  // Later than the lease's end, which is a look of another kind.
  return new Date(Math.max(nextMs, endedAt + 1))
}
