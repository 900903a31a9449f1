/** The longest any answer is held back. */
export const waitSecondsMax = 25

type PreferredWait = { readonly waitMs: number; readonly applied: string }

/**
 * `Prefer: wait=N` of RFC 7240, at most 25 s. Null without a wait; a malformed header is ignored,
 * as the RFC asks.
 */
export const readPreferredWait = (header: string | undefined): PreferredWait | null => {
  const match = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?(?=$|[,;\s])/i.exec(header ?? '')
  if (match === null) return null
  const seconds = Math.min(Number(match[1]), waitSecondsMax)
  return { waitMs: seconds * 1_000, applied: `wait=${seconds}` }
}
