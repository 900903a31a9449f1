import { timelineSteps, type TimelineEntry, type TopupView } from '@recargas/contracts'
import type { Topup } from '../accounting/entities.ts'
import { topupOf, type TopupDocument } from '../mongo/documents.ts'
import type { Projected, Shown } from '../projections/open-projections.ts'
import { topupView } from '../sales/sale-view.ts'
import type { Reading } from './read-shown.ts'

/** The step of each entry about a sale; the entry's id is the sale's id and this suffix. */
const stepOfSuffix = {
  review: 'in-review',
  commit: 'committed',
  release: 'released',
  correct: 'corrected',
  case: 'case-opened',
  'case:echo-differs': 'case-opened',
  'case:closed-without-decision': 'case-opened',
} as const satisfies Record<string, TimelineEntry['step']>
type Suffix = keyof typeof stepOfSuffix
const suffixes = Object.keys(stepOfSuffix) as Suffix[]

type FoundSale = TopupDocument & Shown

/**
 * Sales with everything that happened to them, oldest step first: from their entries, attempts and decisions. A sale never
 * shows a step of an entry that came after the state that it shows.
 */
export const withTimelines = async (
  { operations }: Pick<Projected, 'operations'>,
  { partition, position, options, cutAt }: Reading,
  found: readonly FoundSale[],
): Promise<TopupView[]> => {
  if (found.length === 0) return []
  await cutAt(found)
  const saleOf = new Map<string, FoundSale>(
    found.flatMap((sale) => suffixes.map((suffix) => [`${sale._id}:${suffix}`, sale] as const)),
  )
  const entries = operations
    .find({ p: partition, entry: { $in: [...saleOf.keys()] } }, options)
    .project<{ _id: { n: number }; entry: string; at: Date }>({ entry: 1, at: 1 })
  const steps = new Map<string, TimelineEntry[]>(found.map(({ _id }) => [_id, []]))
  for await (const { _id, entry, at } of entries) {
    const sale = saleOf.get(entry)
    if (sale === undefined || _id.n > Math.max(position, sale.position)) continue
    const suffix = entry.slice(sale._id.length + 1) as Suffix
    steps.get(sale._id)?.push({ at: at.toISOString(), step: stepOfSuffix[suffix] })
  }
  return found.map((sale) => withTimeline(topupOf(sale), steps.get(sale._id) ?? []))
}

const withTimeline = (topup: Topup, entries: readonly TimelineEntry[]): TopupView => ({
  ...topupView(topup, true),
  timeline: [...beginning(topup), ...attempts(topup), ...decisions(topup), ...entries].sort(byTime),
})

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

const iso = (instant: number): string => new Date(instant).toISOString()
