import { Schema } from 'mongoose'
import { modelOptions } from './model-options.ts'

/** The right to do what one instance at a time should do; what it protects must hold without it. */
export type LeaseDocument = {
  /** {@link reconcileLease}, or an instance's. */
  readonly _id: string
  readonly until: Date
  /** Of the lease of reconciliations: who has it. */
  readonly holder?: string
  /** Of an instance: the partitions that it owns, and whether it can be given others. */
  readonly partitions?: readonly number[]
  readonly isReady?: boolean
}

export const reconcileLease = 'reconcile'
/** Id of an instance's lease: it is alive until then, by the database's clock. */
export const instancePrefix = 'instance/'

export const leaseSchema = new Schema<LeaseDocument>(
  {
    _id: { type: String, required: true },
    until: { type: Date, required: true },
    holder: String,
    partitions: { type: [Number], default: undefined },
    isReady: Boolean,
  },
  modelOptions,
)
