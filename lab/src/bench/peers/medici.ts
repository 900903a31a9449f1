import mongoose from 'mongoose'
import { Book, initModels, mongoTransaction } from 'medici'
import type { Setting } from './queues.ts'

const amount = 100
const float = 'Operators:tigo'
const opening = 1e12

/**
 * The double-entry library as one would use it for a float that must not be overdrawn: its account lock, its balance
 * and its entry in one transaction, from so many clients at once.
 */
export const run = async (setting: Setting) => {
  await mongoose.connect(setting('MONGODB_URI'), { writeConcern: { w: 'majority' } })
  try {
    await mongoose.connection.dropDatabase()
    await initModels()
    const book = new Book('POS')
    await book.entry('fund').debit('Ops:cash', opening).credit(float, opening).commit()
    const transfer = () =>
      mongoTransaction(async (session) => {
        await book.writelockAccounts([float], { session })
        const { balance } = await book.balance({ account: float }, { session })
        if (balance < amount) throw new Error('insufficient')
        await book.entry('topup').debit(float, amount).credit('Cash:s1', amount).commit({ session })
      })
    let transfers = 0
    let errors = 0
    const startedAt = performance.now()
    const until = startedAt + Number(setting('SECONDS')) * 1_000
    const client = async () => {
      while (performance.now() < until) {
        await transfer().then(
          () => (transfers += 1),
          () => (errors += 1),
        )
      }
    }
    await Promise.all(Array.from({ length: Number(setting('CLIENTS')) }, client))
    const seconds = (performance.now() - startedAt) / 1_000
    const { balance } = await book.balance({ account: float })
    return {
      transfersPerSecond: Math.round(transfers / seconds),
      errors,
      /** True when the book's balance equals the booked amounts. */
      isVerified: balance === opening - transfers * amount,
    }
  } finally {
    await mongoose.disconnect()
  }
}

export type MediciRun = Awaited<ReturnType<typeof run>>
