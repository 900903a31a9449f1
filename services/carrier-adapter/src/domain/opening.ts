/** What may be done for a job nobody has recorded yet. */
export type Opening = 'from-before' | 'too-late' | 'may-send'

/**
 * Decides before anything is recorded. The skew is taken in the direction that never promises too much: a job
 * stamped by a clock that runs ahead still counts as older than this database.
 */
export const openingOf = (
  requestedAt: Date,
  now: Date,
  limits: {
    readonly bornAt: Date
    readonly clockSkewMs: number
    readonly sendDeadlineMs: number
  },
): Opening => {
  if (requestedAt.getTime() - limits.clockSkewMs < limits.bornAt.getTime()) return 'from-before'
  if (now.getTime() >= requestedAt.getTime() + limits.sendDeadlineMs) return 'too-late'
  return 'may-send'
}
