/** From one value to another, both included. */
export type Range = { readonly low: number; readonly high: number }

/** What one run saw. Sums in the carrier's own unit; committed sums count from the first run on. */
export type Seen = {
  readonly at: number
  readonly balance: number
  /** Committed before the carrier was asked: it had taken all of this when it answered. */
  readonly committedBefore: number
  /** Committed once its answer was here: what came in between may have been taken or not. */
  readonly committedAfter: number
  /** Held once its answer was here: may have been taken or not. */
  readonly held: number
}

/** A run from whose figures the next ones are counted; `open` is what may have been taken or not then. */
export type Baseline = {
  readonly at: number
  readonly balance: number
  readonly committed: number
  readonly open: number
}

/** What is known of the carrier's account after a run. */
export type Position = {
  /**
   * The balance as it would be had nothing been sold. No sale moves it, so all runs must agree on it; a sale in
   * flight makes it a range, which every later run narrows.
   */
  readonly unsold: Range
  readonly baseline: Baseline
}

export const statuses = ['baseline', 'equal', 'open', 'different'] as const
export type Status = (typeof statuses)[number]

export type Comparison = Position & {
  readonly status: Status
  /** What the run was compared with; itself, where it is the first. */
  readonly since: Baseline
  /** What the carrier took since then, and what was committed since then. */
  readonly moved: number
  readonly committed: number
  readonly open: number
  /** What neither committed sales nor those in flight explain; above 0 where the carrier took more. */
  readonly difference: number
  /**
   * How wide the comparison was: a smaller difference cannot be seen. 0 where one exact figure was compared with
   * another; more where sales were in flight at this run, or at the runs that it is compared with.
   */
  readonly uncertain: number
}

/**
 * Compares the carrier's balance with the committed sales, cumulatively. As long as only sales move the balance no
 * interleaving gives a difference, and none is found twice: it becomes part of what the next run expects.
 */
export const compare = (previous: Position | null, seen: Seen): Comparison => {
  const here: Range = {
    low: seen.balance + seen.committedBefore,
    high: seen.balance + seen.committedAfter + seen.held,
  }
  const open = here.high - here.low
  const baseline = { at: seen.at, balance: seen.balance, committed: seen.committedBefore, open }
  if (previous === null) {
    const nothing = { moved: 0, committed: 0, difference: 0 }
    return {
      status: 'baseline',
      since: baseline,
      baseline,
      unsold: here,
      open,
      uncertain: open,
      ...nothing,
    }
  }
  const difference = gap(previous.unsold, here)
  const status = difference !== 0 ? 'different' : open === 0 ? 'equal' : 'open'
  const since = previous.baseline
  return {
    status,
    since,
    moved: since.balance - seen.balance,
    committed: seen.committedBefore - since.committed,
    open,
    difference,
    uncertain: previous.unsold.high - previous.unsold.low + open,
    unsold: difference === 0 ? both(previous.unsold, here) : nearest(previous.unsold, here),
    // A run that leaves something open explains nothing finally: the next is counted from the same place.
    baseline: status === 'open' ? since : baseline,
  }
}

/** How far the account is from what was expected of it; 0 where both can be true. */
const gap = (expected: Range, here: Range): number => {
  if (here.high < expected.low) return expected.low - here.high
  if (here.low > expected.high) return expected.high - here.low
  return 0
}

const both = (one: Range, other: Range): Range => ({
  low: Math.max(one.low, other.low),
  high: Math.min(one.high, other.high),
})

/**
 * The end that the difference leads to: a case names the least that is certain. Where more was missing, the open
 * sales' end shows the rest, and it is a difference of its own.
 */
const nearest = (expected: Range, here: Range): Range => {
  const value = here.high < expected.low ? here.high : here.low
  return { low: value, high: value }
}
