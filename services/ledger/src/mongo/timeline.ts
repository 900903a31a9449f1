import { timelineSteps, type TimelineEntry, type TopupView } from '@recargas/contracts'
import type { Topup } from '../domain/entities.ts'
import { topupView } from '../topups/topup-view.ts'
import type { Collections } from './collections.ts'

const iso = (instant: number): string => new Date(instant).toISOString()

/** What each entry about a sale means to the people who read its history; its id is the sale's id and this suffix. */
const stepOfSuffix = {
  review: 'in-review',
  commit: 'committed',
  release: 'released',
  correct: 'corrected',
  case: 'case-opened',
  'case:echo-differs': 'case-opened',
  'case:closed-without-decision': 'case-opened',
} as const satisfies Record<string, TimelineEntry['step']>

/** A sale with everything that happened to it, oldest first: from the journal, the attempts and the decisions. */
export const topupWithTimeline = async (
  collections: Collections,
  topup: Topup,
): Promise<TopupView> => {
  const suffixes = Object.keys(stepOfSuffix) as (keyof typeof stepOfSuffix)[]
  const entries = await collections.journal
    .find({ _id: { $in: suffixes.map((suffix) => `${topup.id}:${suffix}`) } })
    .project<{ _id: string; at: Date }>({ at: 1 })
    .toArray()
  const journalled = entries.map(({ _id, at }): TimelineEntry => {
    const suffix = _id.slice(topup.id.length + 1) as keyof typeof stepOfSuffix
    return { at: at.toISOString(), step: stepOfSuffix[suffix] }
  })
  const timeline = [...beginning(topup), ...attempts(topup), ...decisions(topup), ...journalled]
  return {
    ...topupView(topup, true),
    timeline: timeline.sort(byTime),
  }
}

/** Steps of one instant come in the order in which a sale takes them. */
const byTime = (one: TimelineEntry, other: TimelineEntry): number =>
  Date.parse(one.at) - Date.parse(other.at) ||
  timelineSteps.indexOf(one.step) - timelineSteps.indexOf(other.step)

const beginning = (topup: Topup): TimelineEntry[] => [
  { at: iso(topup.requestedAt), step: 'requested', by: topup.actor.userId },
  { at: iso(topup.reservedAt), step: 'reserved' },
]

const attempts = (topup: Topup): TimelineEntry[] =>
  topup.attempts.map((attempt) => ({
    at: attempt.endedAt ?? attempt.startedAt,
    step: 'attempt',
    attempt,
  }))

const decisions = ({ decision }: Topup): TimelineEntry[] => {
  if (decision === null) return []
  const { by, at, confirmedBy, confirmedAt } = decision
  const confirmed: TimelineEntry[] =
    confirmedBy === null || confirmedAt === null
      ? []
      : [{ at: iso(confirmedAt), step: 'decided', by: confirmedBy.userId }]
  return [{ at: iso(at), step: 'decided', by: by.userId }, ...confirmed]
}
