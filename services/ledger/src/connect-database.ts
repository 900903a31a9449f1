import mongoose, { type Connection } from 'mongoose'
import { blocksDatabaseOf } from '@recargas/contracts'
import { ensureProjections, projections } from './projections/all.ts'
import { readableProjections } from './projections/follow-generations.ts'
import { createGenerationStore } from './projections/generation-store.ts'
import { markNewProjections } from './projections/mark-new-projections.ts'
import { ensureModels, openModels, type LedgerModels } from './mongo/models.ts'
import { ignoreExisting } from './mongo/server-errors.ts'
import { blocksCollection } from './log/block-store.ts'

type Db = mongoose.mongo.Db

export type LedgerDatabase = {
  readonly connection: Connection
  /** Projections, and the collections that no block can rebuild. */
  readonly db: Db
  /** The log. */
  readonly blocks: Db
  readonly models: LedgerModels
  readonly close: () => Promise<void>
}

const startTimeoutMs = 5_000

export type DatabaseOptions = { readonly connectTimeoutMs: number; readonly poolSize: number }

/** Connects with majority, journaled writes and majority reads on the primary. It makes and changes nothing. */
export const connectLedgerDatabase = async (
  uri: string,
  options: DatabaseOptions,
): Promise<LedgerDatabase> => {
  const connection = await mongoose
    .createConnection(uri, {
      appName: 'recargas-ledger',
      maxPoolSize: options.poolSize,
      serverSelectionTimeoutMS: options.connectTimeoutMs,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      autoIndex: false,
      autoCreate: false,
    })
    .asPromise()
  const { db } = connection
  if (db === undefined) throw new Error('the database connection is not open')
  const blocks = connection.getClient().db(blocksDatabaseOf(db.databaseName))
  return { connection, db, blocks, models: openModels(connection), close: () => connection.close() }
}

/** Ensures every collection and index; of the projections the readable generations. */
export const ensureCollections = async (database: LedgerDatabase): Promise<void> => {
  await openBlocks(database.connection.getClient(), database.db.databaseName)
  await ensureModels(database.models)
  const generations = createGenerationStore(database.db, { timeoutMs: startTimeoutMs })
  await markNewProjections(database.db, generations)
  await ensureProjections(database.db, readableProjections(projections, await generations.read()))
}

/** Ensures the blocks' collection. */
export const openBlocks = async (
  client: mongoose.mongo.MongoClient,
  ledgerDatabase: string,
): Promise<mongoose.mongo.Db> => {
  const db = client.db(blocksDatabaseOf(ledgerDatabase))
  await db.createCollection(blocksCollection).catch(ignoreExisting)
  return db
}
