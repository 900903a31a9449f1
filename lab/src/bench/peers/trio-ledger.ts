import mongoose from 'mongoose'
import { connectPlainly, queues, saleOf, type Sale, type Setting } from './queues.ts'

const { MongoClient } = mongoose.mongo
type Session = mongoose.mongo.ClientSession

export const trioFloat = 'op:Tigo'
export const trioDrawer = 'caja:1'

/**
 * Prefetch of each of its two queues. All its transactions meet on one account, so more of them at once only make each other
 * wait: it was fastest with this value.
 */
const prefetch = 1

type Account = {
  readonly _id: string
  readonly available: number
  readonly pending: number
  readonly posted: number
}
type Transfer = {
  readonly _id: string
  readonly op: string
  readonly monto: number
  readonly num: string
  readonly caja: number
  readonly state: 'pending' | 'posted'
  readonly at: Date
  readonly done?: Date
}
type Entry = {
  readonly transfer: string
  readonly lines: readonly { readonly a: string; readonly v: number }[]
  readonly at: Date
}

type Write = (session: Session, sale: Sale) => Promise<void>
type Writes = { readonly reserve: Write; readonly post: Write }

/**
 * A ledger as it is usually written: one transaction for each message, run again when it meets another on the same
 * account. Correct, durable, and without a batch.
 */
export const run = async (setting: Setting): Promise<void> => {
  const { channel, send } = await connectPlainly(setting('AMQP_URL'))
  const client = new MongoClient(setting('MONGODB_URI'), {
    writeConcern: { w: 'majority', journal: true },
  })
  await client.connect()
  const { reserve, post } = await openBooks(client.db())

  const inTransaction = async (write: Write, sale: Sale): Promise<void> => {
    const session = client.startSession()
    try {
      // The driver's helper runs it again after a write conflict.
      await session.withTransaction(() => write(session, sale))
    } finally {
      await session.endSession()
    }
  }

  const work = await channel(prefetch)
  const consume = (queue: string, write: Write, pass: (sale: Sale) => Promise<void>) =>
    work.consume(queue, (message) => {
      if (message === null) return
      const sale = saleOf(message.content)
      void inTransaction(write, sale)
        .then(() => pass(sale))
        .then(() => work.ack(message))
    })
  await consume(queues.command, reserve, (sale) => send(queues.job, sale))
  await consume(queues.outcome, post, (sale) => send(queues.event, sale, false))
}

const openBooks = async (db: mongoose.mongo.Db): Promise<Writes> => {
  const accounts = db.collection<Account>('accounts')
  const transfers = db.collection<Transfer>('transfers')
  const journal = db.collection<Entry>('journal')
  await accounts.insertMany([
    { _id: trioFloat, available: 1e15, pending: 0, posted: 0 },
    { _id: trioDrawer, available: 0, pending: 0, posted: 0 },
  ])
  const reserve = async (session: Session, sale: Sale): Promise<void> => {
    const amount = Math.round(sale.monto * 100)
    const moved = await accounts.updateOne(
      { _id: trioFloat, available: { $gte: amount } },
      { $inc: { available: -amount, pending: amount } },
      { session },
    )
    if (moved.matchedCount !== 1) throw new Error('the float is spent')
    await accounts.updateOne({ _id: trioDrawer }, { $inc: { pending: amount } }, { session })
    const transfer: Transfer = {
      _id: sale.id,
      op: sale.operadora,
      monto: amount,
      num: sale.numero_cliente,
      caja: sale.id_caja_sesion,
      state: 'pending',
      at: new Date(),
    }
    await transfers.insertOne(transfer, { session })
  }

  const post = async (session: Session, sale: Sale): Promise<void> => {
    const amount = Math.round(sale.monto * 100)
    const at = new Date()
    const ended = await transfers.updateOne(
      { _id: sale.id, state: 'pending' },
      { $set: { state: 'posted', done: at } },
      { session },
    )
    if (ended.matchedCount !== 1) return
    const move = { $inc: { pending: -amount, posted: amount } }
    await accounts.updateOne({ _id: trioFloat }, move, { session })
    await accounts.updateOne({ _id: trioDrawer }, move, { session })
    const lines = [
      { a: trioFloat, v: -amount },
      { a: trioDrawer, v: amount },
    ]
    await journal.insertOne({ transfer: sale.id, lines, at }, { session })
  }

  return { reserve, post }
}
