import mongoose from 'mongoose'
import { readBatches, type Raw, type RawBatch } from './raw-batches.ts'

const { MongoClient } = mongoose.mongo
type Db = mongoose.mongo.Db
type Session = mongoose.mongo.ClientSession

/** What one copy of a ledger's documents came to. */
export type RawRun = {
  readonly entriesPerSecond: number
  readonly entries: number
  readonly batches: number
  /** The copy holds as many entries as its original. */
  readonly isVerified: boolean
}

/**
 * The limit that no ledger on this database can pass: what our writer wrote, read back from its database and written
 * again by the bare driver, one transaction for each of its batches, with the same collections and indexes, and
 * without a thought: no rule, no balance, no hash, no look-up.
 */
export const runRawCommit = async (
  mongodbUri: string,
  options: { readonly from: string; readonly to: string },
): Promise<RawRun> => {
  const client = new MongoClient(mongodbUri, {
    writeConcern: { w: 'majority', journal: true },
    promoteLongs: false,
  })
  await client.connect()
  try {
    const source = client.db(options.from)
    const target = client.db(options.to)
    await target.dropDatabase()
    await copyShape(source, target)
    const batches = await readBatches(source)
    // The shop's opening is not the workload.
    const isOpening = ({ topups, updates }: RawBatch) => topups.length + updates.length === 0
    const write = (batch: RawBatch) => {
      const session = client.startSession()
      return session
        .withTransaction(() => writeBatch(target, session, batch))
        .finally(() => session.endSession())
    }
    for (const batch of batches.filter(isOpening)) await write(batch)
    const measured = batches.filter((batch) => !isOpening(batch))
    const startedAt = performance.now()
    for (const batch of measured) await write(batch)
    const seconds = (performance.now() - startedAt) / 1_000
    const entries = measured.reduce((sum, batch) => sum + batch.journal.length, 0)
    const [stored, original] = await Promise.all(
      [target, source].map((db) => db.collection('journal').countDocuments()),
    )
    return {
      entriesPerSecond: Math.round(entries / seconds),
      entries,
      batches: measured.length,
      isVerified: stored === original && entries > 0,
    }
  } finally {
    await client.close()
  }
}

const copyShape = async (source: Db, target: Db): Promise<void> => {
  for (const { name } of await source.listCollections({}, { nameOnly: true }).toArray()) {
    const collection = await target.createCollection(name)
    for (const { key, v: _, name: index, ...options } of await source.collection(name).indexes()) {
      if (index !== '_id_') await collection.createIndex(key, options, {})
    }
  }
}

const writeBatch = async (db: Db, session: Session, batch: RawBatch): Promise<void> => {
  const unordered = { session, ordered: false } as const
  await db.collection<Raw>('state').bulkWrite(
    batch.state.map(({ _id, ...fields }) => ({
      updateOne: { filter: { _id }, update: { $set: fields }, upsert: true },
    })),
    unordered,
  )
  if (batch.topups.length > 0) {
    await db.collection<Raw>('topups').insertMany([...batch.topups], unordered)
  }
  if (batch.updates.length > 0) {
    await db.collection<Raw>('topups').bulkWrite(
      batch.updates.map(({ _id, ...progress }) => ({
        updateOne: { filter: { _id }, update: { $set: progress, $unset: { open: '' } } },
      })),
      unordered,
    )
  }
  await db.collection<Raw>('journal').insertMany([...batch.journal], unordered)
  if (batch.outbox !== null) await db.collection<Raw>('outbox').insertOne(batch.outbox, { session })
}
