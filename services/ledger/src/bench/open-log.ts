import mongoose from 'mongoose'
import { createBlockStore, type BlockStore } from '../log/block-store.ts'
import { findBirth } from '../log/find-birth.ts'
import { openBlocks } from '../connect-database.ts'
import type { Birth } from '../log/block.ts'
import { ensureProjections } from '../projections/all.ts'

/** The two databases of a ledger, as the bench opens them. */
export type BenchLog = {
  readonly db: mongoose.mongo.Db
  readonly blocksDb: mongoose.mongo.Db
  readonly blocks: BlockStore
  readonly birth: Birth
  readonly close: () => Promise<void>
}

export const timeoutMs = 10_000

/** @param bornAt the time of the ledger's birth, where there is none yet */
export const openLog = async (uri: string, bornAt: number): Promise<BenchLog> => {
  const client = new mongoose.mongo.MongoClient(uri, {
    maxPoolSize: 32,
    serverSelectionTimeoutMS: 5_000,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
  })
  await client.connect()
  const db = client.db()
  const blocksDb = await openBlocks(client, db.databaseName)
  await ensureProjections(db)
  const blocks = createBlockStore(blocksDb, { timeoutMs })
  const ports = { ...singly(blocks), now: clockFrom(bornAt) }
  const birth = await findBirth(ports, { timeoutMs })
  return { db, blocksDb, blocks, birth, close: () => client.close() }
}

/** A clock that shows this time now. */
export const clockFrom = (at: number): (() => number) => {
  const startedAt = performance.now()
  return () => Math.round(at + performance.now() - startedAt)
}

/** Appends block by block, without a queue that joins them. */
export const singly = ({ insert, find, newest }: BlockStore) => ({
  insert: async (block: Parameters<BlockStore['insert']>[0][number]) =>
    (await insert([block]))[0] ?? ('unknown' as const),
  find,
  newest,
})
