import { type Currency, partitionOf, partitions, reconciledCarriers } from '@recargas/contracts'
import { heldStates } from '../accounting/held-guards.ts'
import { merchantDocId, topupOf, type TopupDocument } from '../mongo/documents.ts'
import { idIndex, keyRange } from '../mongo/stored-values.ts'
import { readStoredOutcome } from '../log/announce.ts'
import type { Recharge } from '../reconcile/compare.ts'
import type { SalesQueries } from '../reconcile/run-reconciliation.ts'
import type { AwaitPosition } from '../projections/await-position.ts'
import type { Projected } from '../projections/open-projections.ts'
import { operations, type OperationDocument } from '../projections/operations.ts'
import { sales } from '../projections/sales.ts'
import { positionOf } from './read-shown.ts'

const timeoutMs = 10_000
const candidatesMax = 200
/** A difference may come from a sale reserved up to this long before the last run that explained everything. */
const lookBackMs = 7 * 24 * 3_600_000

export type SalesQueriesDeps = {
  readonly projected: Projected
  /** Position of a partition's newest block, as a majority has it on the primary; -1 before its birth. */
  readonly newest: (partition: number) => Promise<number>
  readonly awaitPosition: Pick<AwaitPosition, 'shown'>
  /** Commits added up by one query, so that hours of a busy shop are many short ones. */
  readonly commitsPerQuery?: number
}

/**
 * The sales as a reconciliation needs them, by positions of the log. Every figure waits until the projections show the log as it was
 * when it was asked for; a projection that stays behind fails the run, which then counts on from the last one.
 */
export const createSalesQueries = (deps: SalesQueriesDeps): SalesQueries => {
  const { projected } = deps
  return {
    newestPositions: () => Promise.all(partitions.map(deps.newest)),
    movedBetween: async (from, to) => {
      let committed = 0
      const recharges: Recharge[] = []
      for (const partition of partitions) {
        const range = { after: from[partition] ?? -1, upTo: to[partition] ?? -1 }
        if (range.upTo <= range.after) continue
        await shown(deps, partition, [operations.name, sales.name], range.upTo)
        for await (const page of movesIn(deps, partition, range)) {
          recharges.push(...page.flatMap(rechargeOf))
          const commits = page.filter(({ kind }) => kind !== 'record-recharge')
          if (commits.length > 0) committed += await costOf(projected, partition, commits)
        }
      }
      return { committed, recharges }
    },
    held: async (limit) => {
      // A sale reserved before this instant is either held in the read below, or ended below the positions read after it.
      await Promise.all(partitions.map((partition) => shown(deps, partition, [sales.name])))
      const [held] = await projected.sales
        .aggregate<{ readonly sum: number; readonly oldest: readonly TopupDocument[] }>(
          heldStages(limit),
          // A snapshot: a sale that moves in the index meanwhile is neither missed nor counted twice.
          { readConcern: { level: 'snapshot' }, maxTimeMS: timeoutMs },
        )
        .toArray()
      return { sum: held?.sum ?? 0, sales: (held?.oldest ?? []).map(topupOf) }
    },
    candidates: async (difference, from) => {
      const ended = projected.sales
        .find(endedThatMayExplain(difference, from), { maxTimeMS: timeoutMs })
        .sort({ reservedAt: -1 })
        .limit(candidatesMax)
      const inReview = projected.sales
        .find({ ...ofAll, ...reconciled, open: true, state: 'in-review' }, { maxTimeMS: timeoutMs })
        .limit(candidatesMax)
      return [...(await ended.toArray()), ...(await inReview.toArray())].map(topupOf)
    },
    currencyOf: async (merchant) => {
      const found = await projected.merchants.findOne(
        { p: partitionOf(merchant), _id: merchantDocId(merchant) },
        { maxTimeMS: timeoutMs, hint: idIndex },
      )
      return found === null ? null : (found.currency as Currency)
    },
  }
}

const ofAll = { p: { $in: partitions } }
/** Sales of the carriers whose balance is compared; those of any other cost nothing there. */
const reconciled = { carrier: { $in: [...reconciledCarriers] as string[] } }
const ofReconciled = { $in: ['$carrier', [...reconciledCarriers]] }

const shown = async (
  { awaitPosition }: SalesQueriesDeps,
  partition: number,
  needs: readonly string[],
  named?: number,
): Promise<void> => {
  positionOf(partition, await awaitPosition.shown(partition, needs, named))
}

type Move = Pick<OperationDocument, '_id' | 'kind' | 'saleId' | 'outcome'>

/** Commits and recharges of a range of blocks page by page, in the order of the log. */
async function* movesIn(
  { projected, commitsPerQuery = 5_000 }: SalesQueriesDeps,
  partition: number,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): AsyncGenerator<readonly Move[]> {
  const end = { p: partition, n: upTo + 1, i: 0 }
  const kinds = ['commit', 'correct', 'record-recharge'] satisfies Move['kind'][]
  let place: object = { $gte: { p: partition, n: after + 1, i: 0 } }
  for (;;) {
    const page = await projected.operations
      .find(
        { p: partition, _id: keyRange({ ...place, $lt: end }), kind: { $in: kinds } },
        { maxTimeMS: timeoutMs, hint: idIndex },
      )
      .project<Move>({ kind: 1, saleId: 1, outcome: 1 })
      .sort({ _id: 1 })
      .limit(commitsPerQuery)
      .toArray()
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    place = { $gt: last._id }
  }
}

const rechargeOf = ({ kind, outcome }: Move): Recharge[] => {
  if (kind !== 'record-recharge') return []
  const kept = readStoredOutcome(outcome)
  if (kept.kind !== 'applied' || kept.result.kind !== 'recharge') return []
  const { operationId: id, carrierAmount: amount } = kept.result.recharge
  return [{ id, amount }]
}

/** A sale ends once, so each commit is of another sale. One that is not found would be missing in the sum. */
const costOf = async (
  projected: Projected,
  partition: number,
  commits: readonly Move[],
): Promise<number> => {
  const [found] = await projected.sales
    .aggregate<{ readonly count: number; readonly sum: number }>(
      [
        { $match: { p: partition, _id: { $in: commits.flatMap(({ saleId }) => saleId ?? []) } } },
        {
          $group: {
            _id: null,
            count: { $sum: 1 },
            sum: { $sum: { $cond: [ofReconciled, '$carrierAmount', 0] } },
          },
        },
      ],
      { maxTimeMS: timeoutMs, hint: idIndex },
    )
    .toArray()
  const missing = commits.length - (found?.count ?? 0)
  if (missing > 0) {
    const [first, last] = [commits[0], commits.at(-1)].map((commit) => commit?._id.n)
    throw new Error(
      `partition ${partition}: ${missing} of the sales committed in blocks ${first} to ${last} are missing`,
    )
  }
  return found?.sum ?? 0
}

const heldStages = (limit: number) => [
  { $match: { ...ofAll, ...reconciled, open: true, state: { $in: [...heldStates] } } },
  {
    $facet: {
      sums: [{ $group: { _id: null, sum: { $sum: '$carrierAmount' } } }],
      oldest: [{ $sort: { reservedAt: 1 } }, { $limit: limit }],
    },
  },
  { $project: { oldest: 1, sum: { $sum: '$sums.sum' } } },
]

/** The sales of a period that may explain a difference. */
const endedThatMayExplain = (difference: number, from: number) => {
  const costsAsMuch = { carrierAmount: Math.abs(difference) }
  const since = { ...ofAll, ...reconciled, reservedAt: { $gte: new Date(from - lookBackMs) } }
  return difference > 0
    ? {
        ...since,
        state: 'released',
        'attempts.0': { $exists: true },
        $or: [
          costsAsMuch,
          {
            attempts: {
              $elemMatch: {
                lookup: { $ne: true as const },
                $or: [{ endedAt: { $exists: false } }, { unclear: true as const }],
              },
            },
          },
        ],
      }
    : {
        ...since,
        state: 'committed',
        $or: [costsAsMuch, { 'decision.isFinal': true }, { 'cases.0': { $exists: true as const } }],
      }
}
