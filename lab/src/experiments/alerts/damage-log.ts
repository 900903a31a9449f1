import { MerchantId, partitionCount, partitionOf, blocksDatabaseOf } from '@recargas/contracts'
import mongoose from 'mongoose'

const { MongoClient } = mongoose.mongo
type Db = mongoose.mongo.Db

/** The merchant of tokens without one. */
const shopOfAll = MerchantId.parse('principal')

const withDatabases = async (
  uri: string,
  use: (ledger: Db, blocks: Db) => Promise<void>,
): Promise<void> => {
  const client = new MongoClient(uri)
  try {
    const ledger = client.db()
    await use(ledger, client.db(blocksDatabaseOf(ledger.databaseName)))
  } finally {
    await client.close()
  }
}

/**
 * Changes the newest block of a partition without shops, as only an administrator can: the next owner finds that its hash does
 * not match. @returns a function that restores it
 */
export const damageBlock = async (uri: string): Promise<() => Promise<void>> => {
  const partition = (partitionOf(shopOfAll) + 1) % partitionCount
  let undo = () => Promise.resolve()
  await withDatabases(uri, async (_, blocks) => {
    const log = blocks.collection('blocks')
    const ofPartition = { $gte: { p: partition, n: 0 }, $lt: { p: partition + 1, n: 0 } }
    const newest = await log.findOne({ _id: ofPartition as never }, { sort: { _id: -1 } })
    if (newest === null) throw new Error(`partition ${partition} has no block to damage`)
    const { _id, hash } = newest
    const set = (value: unknown) =>
      withDatabases(uri, async (__, again) => {
        await again.collection('blocks').updateOne({ _id }, { $set: { hash: value } })
      })
    await set('damaged')
    undo = () => set(hash)
  })
  return () => undo()
}

/** A rule of the database refuses every new document of the statement lines, or none again. */
export const refuseStatementLines = (uri: string, isRefused: boolean): Promise<void> =>
  withDatabases(uri, async (ledger) => {
    const validator = isRefused ? { refused: { $exists: true } } : {}
    await ledger.command({ collMod: 'statement_lines', validator })
  })
