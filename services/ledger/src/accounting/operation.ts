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
import type { Changes } from './ledger-view.ts'
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

/** A press whose cashier saw the earlier sale and sells again; a gateway may refuse that too. */
export const isConfirmed = (operation: Operation): boolean =>
  (isSale(operation) || operation.type === 'RecordRefusal') && operation.data.confirmDuplicate

/** What `apply` may know beside the state: the batch's time and the shop's limits, both kept with the batch. */
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
  /** The day of the operation at its shop; null for what no shop sent. */
  readonly day: ShopDay | null
}
export type Policy = {
  /** Same number and amount (or same injection) within this time is suspected to be one sale pressed twice. */
  readonly duplicateWindowMs: number
  /** Absent: none, and nothing is counted. */
  readonly limits?: Limits
}

/** What an operation led to, as the rest of the system must hear it. */
export type Outcome =
  | { readonly kind: 'reserved'; readonly topup: Topup }
  | { readonly kind: 'settled'; readonly topup: Topup }
  /** Nothing new to say: still held. */
  | { readonly kind: 'held'; readonly topup: Topup }
  | { readonly kind: 'applied'; readonly result: OperationResult }
  /** A person's word is kept; where it is final the adapter must close the sale before it settles. */
  | { readonly kind: 'decided'; readonly result: OperationResult; readonly topup: Topup }
  /** Only a case: nobody waits for it. */
  | { readonly kind: 'case-opened' }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly details: RefusalDetails }

/** The log keeps `entry` (null: only bookkeeping of attempts changed); `changes` are the new values. */
export type Applied = {
  readonly entry: Entry | null
  readonly changes: Changes
  readonly outcome: Outcome
}
