import { assertNever } from '@recargas/contracts'
import type { Attempt, SaleRecord } from '../../domain/sale.ts'
import { givenUp, startOf } from '../../domain/schedule.ts'
import { findings, type Finding } from './lookup-answers.ts'

/** A lookup with its time. */
export type TimedLookup = { readonly at: Date; readonly finding: Finding }

/** The proof of all lookups of one purchase together. */
type Conclusion = 'authorized' | 'rejected' | 'not-received' | 'unresolved' | 'pending'

/** The reasons for a review, for the person who decides. */
const reasons = {
  'not-received': 'asked again and again, the carrier knows of no such purchase: a person decides',
  unresolved: 'asked again and again, the carrier says nothing of the purchase: a person decides',
} as const

const betweenMs = 60_000
const unavailableAgeMs = 120_000

/**
 * Hands a bundle to a person once its lookups prove that more of them bring nothing. A carrier that knows no such
 * purchase releases nothing by that: the purchase was sent, and only an answer about it, or a person, ends that doubt.
 */
export const afterLookups = (sale: SaleRecord, callTimeoutMs: number): SaleRecord => {
  if (sale.job.bundle === undefined || sale.verdict !== 'pending') return sale
  const conclusion = concludeLookups(sale.attempts.flatMap(timed), {
    startedAt: new Date(startOf(sale)),
    callTimeoutMs,
  })
  switch (conclusion) {
    case 'not-received':
    case 'unresolved':
      return givenUp({ ...sale, attempts: explained(sale.attempts, reasons[conclusion]) })
    // The verdict over all attempts has a clear end already.
    case 'authorized':
    case 'rejected':
    case 'pending':
      return sale
    default:
      return assertNever(conclusion)
  }
}

const timed = ({ answer }: Attempt): TimedLookup[] => {
  const finding = findings.find((each) => each === answer?.finding)
  return answer === null || finding === undefined ? [] : [{ at: answer.endedAt, finding }]
}

const explained = (attempts: readonly Attempt[], reason: string): readonly Attempt[] =>
  attempts.map((attempt, index) =>
    attempt.answer !== null && index === attempts.length - 1
      ? {
          ...attempt,
          answer: { ...attempt.answer, observed: `${attempt.answer.observed}; ${reason}` },
        }
      : attempt,
  )

/**
 * A clear record decides at once; authorized is never outvoted. An old purchase counts as never received after two
 * lookups a minute apart that found nothing and none that found something.
 */
export const concludeLookups = (
  lookups: readonly TimedLookup[],
  purchase: { readonly startedAt: Date; readonly callTimeoutMs: number },
): Conclusion => {
  if (lookups.some(({ finding }) => finding === 'authorized')) return 'authorized'
  if (lookups.some(({ finding }) => finding === 'rejected')) return 'rejected'
  const ageOf = ({ at }: TimedLookup) => at.getTime() - purchase.startedAt.getTime()
  const last = lookups.at(-1)
  if (last === undefined) return 'pending'
  const same = trailing(lookups, last.finding)
  if (last.finding === 'unknown-token') {
    const old = same.filter((lookup) => ageOf(lookup) > 2 * purchase.callTimeoutMs)
    const first = old[0]
    return first !== undefined && last.at.getTime() - first.at.getTime() >= betweenMs
      ? 'not-received'
      : 'pending'
  }
  return last.finding === 'unavailable' && same.length >= 2 && ageOf(last) > unavailableAgeMs
    ? 'unresolved'
    : 'pending'
}

/** The lookups at the end that all found the same. */
const trailing = (lookups: readonly TimedLookup[], finding: Finding): readonly TimedLookup[] =>
  lookups.slice(lookups.findLastIndex((lookup) => lookup.finding !== finding) + 1)
