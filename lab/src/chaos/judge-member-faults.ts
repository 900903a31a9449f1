import { z } from 'zod'
import {
  askedAndSoldWithin,
  failedWithin,
  longestGapMs,
  refusedWithin,
  resumedAfterMs,
  soldWithin,
  type Span,
  type Timeline,
} from './selling-times.ts'

/** Longest time without a sale, where selling goes on without the member; and after the heal, where it could not. */
export const waitMsMax = 10_000
/** Services notice within this time that a majority or a right clock is missing. */
const noticeMs = 3_000

const Count = z.int().nonnegative()

/** A fault of members, as the tills felt it. */
export const MemberFault = z.object({
  name: z.string(),
  target: z.string(),
  /** `stops`: no majority is left, so selling stops with a reason and goes on after the heal. */
  selling: z.enum(['goes on', 'stops']),
  /** The longest time without a sale during the fault; where selling stops, the time from the heal to a sale. null: no sale came. */
  waitedMs: Count.nullable(),
  seconds: Count,
  /** Sales in that time; in a stop, those asked for after services had time to notice it. */
  sold: Count,
  /** Answers 503; and those of them without Retry-After. */
  refusals: Count,
  withoutTime: Count,
  /** Customers who went without a clear answer. */
  failed: Count,
})
export type MemberFault = z.infer<typeof MemberFault>

type Made = Pick<MemberFault, 'name' | 'target' | 'selling'> &
  Span & {
    /** The heal began; before it nothing may be sold where selling stops. */
    readonly healingAt: number
    /** A majority was there again. */
    readonly backAt: number
  }

export const judgeFault = (
  timeline: Timeline,
  { name, target, selling, healingAt, backAt, ...span }: Made,
): MemberFault => {
  const stops = selling === 'stops'
  const silence = { from: span.from + noticeMs, healedAt: healingAt }
  return {
    name,
    target,
    selling,
    waitedMs: stops
      ? resumedAfterMs(timeline, { healingAt, backAt })
      : longestGapMs(timeline, span),
    seconds: Math.round((span.healedAt - span.from) / 1_000),
    sold: stops ? askedAndSoldWithin(timeline, silence) : soldWithin(timeline, span),
    ...refusedWithin(timeline, stops ? silence : span),
    failed: failedWithin(timeline, span),
  }
}

/** True where selling went on, or stopped, as it must during this fault. */
export const isBorne = ({ selling, ...fault }: MemberFault): boolean => {
  const { waitedMs, sold, refusals, withoutTime, failed } = fault
  const isInTime = waitedMs !== null && waitedMs <= waitMsMax
  switch (selling) {
    case 'goes on':
      return isInTime && failed === 0
    case 'stops':
      return isInTime && sold === 0 && refusals > 0 && withoutTime === 0
  }
}
