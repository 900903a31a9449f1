import {
  invariant,
  type MerchantId,
  type OperationId,
  type OperatorName,
  type StatementEntry,
  type StatementKind,
} from '@recargas/contracts'
import { accountId } from '../domain/entities.ts'
import type { EntryKind, Line } from '../domain/journal.ts'

/** What a statement reads of one journal entry. */
export type StatedEntry = {
  readonly id: string
  readonly seq: number
  readonly at: Date
  readonly kind: EntryKind
  readonly topupId: OperationId | null
  readonly lines: readonly Line[]
}

/** What the statement's reader knows an entry by, from the documents it is about. */
export type Naming = {
  readonly number: number | null
  /** The session the sale was made in. */
  readonly saleSessionId: number | null
  readonly reason: string | null
}

/** A float's statement has all its entries. A session's has the cash that moved in it, or between it and the previous. */
export type StatedAccount = {
  readonly id: string
  readonly session: { readonly id: number; readonly previous: number | null } | null
}

/** One entry as the account saw it. The balances are the stored ones: nothing is added up here. */
export const statementEntry = (
  merchant: MerchantId,
  account: StatedAccount,
  entry: StatedEntry,
  naming: Naming,
): StatementEntry => {
  const line = entry.lines.find((one) => isStated(one, account))
  invariant(line !== undefined, `entry ${entry.id} does not touch ${account.id}`)
  const isOfAnother =
    account.session !== null &&
    naming.saleSessionId !== null &&
    naming.saleSessionId !== account.session.id
  return {
    seq: entry.seq,
    at: entry.at.toISOString(),
    kind: isOfAnother && entry.kind === 'commit' ? 'late-sale' : kindOf(entry.kind, line.posted),
    operationId: entry.topupId ?? (entry.id as OperationId),
    number: naming.number,
    operator: operatorOf(merchant, entry.lines),
    originSessionId: isOfAnother ? naming.saleSessionId : null,
    reason: naming.reason,
    change: { posted: line.posted, reserved: line.reserved, incoming: line.incoming },
    after: line.after,
  }
}

const isStated = (line: Line, { id, session }: StatedAccount): boolean =>
  line.account === id && (session === null || line.session === null || line.session === session.id)

/** The operator whose float an entry touches; an entry touches one at most. */
const operatorOf = (merchant: MerchantId, lines: readonly Line[]): OperatorName | null => {
  const prefix = floatPrefix(merchant)
  const line = lines.find(({ account }) => account.startsWith(prefix))
  return line === undefined ? null : (line.account.slice(prefix.length) as OperatorName)
}

export const floatPrefix = (merchant: MerchantId): string => `${accountId(merchant, 'float')}/`

const kindOf = (kind: EntryKind, posted: number): StatementKind => {
  switch (kind) {
    case 'reserve':
      return 'hold'
    case 'commit':
      return 'sale'
    case 'release':
      return 'release'
    case 'inject':
      return 'injection'
    case 'move-drawer':
      return posted < 0 ? 'cash-out' : 'cash-in'
    case 'open-session':
    case 'create-caja':
      return 'opening'
    case 'close-session':
      return 'closing'
    case 'correct':
    case 'change-caja':
      return 'correction'
    // Entries that move no balance have no line, so no statement shows them.
    case 'review':
    case 'decide':
    case 'case':
    case 'refuse':
      throw new Error(`a ${kind} entry moved a balance`)
  }
}
