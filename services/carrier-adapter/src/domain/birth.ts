/** The adapter's place in time beside its database: when its records begin to tell jobs apart. */
export type Birth =
  | { readonly kind: 'over' }
  /** Jobs of the first moments could not be told from those of an earlier database. */
  | { readonly kind: 'wait'; readonly until: Date; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string }

export type BirthLimits = { readonly clockSkewMs: number; readonly aheadMsMax: number }

/** Compares the database's birth with this clock. One of the two clocks may have been ahead when it was written. */
export const birthOf = (
  bornAt: Date,
  now: Date,
  { clockSkewMs, aheadMsMax }: BirthLimits,
): Birth => {
  const until = new Date(bornAt.getTime() + clockSkewMs)
  if (now >= until) return { kind: 'over' }
  const aheadMs = bornAt.getTime() - now.getTime()
  if (aheadMs > aheadMsMax) {
    return {
      kind: 'refused',
      reason: `the database was born at ${bornAt.toISOString()}, ${aheadMs} ms ahead of this clock: set the clocks right, or let the adapter start on an empty database`,
    }
  }
  const why = aheadMs > 0 ? 'ahead of this clock' : 'less than the clock skew ago'
  return {
    kind: 'wait',
    until,
    reason: `the database was born at ${bornAt.toISOString()}, ${why}: no job is taken before ${until.toISOString()}`,
  }
}
