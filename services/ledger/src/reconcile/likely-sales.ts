import type { AttemptSummary } from '@recargas/contracts'
import type { Topup } from '../accounting/entities.ts'

/** A lookup sells nothing, so its own answer leaves nothing open; an attempt without an answer may have sold. */
const isUnclear = ({ lookup, endedAt, unclear }: AttemptSummary): boolean =>
  lookup !== true && (unclear === true || endedAt === undefined)

/**
 * The sales that may explain a difference, the likeliest first. When the carrier took more: sales released although an attempt
 * stayed unclear, or that cost just that much, then those in review. When it took less: committed sales that cost just that
 * much, a person's decision before the carrier's.
 */
export const likelySales = (difference: number, candidates: readonly Topup[]): Topup[] => {
  const rank = difference > 0 ? rankOfTaken : rankOfNotTaken
  return candidates
    .map((topup) => ({ topup, rank: rank(topup, topup.carrierAmount === Math.abs(difference)) }))
    .filter((ranked): ranked is { topup: Topup; rank: number } => ranked.rank !== null)
    .sort((one, other) => one.rank - other.rank || other.topup.updatedAt - one.topup.updatedAt)
    .map(({ topup }) => topup)
}

const rankOfTaken = (topup: Topup, costsAsMuch: boolean): number | null => {
  const unclear = topup.attempts.some(isUnclear)
  if (topup.state === 'released') {
    if (costsAsMuch) return unclear ? 0 : 1
    return unclear ? 2 : null
  }
  if (topup.state === 'in-review') return costsAsMuch ? 3 : 4
  return null
}

const rankOfNotTaken = (topup: Topup, costsAsMuch: boolean): number | null => {
  if (topup.state !== 'committed') return null
  const byPerson = topup.decision?.isFinal === true
  const isInCase = topup.cases.length > 0
  if (costsAsMuch) return byPerson ? 0 : isInCase ? 1 : 2
  return byPerson ? 3 : isInCase ? 4 : null
}
