import { blocksDatabaseOf } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { ignoreExisting } from '../mongo/ignore-existing.ts'
import { blocksCollection } from './block-store.ts'

/** Ensures the blocks' collection. */
export const openBlocks = async (
  client: mongoose.mongo.MongoClient,
  ledgerDatabase: string,
): Promise<mongoose.mongo.Db> => {
  const db = client.db(blocksDatabaseOf(ledgerDatabase))
  await db.createCollection(blocksCollection).catch(ignoreExisting)
  return db
}
