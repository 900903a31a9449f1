import { randomBytes } from 'node:crypto'
import { testServer } from '@recargas/runtime/testing'
import mongoose from 'mongoose'
import { blocksCollection, createBlockStore, type BlockStore } from '../log/block-store.ts'
import { openModels, type LedgerModels } from '../mongo/models.ts'
import { assertTargeted, watchQueries } from './watch-queries.ts'

export type LogDatabase = {
  readonly uri: string
  readonly db: mongoose.mongo.Db
  readonly store: BlockStore
  /** The small collections beside the log. */
  readonly models: LedgerModels
  /** Forgets every document. */
  readonly empty: () => Promise<void>
  readonly drop: () => Promise<void>
}

/** A log database of its own on the test servers; its drop reports the queries that named no partition. */
export const logDatabase = async (timeoutMs = 5_000): Promise<LogDatabase> => {
  watchQueries()
  const url = testServer('TEST_MONGODB_URI')
  url.pathname = `/ledger_log_${randomBytes(6).toString('hex')}`
  const connection = await mongoose.createConnection(url.href).asPromise()
  const db = connection.getClient().db()
  await db.createCollection(blocksCollection)
  return {
    uri: url.href,
    db,
    store: createBlockStore(db, { timeoutMs }),
    models: openModels(connection),
    empty: async () => {
      const collections = await db.listCollections({}, { nameOnly: true }).toArray()
      const names = collections
        .map(({ name }) => name)
        .filter((name) => !name.startsWith('system.'))
      await Promise.all(names.map((name) => db.collection(name).deleteMany({})))
    },
    drop: async () => {
      await db.dropDatabase()
      await connection.close()
      assertTargeted()
    },
  }
}
