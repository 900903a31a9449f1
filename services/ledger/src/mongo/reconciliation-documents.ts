import type { CarrierMismatchMessage } from '@recargas/contracts'
import type mongoose from 'mongoose'
import type { Baseline } from '../reconcile/compare.ts'
import { Report } from '../reconcile/report.ts'
import type { Reconciliation } from '../reconcile/run-reconciliation.ts'
import { long } from './documents.ts'

type Long = mongoose.mongo.Long

/** One run. Report and message are kept as the text they left as: nothing asks for their parts. */
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
  readonly seqs: readonly Integer[]
  readonly committed: Integer
  readonly report: string
  readonly mismatch?: string
  /** Only while the mismatch is not known to be with the broker. */
  readonly unsaid?: true
}
export type ReconciliationDocument = ReconciliationShape<number>

/** The right to do what one instance at a time should do; what it protects must hold without it. */
export type LeaseDocument =
  | { readonly _id: 'reconcile'; readonly holder: string; readonly until: Date }
  | {
      readonly _id: `${typeof presencePrefix}${string}`
      readonly served: number
      readonly until: Date
    }

/** An instance that is there until then. */
export const presencePrefix = 'instance/'

export const reconciliationDocument = ({
  number,
  position: { unsold, baseline },
  counted,
  report,
  mismatch,
}: Reconciliation): ReconciliationShape<Long> => ({
  _id: number,
  at: new Date(report.to),
  unsold: { low: long(unsold.low), high: long(unsold.high) },
  baseline: {
    at: new Date(baseline.at),
    balance: long(baseline.balance),
    committed: long(baseline.committed),
    open: long(baseline.open),
  },
  seqs: counted.seqs.map(long),
  committed: long(counted.committed),
  report: JSON.stringify(report),
  ...(mismatch === null ? {} : { mismatch: JSON.stringify(mismatch), unsaid: true }),
})

export const reconciliationOf = (stored: ReconciliationDocument): Reconciliation => ({
  number: stored._id,
  position: { unsold: stored.unsold, baseline: baselineOf(stored.baseline) },
  counted: { seqs: stored.seqs, committed: stored.committed },
  report: Report.parse(JSON.parse(stored.report)),
  mismatch:
    stored.mismatch === undefined ? null : (JSON.parse(stored.mismatch) as CarrierMismatchMessage),
})

const baselineOf = (stored: ReconciliationDocument['baseline']): Baseline => ({
  ...stored,
  at: stored.at.getTime(),
})
