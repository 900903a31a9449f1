/** Moments of the tills, by `performance.now()`. */
export type Timeline = {
  /** Answers 201, in their order. */
  readonly sold: readonly Sold[]
  /** Answers 503. */
  readonly refusals: readonly { readonly at: number; readonly saysWhenAgain: boolean }[]
  /** Customers who have left, with a clear answer or without one. */
  readonly customers: readonly {
    readonly from: number
    readonly to: number
    readonly isServed: boolean
  }[]
}

export type Sold = {
  readonly at: number
  /** The customer's first press, or the first one after an answer that nothing took place. */
  readonly askedAt: number
}

/** A fault, until its targets were full members again. */
export type Span = { readonly from: number; readonly healedAt: number }

/** The longest time without a sale that began before the heal and ended after the fault; null where no sale came any more. */
export const longestGapMs = (
  { sold }: Pick<Timeline, 'sold'>,
  { from, healedAt }: Span,
): number | null => {
  let longest = 0
  let last = from
  for (const { at } of sold) {
    if (at >= from) longest = Math.max(longest, at - last)
    if (at >= healedAt) return Math.round(longest)
    last = at
  }
  return null
}

/** From the return of a majority to the first sale after the heal began; null where none came. */
export const resumedAfterMs = (
  { sold }: Pick<Timeline, 'sold'>,
  { healingAt, backAt }: { readonly healingAt: number; readonly backAt: number },
): number | null => {
  const first = sold.find(({ at }) => at >= healingAt)
  return first === undefined ? null : Math.round(Math.max(0, first.at - backAt))
}

const within = (at: number, { from, healedAt }: Span): boolean => at >= from && at < healedAt

export const soldWithin = ({ sold }: Pick<Timeline, 'sold'>, span: Span): number =>
  sold.filter(({ at }) => within(at, span)).length

/** Sales that were asked for and answered within that time. One that the ledger held before it is settled and answered later. */
export const askedAndSoldWithin = ({ sold }: Pick<Timeline, 'sold'>, span: Span): number =>
  sold.filter(({ at, askedAt }) => within(at, span) && askedAt >= span.from).length

export const refusedWithin = ({ refusals }: Pick<Timeline, 'refusals'>, span: Span) => {
  const found = refusals.filter(({ at }) => within(at, span))
  return {
    refusals: found.length,
    withoutTime: found.filter(({ saysWhenAgain }) => !saysWhenAgain).length,
  }
}

/** Customers at a till during the fault who went without a clear answer. */
export const failedWithin = (
  { customers }: Pick<Timeline, 'customers'>,
  { from, healedAt }: Span,
): number =>
  customers.filter((each) => !each.isServed && each.to >= from && each.from < healedAt).length
