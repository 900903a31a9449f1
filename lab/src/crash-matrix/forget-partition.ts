import { MerchantId, partitionCount, partitionOf, blocksDatabaseOf } from '@recargas/contracts'
import mongoose from 'mongoose'

/** The merchant of tokens without one. */
const shopOfAll = MerchantId.parse('principal')

/**
 * Makes a partition that no shop has as new as on the first day: the ledger appends its birth again. Only an administrator can
 * take blocks away.
 * @param time each names another partition
 */
export const forgetPartition = async (uri: string, time: number): Promise<void> => {
  const partition = (partitionOf(shopOfAll) + time) % partitionCount
  const client = new mongoose.mongo.MongoClient(uri)
  try {
    const db = client.db()
    const { deletedCount } = await client
      .db(blocksDatabaseOf(db.databaseName))
      .collection('blocks')
      .deleteMany({
        _id: { $gte: { p: partition, n: 0 }, $lt: { p: partition + 1, n: 0 } } as never,
      })
    if (deletedCount === 0) throw new Error(`partition ${partition} has no block to take away`)
    await db.collection('projection_positions').deleteMany({ '_id.p': partition })
  } finally {
    await client.close()
  }
}
