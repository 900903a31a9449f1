import type mongoose from 'mongoose'
import { unlessDuplicate } from '../mongo/server-errors.ts'
import { majority } from '../mongo/stored-values.ts'
import { withinTime } from '../mongo/within-time.ts'
import { firstGeneration, type Generations } from './generations.ts'

type Db = mongoose.mongo.Db

export const generationsCollection = 'projection_generations'

/** One projection's generations, and the rebuild that is at work on them; all times are by the database's clock. */
type GenerationsDocument = Generations & {
  /** The projection's name. */
  readonly _id: string
  /** The time of the last step. */
  readonly changedAt: Date | null
  /** The rebuild that has the lease, and until when. */
  readonly holder: string | null
  readonly until: Date | null
}

export type KnownGenerations = ReadonlyMap<string, Generations>

/** The generations of every projection that was ever rebuilt, by a majority on the primary. */
export type GenerationReads = { readonly read: () => Promise<KnownGenerations> }

/** Changes of the generations, each a compare-and-set, so that of two rebuilds one is refused. */
export type GenerationStore = GenerationReads & {
  /** Takes the lease of a projection, or keeps it. @returns false: another rebuild has it */
  readonly lease: (projection: string, holder: string, leaseMs: number) => Promise<boolean>
  readonly release: (projection: string, holder: string) => Promise<void>
  /** @returns false: the lease is lost, or the generations are not those that were expected */
  readonly change: (
    projection: string,
    holder: string,
    change: { readonly from: Generations; readonly to: Generations },
  ) => Promise<boolean>
  /** Time since the last step. */
  readonly unchangedMs: (projection: string) => Promise<number>
  /** Marks a projection as new where the ledger has a history: it has no generation before its rebuild. */
  readonly markNew: (projection: string) => Promise<void>
}

export const createGenerationStore = (
  db: Db,
  { timeoutMs }: { readonly timeoutMs: number },
): GenerationStore => {
  const collection = db.collection<GenerationsDocument>(generationsCollection)
  const writing = { writeConcern: { w: 'majority', wtimeout: timeoutMs } } as const
  const within = <Value>(run: (signal: AbortSignal) => Promise<Value>) =>
    withinTime(2 * timeoutMs, run)
  const insertMissing = async (_id: string, generations: Generations): Promise<void> => {
    const document = { _id, ...generations, changedAt: null, holder: null, until: null }
    await unlessDuplicate(within(() => collection.insertOne(document, writing)))
  }
  return {
    read: async () => {
      const found = await within((signal) => collection.find({}, { ...majority, signal }).toArray())
      return new Map(
        found.map(({ _id, current, building, retiring, dropping }) => [
          _id,
          { current, building, retiring, dropping },
        ]),
      )
    },
    lease: async (projection, holder, leaseMs) => {
      await insertMissing(projection, firstGeneration)
      const isFree = [{ holder: null }, { holder }, { $expr: { $lte: ['$until', '$$NOW'] } }]
      const { matchedCount } = await within(() =>
        collection.updateOne(
          { _id: projection, $or: isFree },
          [{ $set: { holder, until: { $add: ['$$NOW', leaseMs] } } }],
          writing,
        ),
      )
      return matchedCount === 1
    },
    release: async (projection, holder) => {
      const none = { $set: { holder: null, until: null } }
      await within(() => collection.updateOne({ _id: projection, holder }, none, writing))
    },
    change: async (projection, holder, { from, to }) => {
      const { matchedCount } = await within(() =>
        collection.updateOne(
          { _id: projection, holder, $expr: { $gt: ['$until', '$$NOW'] }, ...from },
          [{ $set: { ...to, changedAt: '$$NOW' } }],
          writing,
        ),
      )
      return matchedCount === 1
    },
    unchangedMs: async (projection) => {
      const stages = [
        { $match: { _id: projection } },
        { $project: { ms: { $subtract: ['$$NOW', '$changedAt'] } } },
      ]
      const [found] = await within((signal) =>
        collection
          .aggregate<{ readonly ms: number | null }>(stages, { ...majority, signal })
          .toArray(),
      )
      return found?.ms ?? 0
    },
    markNew: (projection) => insertMissing(projection, { ...firstGeneration, current: null }),
  }
}
