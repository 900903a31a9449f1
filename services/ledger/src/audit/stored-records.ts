import { partitionCount, blocksDatabaseOf } from '@recargas/contracts'
import mongoose from 'mongoose'
import { createBlockStore, blocksCollection } from '../log/block-store.ts'
import {
  missingCollections,
  missingIndexes,
  outsidePartitions,
  standalone,
  type LogDatabases,
} from './find-strays.ts'
import { findLedgerBirth } from './ledger-birth.ts'
import type { LogRecords } from './log-records.ts'
import { generationsInUse, projectionSource, readTimeoutMs } from './projection-source.ts'

/** A database that is only read: it gets no collection, no index and no document. */
export type OpenedRecords = {
  readonly records: LogRecords
  readonly databases: LogDatabases
  readonly close: () => Promise<void>
}
/** @param uri names the ledger's own database; its blocks lie in another one beside it */
export const openLogRecords = async (
  uri: string,
  connectTimeoutMs: number,
): Promise<OpenedRecords> => {
  const client = new mongoose.mongo.MongoClient(uri, {
    appName: 'recargas-verify',
    maxPoolSize: 12,
    serverSelectionTimeoutMS: connectTimeoutMs,
    readConcern: { level: 'majority' },
    readPreference: 'primary',
  })
  await client.connect()
  const ledger = client.db()
  const databases = { ledger, blocks: client.db(blocksDatabaseOf(ledger.databaseName)) }
  return { records: readLogRecords(databases), databases, close: () => client.close() }
}

/** The records of databases that are open already. */
export const readLogRecords = (databases: LogDatabases): LogRecords => {
  const blocks = createBlockStore(databases.blocks, { timeoutMs: readTimeoutMs })
  return {
    blocks,
    projections: projectionSource(databases.ledger, { isCounted: true }),
    inspect: async () => {
      const inUse = await generationsInUse(databases.ledger)
      const strays = await missingCollections(databases, inUse)
      const birth = await findLedgerBirth(blocks)
      const partitions = birth?.partitions ?? partitionCount
      const hello = await databases.ledger.command({ hello: 1 })
      return {
        birth,
        partitions,
        doubled: [],
        blocks: await databases.blocks.collection(blocksCollection).estimatedDocumentCount(),
        strays: [
          ...standalone(hello),
          ...strays,
          ...(await missingIndexes(databases.ledger, inUse)),
          ...(await outsidePartitions(databases, inUse, partitions)),
        ],
      }
    },
  }
}
