import { Schema } from 'mongoose'
import { modelOptions } from './model-options.ts'

/** The right to do what one instance at a time should do; what it protects must hold without it. */
export type LeaseDocument = {
  /** {@link reconcileLease}, or an instance's. */
  readonly _id: string
  readonly until: Date
  /** Of the lease of reconciliations: who has it. */
  readonly holder?: string
  /** Of an instance: how many partitions it serves. */
  readonly served?: number
}

export const reconcileLease = 'reconcile'
/** An instance that is there until then. */
export const presencePrefix = 'instance/'

export const leaseSchema = new Schema<LeaseDocument>(
  {
    _id: { type: String, required: true },
    until: { type: Date, required: true },
    holder: String,
    served: Number,
  },
  modelOptions,
)
