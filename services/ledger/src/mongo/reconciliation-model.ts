import type { CarrierMismatchMessage } from '@recargas/contracts'
import { Schema } from 'mongoose'
import { noRecharges, type Baseline, type Recharges } from '../reconcile/compare.ts'
import { Report } from '../reconcile/report.ts'
import type { Reconciliation } from '../reconcile/run-reconciliation.ts'
import { modelOptions, required } from './model-options.ts'

/** One run. Report and message are stored as text: no query needs their parts. */
type ReconciliationShape<Integer> = {
  readonly _id: number
  readonly at: Date
  readonly unsold: { readonly low: Integer; readonly high: Integer }
  readonly baseline: {
    readonly at: Date
    readonly balance: Integer
    readonly committed: Integer
    readonly open: Integer
  }
  readonly positions: readonly Integer[]
  readonly committed: Integer
  /** As JSON; absent in runs from before recharges were recorded. */
  readonly recharges?: string
  readonly report: string
  readonly mismatch?: string
  /** Stored name of `unpublished`: set only while the mismatch is not known to be with the broker. */
  readonly unsaid?: true
}
/** As the driver reads it: Int64 becomes a number, and every value is a safe integer. */
export type ReconciliationDocument = ReconciliationShape<number>

const int64 = required(Schema.Types.BigInt)

export const reconciliationSchema = new Schema<ReconciliationShape<bigint>>(
  {
    _id: required(Number),
    at: required(Date),
    unsold: { low: int64, high: int64 },
    baseline: { at: required(Date), balance: int64, committed: int64, open: int64 },
    positions: [int64],
    committed: int64,
    recharges: String,
    report: required(String),
    mismatch: String,
    unsaid: Boolean,
  },
  modelOptions,
).index({ unsaid: 1 }, { partialFilterExpression: { unsaid: true } })

export const reconciliationDocument = ({
  number,
  position: { unsold, baseline },
  counted,
  recharges,
  report,
  mismatch,
}: Reconciliation): ReconciliationShape<bigint> => ({
  _id: number,
  at: new Date(report.to),
  unsold: { low: BigInt(unsold.low), high: BigInt(unsold.high) },
  baseline: {
    at: new Date(baseline.at),
    balance: BigInt(baseline.balance),
    committed: BigInt(baseline.committed),
    open: BigInt(baseline.open),
  },
  positions: counted.positions.map(BigInt),
  committed: BigInt(counted.committed),
  recharges: JSON.stringify(recharges),
  report: JSON.stringify(report),
  ...(mismatch === null ? {} : { mismatch: JSON.stringify(mismatch), unsaid: true }),
})

export const reconciliationOf = (stored: ReconciliationDocument): Reconciliation => ({
  number: stored._id,
  position: { unsold: stored.unsold, baseline: baselineOf(stored.baseline) },
  counted: { positions: stored.positions, committed: stored.committed },
  recharges:
    stored.recharges === undefined ? noRecharges : (JSON.parse(stored.recharges) as Recharges),
  report: Report.parse(JSON.parse(stored.report)),
  mismatch:
    stored.mismatch === undefined ? null : (JSON.parse(stored.mismatch) as CarrierMismatchMessage),
})

const baselineOf = (stored: ReconciliationDocument['baseline']): Baseline => ({
  ...stored,
  at: stored.at.getTime(),
})
