import { spentOf } from '../float/runway.ts'
import type { WatchedFloat } from '../float/watch-floats.ts'
import type { Collections, LedgerDatabase } from './collections.ts'
import { accountOf, type AccountDocument } from './documents.ts'
import { accountsIn } from './state.ts'
import { accountIndex, readMsMax } from './statements.ts'

const hourMs = 3_600_000
/** Balances are read after every sale; the pace of an hour does not change with each of them. */
const freshMs = 60_000
const floatsMax = 10_000

export type FloatPaces = {
  /** What each of these floats spent in the last hour, at most a minute old, in their order. */
  readonly spentLastHour: (floats: readonly AccountDocument[]) => Promise<readonly number[]>
  readonly all: () => Promise<readonly WatchedFloat[]>
}

/**
 * The pace of floats, from the balances that entries store: two looks at an index for each float, however many sales
 * there were. A float that nothing touched for an hour is not even looked at.
 */
export const createFloatPaces = (
  { connection, collections }: Pick<LedgerDatabase, 'connection' | 'collections'>,
  { now }: { readonly now: () => number },
): FloatPaces => {
  const kept = new Map<string, { readonly at: number; readonly spent: Promise<number> }>()

  const read = (float: AccountDocument, since: Date): Promise<number> =>
    // At one moment: between two reads a sale or an injection could come in.
    connection.getClient().withSession({ snapshot: true }, async (session) => {
      const options = { session, readConcern: { level: 'snapshot' }, maxTimeMS: readMsMax } as const
      const current = await accountsIn(collections).findOne({ _id: float._id }, options)
      const before = await postedAt(collections, accountOf(float).id, since, options)
      const injected = await injectedAfter(collections, float, since, options)
      return spentOf({ before, injected, now: current?.posted ?? 0 })
    })

  const spentBy = (float: AccountDocument): Promise<number> => {
    const at = now()
    const since = new Date(at - hourMs)
    if (float.updatedAt <= since) return Promise.resolve(0)
    const known = kept.get(float._id)
    if (known !== undefined && at - known.at < freshMs) return known.spent
    const spent = read(float, since)
    kept.set(float._id, { at, spent })
    // A failure is not kept: whoever asks next tries again.
    spent.catch(() => kept.delete(float._id))
    return spent
  }
  return {
    spentLastHour: (floats) => Promise.all(floats.map(spentBy)),
    all: async () => {
      const floats = await accountsIn(collections)
        .find({ is: 'account', kind: 'float' })
        .limit(floatsMax)
        .maxTimeMS(readMsMax)
        .toArray()
      const watched: WatchedFloat[] = []
      // One after the other: this is in no hurry, and the writers share the connections.
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

type Options = NonNullable<Parameters<Collections['journal']['findOne']>[1]>

/** The stored balance of the last entry at or before the instant; 0 where there is none. */
const postedAt = async (
  { journal }: Collections,
  account: string,
  at: Date,
  options: Options,
): Promise<number> => {
  const last = await journal.findOne(
    { 'lines.account': account, at: { $lte: at } },
    { ...options, projection: { lines: 1 }, sort: { at: -1, seq: -1 }, hint: accountIndex },
  )
  return last?.lines.findLast((line) => line.account === account)?.after.posted ?? 0
}

const injectedAfter = async (
  { injections }: Collections,
  { p, merchant, of }: AccountDocument,
  at: Date,
  options: Options,
): Promise<number> => {
  const found = await injections
    .find({ p, at: { $gt: at }, merchant, operator: of } as never, {
      ...options,
      projection: { amount: 1 },
      hint: { p: 1, at: 1 },
    })
    .toArray()
  return found.reduce((sum, { amount }) => sum + amount, 0)
}
