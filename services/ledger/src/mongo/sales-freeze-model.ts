import { Schema } from 'mongoose'
import { modelOptions, required } from './model-options.ts'

/** The sales freeze, written by a restore: open or not, and the reconciliation from which it is judged. */
export type SalesFreezeDocument = {
  readonly _id: 'selling'
  readonly open: boolean
  readonly since: Date
  /** The books hold everything up to this moment. */
  readonly recoveryPoint: Date
  /** Only while the restore is under way, or was cut off. */
  readonly unfinished?: true
  /** The last reconciliation that the backup held. */
  readonly lastRun: number
  readonly opened?: { readonly at: Date; readonly by: string; readonly reason: string }
}

export const salesFreezeSchema = new Schema<SalesFreezeDocument>(
  {
    _id: required(String),
    open: required(Boolean),
    since: required(Date),
    recoveryPoint: required(Date),
    unfinished: Boolean,
    lastRun: required(Number),
    opened: { at: Date, by: String, reason: String },
  },
  modelOptions,
)
