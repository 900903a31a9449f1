import { partitionCount, type Currency } from '@recargas/contracts'
import { endedThatMayExplain } from '../projections/sales-queries.ts'
import type { SalesQueries } from '../reconcile/run-reconciliation.ts'
import type { Collections, LedgerDatabase } from './collections.ts'
import { headId, long, merchantDocId, topupOf } from './documents.ts'
import { headsIn, merchantsIn } from './state.ts'

/** Journal entries looked at by one query, so that hours of a busy shop are added up in many short ones. */
const entriesPerQueryMax = 10_000
const queryTimeoutMs = 10_000
const candidatesMax = 200

const partitions = Array.from({ length: partitionCount }, (_, partition) => partition)

/** The sales as a reconciliation needs them: by the journals' sequence numbers, never by a scan of all sales. */
export const createSalesBook = ({ collections }: LedgerDatabase): SalesQueries => ({
  newestPositions: async () => {
    const found = await headsIn(collections)
      .find({ _id: { $in: partitions.map(headId) } })
      .project<Head>({ p: 1, seq: 1 })
      .toArray()
    const heads = new Map(found.map(({ p, seq }) => [p, seq]))
    return partitions.map((partition) => heads.get(partition) ?? 0)
  },
  committedBetween: async (from, to) => {
    let sum = 0
    for (const partition of partitions) {
      const end = to[partition] ?? 0
      for (let after = from[partition] ?? 0; after < end; after += entriesPerQueryMax) {
        const upTo = Math.min(after + entriesPerQueryMax, end)
        sum += await committedIn(collections, partition, after, upTo)
      }
    }
    return sum
  },
  held: async (limit) => {
    const held = { open: true as const, state: { $in: ['reserved', 'in-review'] } }
    const sums = await collections.topups
      .aggregate<{ sum: number }>(
        [{ $match: held }, { $group: { _id: null, sum: { $sum: '$carrierAmount' } } }],
        { maxTimeMS: queryTimeoutMs },
      )
      .toArray()
    const oldest = await collections.topups
      .find(held, { maxTimeMS: queryTimeoutMs })
      .sort({ reservedAt: 1 })
      .limit(limit)
      .toArray()
    return { sum: sums[0]?.sum ?? 0, sales: oldest.map(topupOf) }
  },
  candidates: async (difference, from) => {
    const ended = collections.topups
      .find(endedThatMayExplain(difference, from), { maxTimeMS: queryTimeoutMs })
      .sort({ reservedAt: -1 })
      .limit(candidatesMax)
    const inReview = collections.topups
      .find({ open: true, state: 'in-review' }, { maxTimeMS: queryTimeoutMs })
      .limit(candidatesMax)
    return [...(await ended.toArray()), ...(await inReview.toArray())].map(topupOf)
  },
  currencyOf: async (merchant) => {
    const found = await merchantsIn(collections).findOne({ _id: merchantDocId(merchant) })
    return found === null ? null : (found.currency as Currency)
  },
})

type Head = { readonly p: number; readonly seq: number }

/** The index on partition and sequence bounds what is read; each commit is one look at its sale. */
const committedIn = async (
  { journal }: Collections,
  partition: number,
  after: number,
  upTo: number,
): Promise<number> => {
  const [total] = await journal
    .aggregate<{ sum: number }>(
      [
        {
          $match: {
            p: partition,
            seq: { $gt: long(after), $lte: long(upTo) },
            kind: { $in: ['commit', 'correct'] },
          },
        },
        {
          $lookup: {
            from: 'topups',
            localField: 'topupId',
            foreignField: '_id',
            as: 'sale',
            pipeline: [{ $project: { carrierAmount: 1 } }],
          },
        },
        { $unwind: '$sale' },
        { $group: { _id: null, sum: { $sum: '$sale.carrierAmount' } } },
      ],
      { maxTimeMS: queryTimeoutMs },
    )
    .toArray()
  return total?.sum ?? 0
}
