import { unansweredUntil, type FollowUp, type SaleRecord } from './sale.ts'

/** The follow-up of an unclear sale, as its carrier plans it, with the clocks' tolerance. */
export type Schedule = FollowUp & {
  /** The part of itself by which a time may come earlier or later, so that many sales do not come back at once. */
  readonly jitterRatio: number
  readonly clockSkewMs: number
}

/** Time after the schedule's last step in which a delayed repeat may still be made. */
export const graceMs = 30_000

/** The step that a worker takes when it looks at a sale. */
export type DueStep = 'nothing' | 'give-attempt-up' | 'repeat' | 'look-up' | 'give-up'

export const dueStepOf = (sale: SaleRecord, schedule: Schedule, now: Date): DueStep => {
  if (!isOpen(sale) || sale.nextAt === null || now < sale.nextAt) return 'nothing'
  const leaseEnd = unansweredUntil(sale, schedule.clockSkewMs)
  if (leaseEnd !== null) {
    if (now < leaseEnd) return 'nothing'
    if (sale.nextAt <= leaseEnd) return 'give-attempt-up'
  }
  // A question harms nobody, however late: a delayed lookup is made once before the sale is given up.
  if (schedule.by === 'look-up') return 'look-up'
  if (schedule.by === 'wait') return 'give-up'
  // A sale from before this database may have been released since: nothing of it is sent from here.
  return sale.predates || isOver(sale, schedule, now) ? 'give-up' : 'repeat'
}

/** Tells a sale that has the time of its next look, or needs none. */
export const isScheduled = (sale: SaleRecord, schedule: Schedule, now: Date): boolean => {
  if (!isOpen(sale) || schedule.stepsMs.length === 0) return sale.verdict !== null
  return sale.nextAt !== null && dueStepOf(sale, schedule, now) !== 'give-attempt-up'
}

/**
 * The sale with the time of its next look; unresolved where none is left.
 * @param jitter drawn evenly from 0 to 1
 */
export const scheduled = (
  sale: SaleRecord,
  schedule: Schedule,
  now: Date,
  jitter: number,
): SaleRecord => {
  if (!isOpen(sale) || schedule.stepsMs.length === 0) return withNextAt(sale, null)
  const leaseEnd = unansweredUntil(sale, schedule.clockSkewMs)
  if (leaseEnd !== null && now < leaseEnd) return withNextAt(sale, leaseEnd)
  const nextAt = nextLook(sale, schedule, now, jitter)
  return nextAt === null ? givenUp(sale) : withNextAt(sale, nextAt)
}

/** The sale whose schedule is over: it waits for a person. */
export const givenUp = (sale: SaleRecord): SaleRecord => ({
  ...sale,
  verdict: 'unresolved',
  nextAt: null,
})

/** The sale whose next step the carrier does not admit now; others that are due get their turn meanwhile. */
export const postponed = (sale: SaleRecord, until: Date): SaleRecord => ({ ...sale, nextAt: until })

/** Tells a schedule whose last step, and the grace after it, have passed. */
export const isOver = (sale: SaleRecord, schedule: Schedule, now: Date): boolean =>
  now > windowEnd(sale, schedule)

const isOpen = (sale: SaleRecord): boolean =>
  !sale.closed && (sale.verdict === null || sale.verdict === 'pending')

const withNextAt = (sale: SaleRecord, nextAt: Date | null): SaleRecord =>
  sale.nextAt?.getTime() === nextAt?.getTime() ? sale : { ...sale, nextAt }

/** The time of the first attempt, as far as this database knows. */
export const startOf = (sale: SaleRecord): number =>
  (sale.predates ? undefined : sale.attempts[0]?.startedAt.getTime()) ??
  Date.parse(sale.job.requestedAt)

const windowEnd = (sale: SaleRecord, schedule: Schedule): Date =>
  new Date(startOf(sale) + (schedule.stepsMs.at(-1) ?? 0) + graceMs)

/**
 * The first step of the schedule that the last attempt has not used up. Steps that passed while it ran are left out:
 * a carrier that hangs is not asked twice in a row. Only the last step is made up for.
 */
const nextLook = (sale: SaleRecord, schedule: Schedule, now: Date, jitter: number): Date | null => {
  const isLookup = schedule.by === 'look-up'
  const end = windowEnd(sale, schedule)
  if (now > end && !isLookup) return null
  const last = sale.attempts.at(-1)
  if (last === undefined && !isLookup) return end
  const { jitterRatio, clockSkewMs, stepsMs: steps } = schedule
  const start = startOf(sale)
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
