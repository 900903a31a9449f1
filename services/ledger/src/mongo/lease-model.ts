import { Schema } from 'mongoose'
import { modelOptions, required } from './model-options.ts'

/** A lease lets one instance at a time do some work; correctness must not depend on it. */
export type LeaseDocument = {
  /** {@link reconcileLease}, {@link proofLease}, or an instance's. */
  readonly _id: string
  readonly until: Date
  /** Holder of the lease of a reconciliation or of the proof. */
  readonly holder?: string
  /** Partitions that an instance owns; `isReady` when it can take more. */
  readonly partitions?: readonly number[]
  readonly isReady?: boolean
}

export const reconcileLease = 'reconcile'
export const proofLease = 'proof'
/** Id of an instance's lease: it is alive until then, by the database's clock. */
export const instancePrefix = 'instance/'

export const leaseSchema = new Schema<LeaseDocument>(
  {
    _id: required(String),
    until: required(Date),
    holder: String,
    partitions: { type: [Number], default: undefined },
    isReady: Boolean,
  },
  modelOptions,
)
