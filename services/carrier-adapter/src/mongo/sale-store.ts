import { createBatcher } from '@recargas/runtime'
import { mongo } from 'mongoose'
import type { SaleRecord } from '../domain/sale.ts'
import type { Records } from '../sales/attempts.ts'
import { fromDocument, toDocument, type Collections, type SaleDocument } from './documents.ts'

/** The adapter's records. A resolved promise is on a majority's journal; a rejected one leaves it open. */
export type SaleStore = Records & {
  /** Sales due by `now`, and those with a verdict unpublished since `unpublishedSince`; the longest due first. */
  readonly due: (
    sells: Sells,
    now: Date,
    unpublishedSince: Date,
    limit: number,
  ) => Promise<readonly SaleRecord[]>
  /** Number of sales that wait for a clear answer and for no person. */
  readonly countUnclear: () => Promise<number>
}

const batchMax = 200
const racesMax = 10
const readMs = 5_000
const duplicateKey = 11_000

export const createSaleStore = ({ topups }: Collections): SaleStore => {
  const insert = batched((documents: readonly SaleDocument[]) => insertMany(topups, documents))
  const replace = batched((replacements: readonly Replacement[]) =>
    replaceMany(topups, replacements),
  )

  const read = async (topupId: string): Promise<SaleRecord> => {
    // Linearizable: a record that a failover could still undo must not be reported to anyone.
    const document = await topups.findOne(
      { _id: topupId },
      { readConcern: 'linearizable', maxTimeMS: readMs },
    )
    if (document === null)
      throw new Error(`sale ${topupId}: insert reported a duplicate key but the record is missing`)
    return fromDocument(document)
  }

  const changeNewest = async (topupId: string, change: (current: SaleRecord) => SaleRecord) => {
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
    throw new Error(`sale ${topupId}: changed by others ${racesMax} times in a row`)
  }

  return {
    create: async (sale) => {
      const result = await insert(toDocument(sale))
      if (result === 'inserted') return { kind: 'created' }
      return { kind: 'known', sale: await read(sale.topupId) }
    },
    change: async (sale, change) => {
      const next = revised(sale, change)
      if (next === sale) return sale
      const result = await replace({ from: sale.revision, document: toDocument(next) })
      return result === 'replaced' ? next : changeNewest(sale.topupId, change)
    },
    due: (sells, now, unpublishedSince, limit) =>
      findDue(topups, sells, now, unpublishedSince, limit),
    countUnclear: () =>
      topups.countDocuments({ verdict: 'pending', closed: false }, { maxTimeMS: readMs }),
  }
}

/** One batch is under way at a time. The consumer's prefetch bounds the items that wait. */
const batched = <Item, Result>(write: (items: readonly Item[]) => Promise<readonly Result[]>) =>
  createBatcher({
    write,
    cut: (waiting) => Math.min(waiting.length, batchMax),
    underWayMax: 1,
    defer: queueMicrotask,
  }).add

const revised = (sale: SaleRecord, change: (current: SaleRecord) => SaleRecord): SaleRecord => {
  const next = change(sale)
  return next === sale ? sale : { ...next, revision: sale.revision + 1 }
}

export type Sells = 'topup' | 'bundle'
type TopupCollection = Collections['topups']

/** Read from a majority: a record that a failover could still undo must not be published. */
const findDue = async (
  collection: TopupCollection,
  sells: Sells,
  now: Date,
  unpublishedSince: Date,
  limit: number,
): Promise<readonly SaleRecord[]> => {
  // Neither kind crowds out the other.
  const half = Math.ceil(limit / 2)
  // A top-up's record has no `sells`, which a query for null finds.
  const kind = { sells: sells === 'bundle' ? sells : null } as const
  const options = { readConcern: 'majority', maxTimeMS: readMs, limit: half } as const
  const [unpublished, due] = await Promise.all([
    collection
      .find(
        { ...kind, unsaid: true, updatedAt: { $lte: unpublishedSince } },
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
  const found = new Map([...unpublished, ...due].map((document) => [document._id, document]))
  return [...found.values()].map(fromDocument)
}

type InsertResult = 'inserted' | 'known'

/** Unordered: one known id does not hold up its neighbours. Any other error fails the whole batch. */
const insertMany = async (
  collection: TopupCollection,
  documents: readonly SaleDocument[],
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

type Replacement = { readonly from: number; readonly document: SaleDocument }
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
