import type { VerdictKind } from '@recargas/contracts'
import type { Evidence } from './verdict.ts'

/** All that is known of a top-up's calls, oldest first; null is an attempt without a recorded answer. */
export type History = {
  /** The job is older than this database: an attempt may have been made that nobody remembers. */
  readonly predates: boolean
  readonly attempts: readonly (Answered | null)[]
}

type Answered = Pick<Evidence, 'row' | 'proves' | 'ambiguous'> & {
  /** A question about an earlier attempt: one that found nothing out changes nothing. */
  readonly lookup?: true
}

export type Outcome = {
  readonly verdict: Exclude<VerdictKind, 'unresolved'>
  /** Some attempt is unclear and no later answer has cleared it. */
  readonly ambiguous: boolean
}

/**
 * The verdict over all attempts. After an unclear one only an authorized or a rejected answer ends the doubt
 * (a 503 without a status is not enough then). An authorized answer is never outvoted. An attempt without an
 * answer may have reached the carrier.
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
      return before.ambiguous && evidence.row === 6
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
