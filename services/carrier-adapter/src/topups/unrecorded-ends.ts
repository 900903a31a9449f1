import type { Topup } from '../domain/topup.ts'
import type { Evidence } from '../domain/verdict.ts'

/**
 * How attempts of this process ended that the database could not be told about. Only their owner knows it: when
 * the job comes again, this turns a lease without an answer into evidence instead of doubt. Forgetting is safe,
 * the doubt remains then.
 */
export type UnrecordedEnds = {
  readonly remember: (topupId: string, attempt: number, evidence: Evidence) => void
  /** What became of the top-up's attempt, when this process made it. */
  readonly recall: (topup: Topup, attempt: number) => Evidence | null
  readonly forget: (topupId: string) => void
}

export const createUnrecordedEnds = (owner: string, max: number): UnrecordedEnds => {
  const ends = new Map<string, { readonly attempt: number; readonly evidence: Evidence }>()
  return {
    remember: (topupId, attempt, evidence) => {
      ends.delete(topupId)
      ends.set(topupId, { attempt, evidence })
      for (const oldest of ends.keys()) {
        if (ends.size <= max) break
        ends.delete(oldest)
      }
    },
    recall: (topup, attempt) => {
      const recorded = topup.attempts.find((candidate) => candidate.attempt === attempt)
      const end = ends.get(topup.topupId)
      return recorded?.owner === owner && end?.attempt === attempt ? end.evidence : null
    },
    forget: (topupId) => void ends.delete(topupId),
  }
}
