import type {
  CarrierMismatch,
  CarrierVerdict,
  OperationData,
  OperationKind,
  OperationResult,
  RecordRefusal,
  RefusalCode,
  RefusalDetails,
  ShopDay,
} from '@recargas/contracts'
import type { Topup } from './entities.ts'
import type { Entry } from './journal.ts'
import type { Changes, LedgerView } from './ledger-view.ts'
import type { Limits } from './limits.ts'

/** Everything that can change the ledger: the operations of a till, and the messages that no till sent. */
export type Operation =
  | { readonly [Kind in OperationKind]: OfTill<Kind> }[OperationKind]
  | { readonly type: 'CarrierVerdict'; readonly data: CarrierVerdict }
  | { readonly type: 'CarrierMismatch'; readonly data: CarrierMismatch }
  | { readonly type: 'RecordRefusal'; readonly data: RecordRefusal }

type SaleKind = 'RequestTopup' | 'RequestBundle'
type OfTill<Kind extends OperationKind> = {
  readonly type: Kind
  readonly data: OperationData<Kind>
} & (Kind extends SaleKind ? { readonly correlationId: string } : unknown)

export type Sale = Extract<Operation, { type: SaleKind }>

export const isSale = (operation: Operation): operation is Sale =>
  operation.type === 'RequestTopup' || operation.type === 'RequestBundle'

/**
 * A press that confirms a suspected duplicate: its cashier saw the earlier sale and sells again. A gateway may refuse it as
 * well.
 */
export const isConfirmed = (operation: Operation): boolean =>
  (isSale(operation) || operation.type === 'RecordRefusal') && operation.data.confirmDuplicate

/** The facts that `apply` reads beside the state: the batch's time and the shop's limits, both stored with the batch. */
export type BatchCircumstances = {
  readonly at: number
  readonly policy: Policy
  /**
   * In a replay, the day that the log has of the operation: the rules of time zones change, so it is taken as it was
   * derived when the operation was first applied.
   */
  readonly journalledDay?: ShopDay | null
}
export type Circumstances = Omit<BatchCircumstances, 'journalledDay'> & {
  /** The shop's day of the operation; null for an operation that no shop sent. */
  readonly day: ShopDay | null
}
export type Policy = {
  /** Same number and amount (or same injection) within this time is suspected to be one sale pressed twice. */
  readonly duplicateWindowMs: number
  /** Absent: no limit, and nothing is counted. */
  readonly limits?: Limits
}

/** The result of an operation, from which its messages are built. */
export type Outcome =
  | { readonly kind: 'reserved'; readonly topup: Topup }
  | { readonly kind: 'settled'; readonly topup: Topup }
  /** No new result: the sale is still held. */
  | { readonly kind: 'held'; readonly topup: Topup }
  | { readonly kind: 'applied'; readonly result: OperationResult }
  /** A person's decision is recorded; a final one needs the adapter to close the sale before it settles. */
  | { readonly kind: 'decided'; readonly result: OperationResult; readonly topup: Topup }
  /** Only a case: no request waits for it. */
  | { readonly kind: 'case-opened' }
  | Refused

export type Refused<Code extends RefusalCode = RefusalCode> = {
  readonly kind: 'refused'
  readonly code: Code
  readonly details: RefusalDetails
}

export const refused = <Code extends RefusalCode>(
  code: Code,
  details: RefusalDetails = {},
): Refused<Code> => ({ kind: 'refused', code, details })

/** Decides one operation on the view of the books; it changes nothing itself. */
export type Slice<Request> = (
  view: LedgerView,
  request: Request,
  circumstances: Circumstances,
) => Applied

/** The log keeps `entry` (null: only bookkeeping of attempts changed); `changes` are the new values. */
export type Applied = {
  readonly entry: Entry | null
  readonly changes: Changes
  readonly outcome: Outcome
}
