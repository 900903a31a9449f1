/** The clock of the database's primary, as read in one request. */
export type PrimaryClock = () => Promise<Date>

export type ClockCheck = {
  /** False while this process's clock differs from the primary's by more than the skew (ledger-log L6). */
  readonly isTrusted: () => boolean
  /** Difference of the last measurement in milliseconds; positive: this clock is ahead. */
  readonly aheadMs: () => number
  /** Measures again. A primary that cannot be asked leaves the last answer as it is. */
  readonly measure: () => Promise<boolean>
}

export const createClockCheck = (
  primaryClock: PrimaryClock,
  { now, clockSkewMs }: { readonly now: () => number; readonly clockSkewMs: number },
): ClockCheck => {
  let aheadMs = 0
  let isTrusted = true
  return {
    isTrusted: () => isTrusted,
    aheadMs: () => aheadMs,
    measure: async () => {
      const asked = now()
      const primary = await primaryClock().catch(() => null)
      const answered = now()
      if (primary === null) return isTrusted
      aheadMs = Math.round((asked + answered) / 2 - primary.getTime())
      // The primary read its clock at some moment between the request and the answer.
      const uncertaintyMs = Math.max(0, answered - asked) / 2
      isTrusted = Math.abs(aheadMs) - uncertaintyMs <= clockSkewMs
      return isTrusted
    },
  }
}
