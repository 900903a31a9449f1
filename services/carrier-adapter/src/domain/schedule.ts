import { unansweredUntil, type Topup } from './topup.ts'

/** When an unclear top-up is sent again, the same bytes under the same token, and when an unclear bundle is looked up. */
export type Schedule = {
  /** Counted from the first attempt's start, rising. Empty: nothing is repeated, and what is unclear stays pending. */
  readonly repeatMs: readonly number[]
  /** The same for the lookups of a bundle, which is never sent again. */
  readonly lookupMs: readonly number[]
  /** By which part of itself a time may come earlier or later, so that many sales do not come back at once. */
  readonly jitterRatio: number
  readonly clockSkewMs: number
}

/** How long after its last time a repeat that was held up may still be made. */
export const graceMs = 30_000

/** What a worker that looks at a top-up has to do. */
export type DueStep = 'nothing' | 'give-attempt-up' | 'repeat' | 'look-up' | 'give-up'

export const dueStepOf = (topup: Topup, schedule: Schedule, now: Date): DueStep => {
  if (!isOpen(topup) || topup.nextAt === null || now < topup.nextAt) return 'nothing'
  const leaseEnd = unansweredUntil(topup, schedule.clockSkewMs)
  if (leaseEnd !== null) {
    if (now < leaseEnd) return 'nothing'
    if (topup.nextAt <= leaseEnd) return 'give-attempt-up'
  }
  // A question harms nobody, however late: what was held up is asked once before it is given up.
  if (topup.job.bundle !== undefined) return 'look-up'
  // A sale from before this database may have been released since: nothing of it is sent from here.
  return topup.predates || isOver(topup, schedule, now) ? 'give-up' : 'repeat'
}

/** Whether the top-up has the time of its next look, or needs none. */
export const isScheduled = (topup: Topup, schedule: Schedule, now: Date): boolean => {
  if (!isOpen(topup) || stepsOf(topup, schedule).length === 0) return topup.verdict !== null
  return topup.nextAt !== null && dueStepOf(topup, schedule, now) !== 'give-attempt-up'
}

/**
 * The top-up with the time of its next look; unresolved where none is left.
 * @param jitter drawn evenly from 0 to 1
 */
export const scheduled = (topup: Topup, schedule: Schedule, now: Date, jitter: number): Topup => {
  if (!isOpen(topup) || stepsOf(topup, schedule).length === 0) return withNextAt(topup, null)
  const leaseEnd = unansweredUntil(topup, schedule.clockSkewMs)
  if (leaseEnd !== null && now < leaseEnd) return withNextAt(topup, leaseEnd)
  const nextAt = nextLook(topup, schedule, now, jitter)
  return nextAt === null ? givenUp(topup) : withNextAt(topup, nextAt)
}

/** The top-up whose schedule is over: from here on it is a person's. */
export const givenUp = (topup: Topup): Topup => ({ ...topup, verdict: 'unresolved', nextAt: null })

/** A repeat or a lookup the carrier cannot be asked for now; others that are due get their turn meanwhile. */
export const postponed = (topup: Topup, until: Date): Topup => ({ ...topup, nextAt: until })

/** Whether the last time of the schedule, and the grace after it, have passed. */
export const isOver = (topup: Topup, schedule: Schedule, now: Date): boolean =>
  now > windowEnd(topup, schedule)

const isOpen = (topup: Topup): boolean =>
  !topup.closed && (topup.verdict === null || topup.verdict === 'pending')

const withNextAt = (topup: Topup, nextAt: Date | null): Topup =>
  topup.nextAt?.getTime() === nextAt?.getTime() ? topup : { ...topup, nextAt }

/** When the sale was first sent, as far as anybody knows. */
export const startOf = (topup: Topup): number =>
  (topup.predates ? undefined : topup.attempts[0]?.startedAt.getTime()) ??
  Date.parse(topup.job.requestedAt)

const stepsOf = (topup: Topup, schedule: Schedule): readonly number[] =>
  topup.job.bundle === undefined ? schedule.repeatMs : schedule.lookupMs

const windowEnd = (topup: Topup, schedule: Schedule): Date =>
  new Date(startOf(topup) + (stepsOf(topup, schedule).at(-1) ?? 0) + graceMs)

/**
 * The first time of the schedule that the last attempt has not used up. Times that passed while it ran are left out:
 * a carrier that hangs is not asked twice in a row. Only the last one is made up for.
 */
const nextLook = (topup: Topup, schedule: Schedule, now: Date, jitter: number): Date | null => {
  const isBundle = topup.job.bundle !== undefined
  const end = windowEnd(topup, schedule)
  if (now > end && !isBundle) return null
  const last = topup.attempts.at(-1)
  if (last === undefined && !isBundle) return end
  const { jitterRatio, clockSkewMs } = schedule
  const steps = stepsOf(topup, schedule)
  const start = startOf(topup)
  const earliest = (stepMs: number) => start + stepMs * (1 - jitterRatio)
  const endedAt =
    last === undefined
      ? now.getTime()
      : (last.answer?.endedAt.getTime() ?? last.leaseUntil.getTime() + clockSkewMs)
  const next = steps.find((stepMs) => earliest(stepMs) > endedAt)
  const isLastUsed = last !== undefined && earliest(steps.at(-1) ?? 0) <= last.startedAt.getTime()
  if (next === undefined && isLastUsed) return null
  const nextMs =
    next === undefined
      ? now.getTime()
      : start + Math.round(next * (1 + jitterRatio * (2 * jitter - 1)))
  // Later than the lease's end, which is a look of another kind.
  return new Date(Math.max(nextMs, endedAt + 1))
}
