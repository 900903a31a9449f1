import { FundsReserved } from '@recargas/contracts'
import mongoose, { type Connection } from 'mongoose'
import type { Attempt, SaleRecord } from '../domain/sale.ts'

const { Long } = mongoose.mongo
type Long = mongoose.mongo.Long

/**
 * A sale as it is stored, under the names of the first versions: `never` and `unsaid` for `neverSend` and `unpublished`.
 * Amounts are Int64: written as Long, read as numbers.
 */
export type SaleDocument = Omit<SaleRecord, 'topupId' | 'job' | 'neverSend' | 'unpublished'> & {
  readonly _id: string
  readonly never: boolean
  /** Absent in a record of a version before repeats. */
  readonly unsaid?: boolean
  /** Marks a bundle, so that due top-ups and due bundles never hide each other. */
  readonly sells?: 'bundle' | null
  readonly job: Omit<FundsReserved, 'amount' | 'carrierAmount'> & {
    readonly amount: Long | number
    readonly carrierAmount: Long | number
  }
}
export type MetaDocument = { readonly _id: 'identity'; readonly bornAt: Date }

export type Collections = {
  readonly topups: mongoose.mongo.Collection<SaleDocument>
  readonly meta: mongoose.mongo.Collection<MetaDocument>
}

/**
 * The collections with their indexes, made where they are missing. Their names carry the owner's, so that even a
 * database shared by mistake mixes nothing.
 */
export const openCollections = async ({ db }: Connection): Promise<Collections> => {
  if (db === undefined) throw new Error('the database connection is not open')
  const topups = db.collection<SaleDocument>('carrier_topups')
  // Unclear sales, oldest first; a sale that ends clearly at its first call never enters this index.
  await topups.createIndex(
    { verdict: 1, createdAt: 1 },
    { partialFilterExpression: { verdict: 'pending' } },
    {},
  )
  // The sales that a worker looks at next. Only unclear sales have a time, and only a repeat's verdict is ever unpublished.
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

export const toDocument = ({
  topupId,
  job,
  neverSend,
  unpublished,
  ...rest
}: SaleRecord): SaleDocument => ({
  _id: topupId,
  ...rest,
  never: neverSend,
  unsaid: unpublished,
  ...(job.bundle === undefined ? {} : { sells: 'bundle' }),
  job: {
    ...job,
    amount: Long.fromNumber(job.amount),
    carrierAmount: Long.fromNumber(job.carrierAmount),
  },
})

/** The members that a record of a version before repeats lacks. */
const beforeRepeats = (topupId: string) => ({ nextAt: null, correlationId: topupId })

/** Versions before `leavesDoubt` told a refusal that ends no doubt by row 6 of their only carrier's table. */
const withDoubt = (attempt: Attempt): Attempt =>
  attempt.answer?.row === 6 && attempt.answer.proves === 'rejected'
    ? { ...attempt, answer: { ...attempt.answer, leavesDoubt: true } }
    : attempt

/** Parses the job again: its types carry brands that a database cannot vouch for. */
export const fromDocument = ({
  _id,
  sells: _sells,
  never,
  unsaid,
  job,
  ...rest
}: SaleDocument): SaleRecord => ({
  ...beforeRepeats(_id),
  topupId: _id,
  ...rest,
  neverSend: never,
  unpublished: unsaid ?? false,
  attempts: rest.attempts.map(withDoubt),
  job: FundsReserved.parse({
    ...job,
    amount: Number(job.amount),
    carrierAmount: Number(job.carrierAmount),
  }),
})
