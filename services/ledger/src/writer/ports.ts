import type { MerchantId, OperationId } from '@recargas/contracts'
import type { PlacedEntry } from '../domain/chain.ts'
import type { Account, Session, Topup } from '../domain/entities.ts'
import type { Changes, LedgerState } from '../domain/ledger-view.ts'
import type { Policy } from '../domain/operation.ts'

/** Where a partition's chain and sequence stand, and whose it is. */
export type Head = {
  readonly epoch: number
  readonly seq: number
  readonly batch: number
  readonly hash: string
  readonly at: number
}

export type Ownership = { readonly head: Head; readonly state: LedgerState }

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

/** A message that must leave once its batch is durable. */
export type OutboxMessage = {
  readonly to: 'adapter/topups' | 'adapter/bundles' | 'gateways'
  readonly id: string
  readonly type: string
  readonly correlationId: string
  /** The envelope, serialised once. */
  readonly body: string
}

export type PreparedBatch = {
  readonly partition: number
  readonly before: Head
  readonly after: Head
  readonly policy: Policy
  readonly entries: readonly PlacedEntry[]
  readonly changes: Changes
  /** What the accounts held before: the write is refused when the database says otherwise. */
  readonly accountsBefore: ReadonlyMap<string, Account>
  /** Top-ups made in this batch; the others exist already. */
  readonly newTopups: ReadonlySet<string>
  readonly messages: readonly OutboxMessage[]
}

export type CommitResult =
  | { readonly kind: 'committed' }
  /** Another owner took the partition: drop the batch and everything in memory. */
  | { readonly kind: 'fenced' }
  /** Nothing was written and the same batch may succeed now. */
  | { readonly kind: 'transient'; readonly error: unknown }
  /** The database refuses the batch for what is in it; `entryId` names the culprit where it said so. */
  | { readonly kind: 'refused'; readonly entryId: string | null; readonly error: unknown }

/** The ledger's database, as the writer needs it. Everything is durable on a majority when a promise resolves. */
export type LedgerStore = {
  readonly takeOver: (partition: number, policy: Policy) => Promise<Ownership>
  /** What the database holds now, for the owner of that epoch; null when somebody else took the partition since. */
  readonly reload: (partition: number, epoch: number, policy: Policy) => Promise<Ownership | null>
  readonly lookUp: (partition: number, wanted: Wanted) => Promise<Found>
  readonly commit: (batch: PreparedBatch) => Promise<CommitResult>
}
