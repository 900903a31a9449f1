import mongoose from 'mongoose'

const amountMinor = 5
const { Long, MongoClient } = mongoose.mongo

/**
 * Changes one projected balance behind the ledger's back, as no service could. No sale touches it, so the ledger goes on and
 * only its sums can detect it. @returns a function that restores it
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
