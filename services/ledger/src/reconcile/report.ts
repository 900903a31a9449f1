import {
  Currency,
  MerchantId,
  Money,
  OperationId,
  OperatorName,
  TopupState,
} from '@recargas/contracts'
import { z } from 'zod'
import { statuses } from './compare.ts'

/** A sale to look at first, with its cost at the carrier. */
export const SuspectSale = z.strictObject({
  topupId: OperationId,
  number: z.int().positive(),
  merchant: MerchantId,
  operator: OperatorName,
  currency: Currency,
  amount: Money,
  carrierAmount: z.int().positive(),
  state: TopupState,
  requestedAt: z.iso.datetime(),
})
export type SuspectSale = z.infer<typeof SuspectSale>

export const salesPerReportMax = 20

/** One reconciliation as it is kept and shown. Sums in the carrier's own unit, which is not the shop's minor unit. */
export const Report = z.strictObject({
  run: z.int().positive(),
  status: z.enum(statuses),
  /** The figures below were counted from here to here. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  balance: z.int(),
  maxLoanAmount: z.int().nonnegative(),
  /** The amount that can still be sold: the balance and the loan. */
  available: z.int(),
  moved: z.int(),
  committed: z.int(),
  /** Recharges of the account that the balance shows since the run before, and recorded ones that it does not show yet. */
  recharged: z.int().default(0),
  rechargesAwaited: z.int().nonnegative().default(0),
  /** May have been taken or not: at the end, and at the beginning where the first run met sales in flight. */
  open: z.int().nonnegative(),
  openAtStart: z.int().nonnegative(),
  difference: z.int(),
  /** 0: exact figures were compared. Else they were ranges, and a difference smaller than this is not seen. */
  uncertain: z.int().nonnegative(),
  /** The operation that opened the case; null where nothing differs. */
  caseId: OperationId.nullable(),
  /** For a difference the likeliest sales first; for an open run the held sales, oldest first. */
  sales: z.array(SuspectSale).max(salesPerReportMax),
})
export type Report = z.infer<typeof Report>

type Figure = {
  readonly [Field in keyof Report]: Report[Field] extends number ? Field : never
}[keyof Report]

/** The figures of a run as people read them, in this order; one that is 0 most of the time is only shown where it is not. */
export const reportFigures: readonly {
  readonly figure: Figure
  readonly name: string
  readonly isRare?: true
}[] = [
  { figure: 'balance', name: 'balance' },
  { figure: 'maxLoanAmount', name: 'max. loan' },
  { figure: 'available', name: 'available' },
  { figure: 'moved', name: 'moved' },
  { figure: 'committed', name: 'committed' },
  { figure: 'recharged', name: 'recharged', isRare: true },
  { figure: 'rechargesAwaited', name: 'still awaited', isRare: true },
  { figure: 'open', name: 'open' },
  { figure: 'openAtStart', name: 'open at start', isRare: true },
  { figure: 'difference', name: 'difference' },
]

/** A run as it is told: a later run that finds nothing closes no case of an earlier one. */
export const ReportAnswer = Report.extend({ casesOpen: z.int().nonnegative() })
export type ReportAnswer = z.infer<typeof ReportAnswer>
