import { mongo } from 'mongoose'
import type { Topup } from '../domain/topup.ts'
import { createBatcher } from './batcher.ts'
import { fromDocument, toDocument, type Collections, type TopupDocument } from './documents.ts'

export type CreateResult =
  { readonly kind: 'created' } | { readonly kind: 'known'; readonly topup: Topup }

/** The adapter's records. What a promise resolves to is on a majority's journal; a throw may mean either. */
export type TopupStore = {
  /** Records a new top-up, or finds the one recorded under that id. */
  readonly create: (topup: Topup) => Promise<CreateResult>
  /**
   * Replaces a record by what `change` makes of it, made again from the newest revision when another was faster.
   * `change` is pure and returns its argument when there is nothing to do.
   */
  readonly change: (topup: Topup, change: (current: Topup) => Topup) => Promise<Topup>
  /** Top-ups to be looked at by `now`, and those whose verdict is unsaid since `unsaidSince`; the longest due first. */
  readonly due: (
    sells: Sells,
    now: Date,
    unsaidSince: Date,
    limit: number,
  ) => Promise<readonly Topup[]>
  /** How many top-ups wait for a clear answer and for no person. */
  readonly countUnclear: () => Promise<number>
}

const batchMax = 200
const racesMax = 10
const readMs = 5_000
const duplicateKey = 11_000

export const createTopupStore = ({ topups }: Collections): TopupStore => {
  const insert = createBatcher<TopupDocument, InsertResult>(
    (documents) => insertMany(topups, documents),
    batchMax,
  )
  const replace = createBatcher<Replacement, ReplaceResult>(
    (replacements) => replaceMany(topups, replacements),
    batchMax,
  )

  const read = async (topupId: string): Promise<Topup> => {
    // Linearizable: a record that a failover could still undo must not be reported to anyone.
    const document = await topups.findOne(
      { _id: topupId },
      { readConcern: 'linearizable', maxTimeMS: readMs },
    )
    if (document === null) throw new Error(`top-up ${topupId} was there and is not`)
    return fromDocument(document)
  }

  const changeNewest = async (topupId: string, change: (current: Topup) => Topup) => {
    for (let race = 0; race < racesMax; race += 1) {
      const current = await read(topupId)
      const next = revised(current, change)
      if (next === current) return current
      const { matchedCount } = await topups.replaceOne(
        { _id: topupId, revision: current.revision },
        toDocument(next),
      )
      if (matchedCount === 1) return next
    }
    throw new Error(`top-up ${topupId} changes too fast`)
  }

  return {
    create: async (topup) => {
      const result = await insert(toDocument(topup))
      if (result === 'inserted') return { kind: 'created' }
      return { kind: 'known', topup: await read(topup.topupId) }
    },
    change: async (topup, change) => {
      const next = revised(topup, change)
      if (next === topup) return topup
      const result = await replace({ from: topup.revision, document: toDocument(next) })
      return result === 'replaced' ? next : changeNewest(topup.topupId, change)
    },
    due: (sells, now, unsaidSince, limit) => findDue(topups, sells, now, unsaidSince, limit),
    countUnclear: () =>
      topups.countDocuments({ verdict: 'pending', closed: false }, { maxTimeMS: readMs }),
  }
}

const revised = (topup: Topup, change: (current: Topup) => Topup): Topup => {
  const next = change(topup)
  return next === topup ? topup : { ...next, revision: topup.revision + 1 }
}

export type Sells = 'topup' | 'bundle'
type TopupCollection = Collections['topups']

/** Read from a majority: what a failover could still undo must not be said to anyone. */
const findDue = async (
  collection: TopupCollection,
  sells: Sells,
  now: Date,
  unsaidSince: Date,
  limit: number,
): Promise<readonly Topup[]> => {
  // Neither kind crowds out the other.
  const half = Math.ceil(limit / 2)
  // Null is what a top-up's record leaves out.
  const kind = { sells: sells === 'bundle' ? sells : null } as const
  const options = { readConcern: 'majority', maxTimeMS: readMs, limit: half } as const
  const [unsaid, due] = await Promise.all([
    collection
      .find(
        { ...kind, unsaid: true, updatedAt: { $lte: unsaidSince } },
        { ...options, sort: { updatedAt: 1 } },
      )
      .toArray(),
    // The lower bound is the index's own: without it the server does not see that the index fits.
    collection
      .find(
        { ...kind, nextAt: { $gt: new Date(0), $lte: now } },
        { ...options, sort: { nextAt: 1 } },
      )
      .toArray(),
  ])
  const found = new Map([...unsaid, ...due].map((document) => [document._id, document]))
  return [...found.values()].map(fromDocument)
}

type InsertResult = 'inserted' | 'known'

/** Unordered: one known id does not hold up its neighbours. Any other error fails the whole batch. */
const insertMany = async (
  collection: TopupCollection,
  documents: readonly TopupDocument[],
): Promise<readonly InsertResult[]> => {
  try {
    await collection.insertMany(documents, { ordered: false })
    return documents.map(() => 'inserted')
  } catch (error) {
    if (!(error instanceof mongo.MongoBulkWriteError)) throw error
    const errors = [error.writeErrors].flat()
    const isOnlyDuplicates =
      errors.length > 0 &&
      errors.every(({ code }) => code === duplicateKey) &&
      error.result.getWriteConcernError() === undefined
    if (!isOnlyDuplicates) throw error
    const known = new Set(errors.map(({ index }) => index))
    return documents.map((_document, index) => (known.has(index) ? 'known' : 'inserted'))
  }
}

type Replacement = { readonly from: number; readonly document: TopupDocument }
type ReplaceResult = 'replaced' | 'unsure'

/** The server counts matches without naming them, so one that lost its race makes its batch look again. */
const replaceMany = async (
  collection: TopupCollection,
  replacements: readonly Replacement[],
): Promise<readonly ReplaceResult[]> => {
  const result = await collection.bulkWrite(
    replacements.map(({ from, document }) => ({
      replaceOne: { filter: { _id: document._id, revision: from }, replacement: document },
    })),
    { ordered: false },
  )
  const all = result.matchedCount === replacements.length
  return replacements.map(() => (all ? 'replaced' : 'unsure'))
}
