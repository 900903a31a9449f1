/** The decision about a job that this database has no record of. */
export type JobAdmission = 'predates-database' | 'too-late' | 'may-send'

/**
 * Decides before anything is recorded. The clock skew is taken in the direction that never promises too much: a job
 * stamped by a clock that runs ahead still counts as older than this database.
 */
export const admissionOf = (
  requestedAt: Date,
  now: Date,
  limits: {
    readonly bornAt: Date
    readonly clockSkewMs: number
    readonly sendDeadlineMs: number
  },
): JobAdmission => {
  if (requestedAt.getTime() - limits.clockSkewMs < limits.bornAt.getTime()) {
    return 'predates-database'
  }
  if (now.getTime() >= requestedAt.getTime() + limits.sendDeadlineMs) return 'too-late'
  return 'may-send'
}
