import { FundsReserved, verdictKinds } from '@recargas/contracts'
import { Schema, type Connection, type Model } from 'mongoose'
import type { Topup } from '../domain/topup.ts'

/** A top-up as it is stored; amounts are Int64, so BigInt on the way in and numbers on the way out. */
export type TopupDocument = Omit<Topup, 'topupId' | 'job'> & {
  readonly _id: string
  readonly job: Omit<FundsReserved, 'amount' | 'carrierAmount'> & {
    readonly amount: bigint | number
    readonly carrierAmount: bigint | number
  }
}
export type MetaDocument = { readonly _id: 'identity'; readonly bornAt: Date }

const required = <Type>(type: Type) => ({ type, required: true }) as const
const int64 = required(Schema.Types.BigInt)
const strict = { strict: 'throw', versionKey: false, autoCreate: false, autoIndex: false } as const
const part = { _id: false, strict: 'throw' } as const

const Job = new Schema(
  {
    topupId: required(String),
    merchant: required(String),
    operator: required(String),
    carrier: required(String),
    slug: required(String),
    number: required(String),
    amount: int64,
    carrierAmount: int64,
    requestedAt: required(String),
  },
  part,
)
const Invalid = new Schema({ field: String, message: String }, part)
const Answer = new Schema(
  {
    row: required(Number),
    proves: required(String),
    ambiguous: required(Boolean),
    observed: required(String),
    httpStatus: Number,
    carrierStatus: String,
    resultCode: String,
    invalid: { type: Invalid, default: undefined },
    endedAt: required(Date),
  },
  part,
)
const Attempt = new Schema(
  {
    attempt: required(Number),
    startedAt: required(Date),
    leaseUntil: required(Date),
    owner: required(String),
    answer: { type: Answer, default: null },
  },
  part,
)
const topupSchema = new Schema(
  {
    _id: String,
    job: required(Job),
    body: required(String),
    attempts: [Attempt],
    predates: required(Boolean),
    ambiguous: required(Boolean),
    never: required(Boolean),
    closed: required(Boolean),
    verdict: { type: String, enum: [...verdictKinds, null], default: null },
    createdAt: required(Date),
    updatedAt: required(Date),
    revision: required(Number),
  },
  strict,
)
  // What is unclear, oldest first; a sale that ends clearly at its first call never enters this index.
  .index({ verdict: 1, createdAt: 1 }, { partialFilterExpression: { verdict: 'pending' } })

const metaSchema = new Schema({ _id: String, bornAt: required(Date) }, strict)

export type Collections = {
  readonly topups: Model<TopupDocument>
  readonly meta: Model<MetaDocument>
}

/**
 * The collections with their indexes, made where they are missing. Their names carry the owner's, so that even a
 * database shared by mistake mixes nothing.
 */
export const openCollections = async (connection: Connection): Promise<Collections> => {
  const topups = connection.model<TopupDocument>('topup', topupSchema, 'carrier_topups')
  const meta = connection.model<MetaDocument>('meta', metaSchema, 'carrier_meta')
  await topups.createCollection()
  await topups.createIndexes()
  await meta.createCollection()
  return { topups, meta }
}

export const toDocument = ({ topupId, job, ...rest }: Topup): TopupDocument => ({
  _id: topupId,
  ...rest,
  job: { ...job, amount: BigInt(job.amount), carrierAmount: BigInt(job.carrierAmount) },
})

/** Parses the job again: its types carry brands that a database cannot vouch for. */
export const fromDocument = ({ _id, job, ...rest }: TopupDocument): Topup => ({
  topupId: _id,
  ...rest,
  job: FundsReserved.parse({
    ...job,
    amount: Number(job.amount),
    carrierAmount: Number(job.carrierAmount),
  }),
})
