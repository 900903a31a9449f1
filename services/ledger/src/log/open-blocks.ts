import type mongoose from 'mongoose'
import { blocksCollection } from './block-store.ts'

/** The database of the blocks, beside the ledger's own: the ledger's user can only find and insert there (ledger-log L5). */
export const blocksDatabaseOf = (ledgerDatabase: string): string => `${ledgerDatabase}_blocks`

/** Makes sure of the blocks' collection. */
export const openBlocks = async (
  client: mongoose.mongo.MongoClient,
  ledgerDatabase: string,
): Promise<mongoose.mongo.Db> => {
  const db = client.db(blocksDatabaseOf(ledgerDatabase))
  await db.createCollection(blocksCollection).catch((error: unknown) => {
    // Two instances may start at once.
    if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error
  })
  return db
}
