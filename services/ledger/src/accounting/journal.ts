import {
  invariant,
  type MerchantId,
  type OperationEntryKind,
  type OperationId,
  type ShopDay,
} from '@recargas/contracts'
import { isGuarded, type Account, type Balances } from './entities.ts'

/** An entry's change to one account, and the account's balances after it. */
export type Line = Balances & {
  readonly account: string
  readonly after: Balances
  /** The session the cash moved in; null between sessions. */
  readonly session: number | null
}

/** An entry is one of an operation, or one step of a sale or a case that no operation names. */
export type EntryKind =
  OperationEntryKind | 'commit' | 'release' | 'review' | 'correct' | 'case' | 'refuse'

/**
 * The entry of a press with a key that was suspected to be a duplicate. Its confirmed sale is the one other entry that its
 * operation may have: under the operation's own id, so that the database allows each of the two once.
 */
export const suspectedEntryId = (operationId: OperationId): string => `${operationId}:suspected`

/** One step of the books, before it gets its place in the log. */
export type Entry = {
  readonly id: string
  readonly kind: EntryKind
  readonly merchant: MerchantId
  /** The shop's day of the operation; null for an operation that no shop sent. */
  readonly day: ShopDay | null
  readonly topupId: OperationId | null
  /** The session it belongs to. Cash that moves between two sessions of a caja names the earlier one. */
  readonly sessionId: number | null
  /** The reservation this entry ends; the database allows one such entry for each. */
  readonly resolves: OperationId | null
  readonly lines: readonly Line[]
}

/**
 * Moves an account's balances. The only arithmetic on balances there is.
 * Throws when a guarded account would go below zero: callers refuse before they move.
 */
export const move = (
  account: Account,
  { posted = 0, reserved = 0, incoming = 0 }: Partial<Balances>,
  at: number,
  session: number | null,
): { readonly account: Account; readonly line: Line } => {
  const after = {
    posted: account.posted + posted,
    reserved: account.reserved + reserved,
    incoming: account.incoming + incoming,
  }
  invariant(
    Number.isSafeInteger(after.posted) &&
      Number.isSafeInteger(after.reserved) &&
      Number.isSafeInteger(after.incoming),
    `${account.id} leaves the safe integers`,
  )
  invariant(after.reserved >= 0 && after.incoming >= 0, `${account.id} holds less than nothing`)
  invariant(
    !isGuarded(account.kind) || after.posted - after.reserved >= 0,
    `${account.id} would be overdrawn`,
  )
  return {
    account: { ...account, ...after, updatedAt: at },
    line: { account: account.id, posted, reserved, incoming, after, session },
  }
}

/** Debits equal credits, and reserved money on one side is incoming on the other. */
export const assertBalanced = (lines: readonly Line[]): void => {
  let posted = 0
  let held = 0
  for (const line of lines) {
    posted += line.posted
    held += line.incoming - line.reserved
  }
  invariant(posted === 0, `debits and credits differ by ${posted}`)
  invariant(held === 0, `reserved and incoming differ by ${held}`)
}
