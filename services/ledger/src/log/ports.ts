import type { MerchantId, OperationId } from '@recargas/contracts'
import type { Session, Topup } from '../accounting/entities.ts'

/** What a batch names that is not in memory. */
export type Wanted = {
  readonly operationIds: readonly OperationId[]
  readonly topupIds: readonly OperationId[]
  readonly sessions: readonly (readonly [MerchantId, number])[]
}
/** What the latest entry of an operation says: a suspected duplicate may be followed by its confirmed sale. */
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
