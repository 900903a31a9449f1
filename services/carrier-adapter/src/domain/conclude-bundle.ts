import { assertNever } from '@recargas/contracts'
import { concludeLookups, type TimedLookup } from './bundle-lookup.ts'
import { givenUp, startOf } from './schedule.ts'
import type { Attempt, Topup } from './topup.ts'

/** Why a person has to look at it: what the lookups came to, for their eyes. */
const reasons = {
  'not-received': 'asked again and again, the carrier knows of no such purchase: a person decides',
  unresolved: 'asked again and again, the carrier says nothing of the purchase: a person decides',
} as const

/**
 * The bundle once its lookups prove that more of them bring nothing: a person's. That the carrier knows no such
 * purchase gives nothing back by itself: the purchase was sent, and only an answer about it, or a person, ends that doubt.
 */
export const concluded = (topup: Topup, callTimeoutMs: number): Topup => {
  if (topup.job.bundle === undefined || topup.verdict !== 'pending') return topup
  const conclusion = concludeLookups(topup.attempts.flatMap(timed), {
    startedAt: new Date(startOf(topup)),
    callTimeoutMs,
  })
  switch (conclusion) {
    case 'not-received':
    case 'unresolved':
      return givenUp({ ...topup, attempts: explained(topup.attempts, reasons[conclusion]) })
    // What is clear the verdict over all attempts has said already.
    case 'authorized':
    case 'rejected':
    case 'pending':
      return topup
    default:
      return assertNever(conclusion)
  }
}

const timed = ({ answer }: Attempt): TimedLookup[] =>
  answer?.finding === undefined ? [] : [{ at: answer.endedAt, finding: answer.finding }]

const explained = (attempts: readonly Attempt[], reason: string): readonly Attempt[] =>
  attempts.map((attempt, index) =>
    attempt.answer !== null && index === attempts.length - 1
      ? {
          ...attempt,
          answer: { ...attempt.answer, observed: `${attempt.answer.observed}; ${reason}` },
        }
      : attempt,
  )
