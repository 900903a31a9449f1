import { partitionCount } from '@recargas/contracts'
import mongoose from 'mongoose'
import { blocksOf, withDatabase } from './ledger-database.ts'
import { hotPartition } from './shops.ts'

/** A partition that no shop of the run has. */
const partitionWithoutShop = (nth: number): number => (hotPartition + nth) % partitionCount

/**
 * Deletes the blocks of a partition without shops, so that the ledger appends its birth again. Only an administrator can delete
 * blocks.
 * @param time counts the calls; each takes another partition
 */
export const forgetPartition = (uri: string, time: number): Promise<void> =>
  withDatabase(uri, async (db, blocks) => {
    const partition = partitionWithoutShop(time)
    const { deletedCount } = await blocks.collection('blocks').deleteMany(blocksOf(partition))
    if (deletedCount === 0) throw new Error(`partition ${partition} has no block to delete`)
    await db.collection('projection_positions').deleteMany({ '_id.p': partition })
  })

/**
 * Changes the newest block of a partition without shops, as only an administrator can: the next owner finds that its hash does
 * not match. @returns a function that restores it
 */
export const damageBlock = async (uri: string): Promise<() => Promise<void>> => {
  const partition = partitionWithoutShop(1)
  const newest = await withDatabase(uri, (_, blocks) =>
    blocks.collection('blocks').findOne(blocksOf(partition), { sort: { _id: -1 } }),
  )
  if (newest === null) throw new Error(`partition ${partition} has no block to damage`)
  const { _id, hash } = newest
  const set = (value: unknown) =>
    withDatabase(uri, async (_, blocks) => {
      await blocks.collection('blocks').updateOne({ _id }, { $set: { hash: value } })
    })
  await set('damaged')
  return () => set(hash)
}

/** Adds a validator that refuses every new document of the statement lines, or removes it. */
export const refuseStatementLines = (uri: string, isRefused: boolean): Promise<void> =>
  withDatabase(uri, async (ledger) => {
    const validator = isRefused ? { refused: { $exists: true } } : {}
    await ledger.command({ collMod: 'statement_lines', validator })
  })

const imbalanceMinor = 5

/**
 * Changes one projected balance behind the ledger's back, as no service could. No sale touches it, so the ledger goes on and
 * only its sums can detect it. @returns a function that restores it
 */
export const plantImbalance = async (ledgerUri: string): Promise<() => Promise<void>> => {
  const add = (minor: number) =>
    withDatabase(ledgerUri, async (ledger) => {
      const { modifiedCount } = await ledger
        .collection('balances')
        .updateOne(
          { kind: 'equity/opening' },
          { $inc: { posted: mongoose.mongo.Long.fromNumber(minor) } },
        )
      if (modifiedCount !== 1) throw new Error('no stored balance to plant an imbalance in')
    })
  await add(imbalanceMinor)
  return () => add(-imbalanceMinor)
}
