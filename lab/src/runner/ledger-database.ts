import { setTimeout as pause } from 'node:timers/promises'
import { blocksDatabaseOf, partitions, projectionNames } from '@recargas/contracts'
import mongoose from 'mongoose'
import { eventually } from '../till/shop.ts'
import { sumOf } from './statistics.ts'

export type LedgerDb = mongoose.mongo.Db

const selectionTimeoutMs = 5_000

/** @param use gets the database and the one that holds the blocks of a ledger of that name */
export const withDatabase = async <Result>(
  uri: string,
  use: (db: LedgerDb, blocks: LedgerDb) => Promise<Result>,
): Promise<Result> => {
  const client = new mongoose.mongo.MongoClient(uri, {
    writeConcern: { w: 'majority', journal: true },
    serverSelectionTimeoutMS: selectionTimeoutMs,
  })
  try {
    const db = client.db()
    return await use(db, client.db(blocksDatabaseOf(db.databaseName)))
  } finally {
    await client.close()
  }
}

/** Drops a database and, where it is a ledger's, the one of its blocks. */
export const dropDatabase = (uri: string): Promise<void> =>
  withDatabase(uri, async (db, blocks) => {
    await db.dropDatabase()
    await blocks.dropDatabase()
  })

/** Entries that the projections show; counted by the collection itself, which costs nothing. */
export const countEntries = (db: LedgerDb): Promise<number> =>
  db.collection('operations').estimatedDocumentCount()

/** The filter of one partition's blocks. */
export const blocksOf = (p: number, after = -1) =>
  ({ _id: { $gt: { p, n: after }, $lt: { p: p + 1, n: 0 } } }) as never

/** By partition, the position of its newest block; -1 before its birth. */
export const newestPositions = (blocks: LedgerDb): Promise<readonly number[]> =>
  Promise.all(
    partitions.map(async (p) => {
      const newest = await blocks
        .collection<{ readonly _id: { readonly n: number } }>('blocks')
        .findOne(blocksOf(p), { sort: { _id: -1 }, projection: { _id: 1 } })
      return newest?._id.n ?? -1
    }),
  )

type GenerationDocument = { readonly _id: string; readonly current: number | null }

/** The generation of each projection that is read; those that were never rebuilt are in their first. */
export const openProjections = async (db: LedgerDb) => {
  const found = await db.collection<GenerationDocument>('projection_generations').find().toArray()
  const current = new Map(found.map(({ _id, current: generation }) => [_id, generation]))
  const generationOf = (projection: string) => current.get(projection) ?? 1
  /** The generations of a projection alternate between two collections. */
  const collectionOf = (projection: string) =>
    db.collection(generationOf(projection) % 2 === 1 ? projection : `${projection}_b`)
  return {
    collectionOf,
    read: async <Stored>(projection: string, filter: object = {}) =>
      (await collectionOf(projection).find(filter).toArray()) as unknown as Stored[],
    /** The name that its positions are kept under. */
    nameOf: (projection: string) =>
      generationOf(projection) === 1 ? projection : `${projection}/${generationOf(projection)}`,
  }
}

/** The position that each projection stands at in each partition: to be read before its documents. */
export const readPositions = async (db: LedgerDb) => {
  const { nameOf } = await openProjections(db)
  const found = await db
    .collection<{ _id: { projection: string; p: number }; n: number }>('projection_positions')
    .find()
    .toArray()
  const known = new Map(found.map(({ _id, n }) => [`${_id.projection}/${_id.p}`, n]))
  return projectionNames.flatMap((projection) =>
    partitions.map((partition) => ({
      projection,
      partition,
      position: known.get(`${nameOf(projection)}/${partition}`) ?? -1,
    })),
  )
}

/** True when every projection shows each partition up to its newest block. */
export const isProjected = async (db: LedgerDb, blocks: LedgerDb): Promise<boolean> => {
  const newest = await newestPositions(blocks)
  const shown = await readPositions(db)
  return shown.every(({ partition, position }) => position >= (newest[partition] ?? -1))
}

const restTimeoutMs = 600_000

/** Waits until no sale is open, no block is appended any more, and every block is projected. */
export const restingLedger = (uri: string): Promise<void> =>
  withDatabase(uri, async (db, blocks) => {
    const noneHeld = () =>
      eventually(
        () => db.collection('sales').countDocuments({ open: true }),
        (held) => held === 0,
        restTimeoutMs,
      )
    await noneHeld()
    await unchanging(() => newestPositions(blocks).then(sumOf))
    await eventually(() => isProjected(db, blocks), Boolean, restTimeoutMs)
    await noneHeld()
  })

const unchangingMs = 200

/** Waits until two looks in a row, some time apart, see the same. */
export const unchanging = async (look: () => Promise<number>): Promise<void> => {
  let last: number | null = null
  await eventually(
    async () => {
      const now = await look()
      await pause(unchangingMs)
      const isSame = now === last
      last = now
      return isSame
    },
    (isSame) => isSame,
    restTimeoutMs,
  )
}
