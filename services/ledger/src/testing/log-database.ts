import { randomBytes } from 'node:crypto'
import mongoose from 'mongoose'
import { blocksCollection, createBlockStore, type BlockStore } from '../log/block-store.ts'

export type LogDatabase = {
  readonly uri: string
  readonly db: mongoose.mongo.Db
  readonly store: BlockStore
  readonly drop: () => Promise<void>
}

/** A log database of its own on the test servers. */
export const logDatabase = async (timeoutMs = 5_000): Promise<LogDatabase> => {
  const server = process.env['TEST_MONGODB_URI']
  if (server === undefined) throw new Error('TEST_MONGODB_URI is not set: run through `npm test`')
  const url = new URL(server)
  url.pathname = `/ledger_log_${randomBytes(6).toString('hex')}`
  const client = new mongoose.mongo.MongoClient(url.href)
  const db = client.db()
  await db.createCollection(blocksCollection)
  return {
    uri: url.href,
    db,
    store: createBlockStore(db, { timeoutMs }),
    drop: async () => {
      await db.dropDatabase()
      await client.close()
    },
  }
}
