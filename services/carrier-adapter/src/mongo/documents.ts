import { FundsReserved } from '@recargas/contracts'
import mongoose, { type Connection } from 'mongoose'
import type { Topup } from '../domain/topup.ts'

const { Long } = mongoose.mongo
type Long = mongoose.mongo.Long

/** A top-up as it is stored; amounts are Int64: written as Long, read as numbers. */
export type TopupDocument = Omit<Topup, 'topupId' | 'job'> & {
  readonly _id: string
  /** Marks a bundle, so that what is due of the one never hides what is due of the other. */
  readonly sells?: 'bundle' | null
  readonly job: Omit<FundsReserved, 'amount' | 'carrierAmount'> & {
    readonly amount: Long | number
    readonly carrierAmount: Long | number
  }
}
export type MetaDocument = { readonly _id: 'identity'; readonly bornAt: Date }

export type Collections = {
  readonly topups: mongoose.mongo.Collection<TopupDocument>
  readonly meta: mongoose.mongo.Collection<MetaDocument>
}

/**
 * The collections with their indexes, made where they are missing. Their names carry the owner's, so that even a
 * database shared by mistake mixes nothing.
 */
export const openCollections = async ({ db }: Connection): Promise<Collections> => {
  if (db === undefined) throw new Error('the database connection is not open')
  const topups = db.collection<TopupDocument>('carrier_topups')
  // What is unclear, oldest first; a sale that ends clearly at its first call never enters this index.
  await topups.createIndex(
    { verdict: 1, createdAt: 1 },
    { partialFilterExpression: { verdict: 'pending' } },
    {},
  )
  // What a worker looks at next. Only unclear sales have a time, and only a repeat's verdict is ever unsaid.
  await topups.createIndex(
    { sells: 1, nextAt: 1 },
    { partialFilterExpression: { nextAt: { $gt: new Date(0) } } },
    {},
  )
  await topups.createIndex(
    { sells: 1, updatedAt: 1 },
    { partialFilterExpression: { unsaid: true } },
    {},
  )
  return { topups, meta: db.collection<MetaDocument>('carrier_meta') }
}

export const toDocument = ({ topupId, job, ...rest }: Topup): TopupDocument => ({
  _id: topupId,
  ...rest,
  ...(job.bundle === undefined ? {} : { sells: 'bundle' }),
  job: {
    ...job,
    amount: Long.fromNumber(job.amount),
    carrierAmount: Long.fromNumber(job.carrierAmount),
  },
})

/** What a record from before there were repeats leaves out. */
const beforeRepeats = (topupId: string) => ({ nextAt: null, unsaid: false, correlationId: topupId })

/** Parses the job again: its types carry brands that a database cannot vouch for. */
export const fromDocument = ({ _id, sells: _sells, job, ...rest }: TopupDocument): Topup => ({
  ...beforeRepeats(_id),
  topupId: _id,
  ...rest,
  job: FundsReserved.parse({
    ...job,
    amount: Number(job.amount),
    carrierAmount: Number(job.carrierAmount),
  }),
})
