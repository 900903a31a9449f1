import type { MerchantId, OperationId } from '@recargas/contracts'
import type { Session, Topup } from '../accounting/entities.ts'

/** Records that a batch refers to and memory lacks. */
export type Lookups = {
  readonly operationIds: readonly OperationId[]
  readonly topupIds: readonly OperationId[]
  readonly sessions: readonly (readonly [MerchantId, number])[]
}
/** The outcome of an operation's latest entry: a confirmed sale may follow a suspected duplicate. */
export type KnownOperation = {
  readonly id: string
  readonly fingerprint: string | null
  /** JSON of the outcome as it was first given. */
  readonly outcome: string
}
export type Found = {
  readonly operations: ReadonlyMap<string, KnownOperation>
  /** The top-ups asked for, and those that the known operations made. */
  readonly topups: readonly Topup[]
  readonly sessions: readonly Session[]
}
