import { partitions } from '@recargas/contracts'
import { spentOf } from '../float/runway.ts'
import type { WatchedFloat } from '../metrics/watch-floats.ts'
import { accountOf, type AccountDocument } from '../mongo/documents.ts'
import { injections } from '../projections/injections.ts'
import type { Projected } from '../projections/open-projections.ts'
import type { PositionReads } from '../projections/projection-store.ts'
import { statementLines } from '../projections/statement-lines.ts'
import { lastLineOf, latest } from './account-lines.ts'
import { type QueryOptions, type ReadShown } from './read-shown.ts'

const hourMs = 3_600_000
/** Balances are read after every sale; the pace of an hour does not change with each of them. */
const freshMs = 60_000
const floatsMax = 10_000

/** Projections from which a pace is computed. */
export const paceNeeds = [statementLines.name, injections.name]

export type FloatPaces = {
  /** Spending of each float in the last hour, at most a minute old, in the order of `floats`. */
  readonly spentLastHour: (floats: readonly AccountDocument[]) => Promise<readonly number[]>
  readonly all: () => Promise<readonly WatchedFloat[]>
}

/**
 * The pace of floats, from the balances that lines store: two looks at a key for each float, however many sales there were. A
 * float that nothing touched for an hour is not even looked at.
 */
export const createFloatPaces = (
  projected: Projected,
  deps: {
    readonly readShown: Pick<ReadShown, 'atOnce'>
    readonly positions: PositionReads
    readonly now: () => number
  },
): FloatPaces => {
  const { readShown, positions, now } = deps
  const kept = new Map<string, { readonly at: number; readonly spent: Promise<number> }>()

  const read = (float: AccountDocument, since: number): Promise<number> =>
    readShown.atOnce(async (options) => {
      // Lines and injections are only ever inserted: up to the block that both show they belong to one moment.
      const shown = await positions.positionsOf(float.p, paceNeeds)
      const upTo = Math.min(shown.get(statementLines.name) ?? -1, shown.get(injections.name) ?? -1)
      if (upTo < 0) return 0
      const reading = { partition: float.p, options }
      const { id: account } = accountOf(float)
      const [before, current, injected] = await Promise.all([
        lastLineOf(projected, reading, { account, at: since, upTo }),
        lastLineOf(projected, reading, { account, at: latest, upTo }),
        injectedAfter(projected, float, { since, upTo }, options),
      ])
      return spentOf({
        before: before?.after.posted ?? 0,
        injected,
        now: current?.after.posted ?? 0,
      })
    })

  const spentBy = (float: AccountDocument): Promise<number> => {
    const at = now()
    const since = at - hourMs
    if (float.updatedAt.getTime() <= since) return Promise.resolve(0)
    const known = kept.get(float._id)
    if (known !== undefined && at - known.at < freshMs) return known.spent
    const spent = read(float, since)
    kept.set(float._id, { at, spent })
    // A failure is not cached: the next caller tries again.
    spent.catch(() => kept.delete(float._id))
    return spent
  }
  return {
    spentLastHour: (floats) => Promise.all(floats.map(spentBy)),
    all: async () => {
      const floats = await readShown.atOnce((options) =>
        projected.accounts
          .find({ p: { $in: partitions }, is: 'account', kind: 'float' }, options)
          .limit(floatsMax)
          .toArray(),
      )
      const watched: WatchedFloat[] = []
      // In sequence: this is in no hurry, and the writers share the connections.
      for (const float of floats) {
        watched.push({
          merchant: float.merchant as WatchedFloat['merchant'],
          operator: float.of as WatchedFloat['operator'],
          currency: float.currency as WatchedFloat['currency'],
          available: float.posted - float.reserved,
          spentLastHour: await spentBy(float),
        })
      }
      return watched
    },
  }
}

const injectedAfter = async (
  projected: Projected,
  { p, merchant, of }: AccountDocument,
  { since, upTo }: { readonly since: number; readonly upTo: number },
  options: QueryOptions,
): Promise<number> => {
  const found = await projected.injections
    .find(
      { p, at: { $gt: new Date(since) }, merchant, operator: of, position: { $lte: upTo } },
      { ...options, hint: { p: 1, at: 1 } },
    )
    .project<{ amount: number }>({ amount: 1 })
    .toArray()
  return found.reduce((sum, { amount }) => sum + amount, 0)
}
