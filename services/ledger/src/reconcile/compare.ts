/** From one value to another, both included. */
export type Range = { readonly low: number; readonly high: number }

/** The figures of one run. Sums in the carrier's own unit; committed sums count from the first run on. */
export type Seen = {
  readonly at: number
  readonly balance: number
  /** Committed before the carrier was asked: it had taken all of this when it answered. */
  readonly committedBefore: number
  /** Committed after the carrier's answer: the carrier may have taken sales in between or not. */
  readonly committedAfter: number
  /** Held once its answer was here: may have been taken or not. */
  readonly held: number
  /** Recharges of the account since the first run, in the balance at least and at most; absent: none. */
  readonly credited?: Range
}

/** The run from which the next ones count; `open` is the sum that may have been taken by then or not. */
export type Baseline = {
  readonly at: number
  readonly balance: number
  readonly committed: number
  readonly open: number
}

/** The known state of the carrier's account after a run. */
export type Position = {
  /**
   * The balance as it would be had nothing been sold and nothing recharged. No sale moves it, so all runs must agree on it; a
   * sale in flight makes it a range, which every later run narrows.
   */
  readonly unsold: Range
  readonly baseline: Baseline
}

export const statuses = ['baseline', 'equal', 'open', 'different'] as const
export type Status = (typeof statuses)[number]

export type Comparison = Position & {
  readonly status: Status
  /** The baseline of the comparison; the run itself for the first. */
  readonly since: Baseline
  /** Decrease of the carrier's balance since then, and sum committed since then. */
  readonly moved: number
  readonly committed: number
  readonly open: number
  /** The part of the change that neither committed sales nor those in flight explain; above 0 where the carrier took more. */
  readonly difference: number
  /**
   * Width of the comparison: a smaller difference cannot be seen. 0 between two exact figures; more where sales were in flight
   * at this run, or at the runs of its baseline.
   */
  readonly uncertain: number
}

/**
 * Compares the carrier's balance with the committed sales, cumulatively. As long as only sales move the balance no interleaving
 * gives a difference, and none is found twice: the next run expects it.
 */
export const compare = (previous: Position | null, seen: Seen): Comparison => {
  const { low: credited, high: creditedMost } = seen.credited ?? { low: 0, high: 0 }
  const here: Range = {
    low: seen.balance + seen.committedBefore - creditedMost,
    high: seen.balance + seen.committedAfter + seen.held - credited,
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

/** Distance between the account and its expected range; 0 where both can be true. */
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

/** One recharge of the account at the carrier, as a person recorded it. */
export type Recharge = { readonly id: string; readonly amount: number }

/** Recharges as of a run. */
export type Recharges = {
  /** Sum of those that the balance shows, since the first run. */
  readonly credited: number
  /** Recorded, and not seen in the balance so far: the oldest first. */
  readonly awaited: readonly Recharge[]
  /** Differences of earlier runs where the carrier held more; a recharge that is recorded later may be one of them. */
  readonly unexplained: readonly number[]
}
export const noRecharges: Recharges = { credited: 0, awaited: [], unexplained: [] }

/** So many awaited recharges are tried in every combination; more wait for their turn. */
const triedMax = 10
const unexplainedMax = 20

export type Recharged = Comparison & {
  readonly recharges: Recharges
  /** Sum of the recharges that the balance shows since the run before. */
  readonly recharged: number
}

/**
 * Compares as {@link compare} does, and finds the recharges that the balance shows. A person may record one before the carrier
 * credits it or after; each run tries which of them, together, leave no difference. Where several combinations do, because
 * sales are in flight, those recharges stay awaited. One that an earlier run has found as a difference is not counted again.
 */
export const compareRecharged = (
  previous: (Position & { readonly recharges: Recharges }) | null,
  seen: Seen,
  recorded: readonly Recharge[],
): Recharged => {
  const { credited, awaited, unexplained } = previous?.recharges ?? noRecharges
  const waiting = [...awaited, ...recorded]
  if (previous === null) {
    const recharges = { ...noRecharges, awaited: waiting }
    return { ...compare(null, seen), recharges, recharged: 0 }
  }
  const compareWith = (low: number, high: number) =>
    compare(previous, { ...seen, credited: { low: credited + low, high: credited + high } })
  const tried = combinationsOf(waiting.slice(0, triedMax)).map((combination) => {
    const sum = sumOf(combination)
    return { combination, sum, gap: Math.abs(compareWith(sum, sum).difference) }
  })
  const least = Math.min(...tried.map(({ gap }) => gap))
  const likely = tried.filter(({ gap }) => gap === least)
  const sums = likely.map(({ sum }) => sum)
  const [low, high] = [Math.min(...sums), Math.max(...sums)]
  // Different sums that explain the balance equally well: nothing is certain yet. A difference is told by the fewest.
  const isCertain = low === high || least > 0
  const shown = isCertain ? (likely[0]?.combination ?? []) : []
  const comparison = isCertain ? compareWith(sumOf(shown), sumOf(shown)) : compareWith(low, high)
  const late = isCertain
    ? recorded.filter((each) => !shown.includes(each) && unexplained.includes(-each.amount))
    : []
  return {
    ...comparison,
    recharged: sumOf(shown),
    recharges: {
      credited: credited + sumOf(shown),
      awaited: waiting.filter((each) => !shown.includes(each) && !late.includes(each)),
      unexplained: [
        ...without(
          unexplained,
          late.map(({ amount }) => -amount),
        ),
        ...(comparison.difference < 0 ? [comparison.difference] : []),
      ].slice(-unexplainedMax),
    },
  }
}

export const sumOf = (recharges: readonly Recharge[]): number =>
  recharges.reduce((sum, { amount }) => sum + amount, 0)

/** Every combination, none first, then the fewest and oldest. */
const combinationsOf = (recharges: readonly Recharge[]): readonly (readonly Recharge[])[] =>
  recharges
    .reduce<readonly (readonly Recharge[])[]>(
      (made, each) => [...made, ...made.map((one) => [...one, each])],
      [[]],
    )
    .toSorted((one, other) => one.length - other.length)

/** The values less the others, each of which takes one of them away. */
const without = (values: readonly number[], others: readonly number[]): readonly number[] => {
  const left = [...values]
  for (const other of others) {
    const index = left.indexOf(other)
    if (index !== -1) left.splice(index, 1)
  }
  return left
}
