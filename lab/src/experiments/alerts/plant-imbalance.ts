import mongoose from 'mongoose'

const amountMinor = 5
const { Long, MongoClient } = mongoose.mongo

/**
 * Changes one projected balance behind the ledger's back, as nobody should be able to. It is one that no sale touches, so
 * the ledger goes on and only its own sums can tell. @returns what puts it back
 */
export const plantImbalance = async (ledgerUri: string): Promise<() => Promise<void>> => {
  const add = async (minor: number) => {
    const client = new MongoClient(ledgerUri)
    try {
      const { modifiedCount } = await client
        .db()
        .collection('balances')
        .updateOne({ kind: 'equity/opening' }, { $inc: { posted: Long.fromNumber(minor) } })
      if (modifiedCount !== 1) throw new Error('no stored balance to plant an imbalance in')
    } finally {
      await client.close()
    }
  }
  await add(amountMinor)
  return () => add(-amountMinor)
}
