import type { VerdictKind } from '@recargas/contracts'
import type { Evidence } from './evidence.ts'

/** The attempts of a sale, oldest first; null is an attempt without a recorded answer. */
export type History = {
  /** The job is older than this database: an attempt may have been made that nobody remembers. */
  readonly predates: boolean
  readonly attempts: readonly (Answered | null)[]
}

type Answered = Pick<Evidence, 'proves' | 'ambiguous' | 'leavesDoubt'> & {
  /** A question about an earlier attempt: a lookup without a finding changes nothing. */
  readonly lookup?: true
}

export type Outcome = {
  readonly verdict: Exclude<VerdictKind, 'unresolved'>
  /** Some attempt is unclear and no later answer has cleared it. */
  readonly ambiguous: boolean
}

/**
 * The verdict over all attempts. After an unclear attempt only an authorized or a rejected answer ends the doubt, and a
 * refusal that leaves doubt is not enough then. An authorized answer is never outvoted. An attempt without an answer
 * may have reached the carrier.
 */
export const outcomeOf = (history: History): Outcome => {
  const start: Outcome = history.predates
    ? { verdict: 'pending', ambiguous: true }
    : { verdict: 'not-sent', ambiguous: false }
  return history.attempts.reduce(withAttempt, start)
}

const withAttempt = (before: Outcome, evidence: History['attempts'][number]): Outcome => {
  if (before.verdict === 'authorized') return before
  if (evidence?.lookup === true && !evidence.ambiguous && !isEnd(evidence)) return before
  if (evidence === null || evidence.ambiguous) return { verdict: 'pending', ambiguous: true }
  switch (evidence.proves) {
    case 'authorized':
      return { verdict: 'authorized', ambiguous: false }
    case 'rejected':
      return before.ambiguous && evidence.leavesDoubt === true
        ? before
        : { verdict: 'rejected', ambiguous: false }
    case 'pending':
      return { verdict: 'pending', ambiguous: true }
    case 'not-sent':
    case 'misconfigured':
    case 'invalid':
      if (before.ambiguous || before.verdict === 'rejected') return before
      return { verdict: evidence.proves, ambiguous: false }
  }
}

const isEnd = ({ proves }: Answered): boolean => proves === 'authorized' || proves === 'rejected'
