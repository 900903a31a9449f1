import { partitions } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { heldStates } from '../accounting/held-guards.ts'
import { balances } from '../projections/balances.ts'
import type { Projected } from '../projections/open-projections.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import { countOpenCases, type CaseSources } from './cases.ts'
import { createImbalances, type PartitionSum } from './imbalance.ts'
import type { Figures } from '../metrics/ledger-metrics.ts'
import { type QueryOptions, type ReadShown } from './read-shown.ts'

/** Past it a figure means "at least". */
const countMax = 10_000
const merchantsMax = 1_000

/** Figures over all shops, as the projections show them now; nothing here grows with the sales that are settled. */
export const createFigures = (
  db: mongoose.mongo.Db,
  projected: Projected,
  caseSources: Omit<CaseSources, 'sales'>,
  readShown: Pick<ReadShown, 'atOnce'>,
): (() => Promise<Figures>) => {
  const imbalances = createImbalances()
  return () =>
    readShown.atOnce(async (options) => {
      const [floats, sums, casesOpen] = await Promise.all([
        projected.accounts
          .find({ p: { $in: partitions }, is: 'account', kind: 'float' }, options)
          .toArray(),
        sumsInOneSnapshot(db, projected, options),
        countOpenCases(caseSources, options),
      ])
      return {
        floats: floats.map(({ merchant, of, currency, posted, reserved }) => ({
          merchant,
          operator: of,
          currency,
          available: posted - reserved,
          reserved,
        })),
        imbalances: imbalances(sums.sums, sums.positions),
        held: await heldOf(projected, options, floats),
        casesOpen,
      }
    })
}

type Positions = { readonly _id: { readonly p: number }; readonly n: number }

/** The accounts added up, and the positions that the projection shows in the same snapshot. */
const sumsInOneSnapshot = (
  db: mongoose.mongo.Db,
  { accounts, positionsName }: Projected,
  options: QueryOptions,
): Promise<{
  readonly sums: readonly PartitionSum[]
  readonly positions: ReadonlyMap<number, number>
}> =>
  db.client.withSession({ snapshot: true }, async (session) => {
    const inSnapshot = {
      ...options,
      session,
      readConcern: { level: 'snapshot' },
      readPreference: 'primary',
    } as const
    const ids = partitions.map((p) => ({ p, projection: positionsName(balances.name) }))
    const positions = await db
      .collection<Positions>(positionsCollection)
      .find({ _id: { $in: ids } }, inSnapshot)
      .toArray()
    const sums = await accounts.aggregate<PartitionSum>(sumsByCurrency, inSnapshot).toArray()
    return { sums, positions: new Map(positions.map(({ _id, n }) => [_id.p, n])) }
  })

const sumsByCurrency = [
  { $match: { p: { $in: partitions }, is: 'account' } },
  {
    $group: {
      _id: { partition: '$p', currency: '$currency' },
      posted: { $sum: '$posted' },
      reserved: { $sum: '$reserved' },
      incoming: { $sum: '$incoming' },
      position: { $max: '$position' },
    },
  },
  {
    $project: {
      _id: 0,
      partition: '$_id.partition',
      currency: '$_id.currency',
      posted: 1,
      reserved: 1,
      incoming: 1,
      position: 1,
    },
  },
]

const heldOf = (
  { sales }: Projected,
  options: QueryOptions,
  floats: readonly { readonly p: number; readonly merchant: string }[],
): Promise<Figures['held']> => {
  const shops = [...new Map(floats.map(({ merchant, p }) => [merchant, p]))].slice(0, merchantsMax)
  return Promise.all(
    heldStates.map(async (state) => {
      const count = await sales.countDocuments(
        { p: { $in: partitions }, open: true, state },
        { ...options, limit: countMax },
      )
      const oldest =
        count === 0
          ? []
          : await Promise.all(
              shops.map(([merchant, p]) =>
                sales.findOne(
                  { p, merchant, open: true, state },
                  // A shop's numbers are given in the order of its sales: the lowest is the oldest.
                  { ...options, sort: { number: 1 }, projection: { reservedAt: 1 } },
                ),
              ),
            )
      const times = oldest.flatMap((found) => (found === null ? [] : [found.reservedAt.getTime()]))
      return { state, count, oldestAt: times.length === 0 ? null : Math.min(...times) }
    }),
  )
}
