import {
  operationEntries,
  type MerchantId,
  type OperationId,
  type OperatorName,
  type StatementEntry,
  type StatementKind,
} from '@recargas/contracts'
import { accountId } from '../accounting/entities.ts'
import type { EntryKind, Line } from '../accounting/journal.ts'

/** One entry as a statement shows it: its line on the account. */
export type StatedEntry = {
  readonly operationId: OperationId
  readonly seq: number
  readonly at: Date
  readonly kind: EntryKind | 'progress'
  /** The operator whose float the entry touches. */
  readonly operator: OperatorName | null
  readonly line: Pick<Line, 'posted' | 'reserved' | 'incoming' | 'after'>
}

/** Number, session and reason of the sale, injection or movement that an entry is about. */
export type Naming = {
  readonly number: number | null
  /** The session the sale was made in. */
  readonly saleSessionId: number | null
  readonly reason: string | null
}

/**
 * One entry as the account saw it. The balances are the stored ones: nothing is added up here.
 * @param session of a session's statement; null for a float's
 */
export const statementEntry = (
  { operationId, seq, at, kind, operator, line }: StatedEntry,
  session: number | null,
  naming: Naming,
): StatementEntry => {
  const isOfAnother =
    session !== null && naming.saleSessionId !== null && naming.saleSessionId !== session
  return {
    seq,
    at: at.toISOString(),
    kind: isOfAnother && kind === 'commit' ? 'late-sale' : kindOf(kind, line.posted),
    operationId,
    number: naming.number,
    operator,
    originSessionId: isOfAnother ? naming.saleSessionId : null,
    reason: naming.reason,
    change: { posted: line.posted, reserved: line.reserved, incoming: line.incoming },
    after: line.after,
  }
}

export const floatPrefix = (merchant: MerchantId): string => `${accountId(merchant, 'float')}/`

/** Lines of a sale after its reservation; every other entry with a line is an operation's own. */
const saleKinds: Readonly<Record<string, StatementKind>> = {
  commit: 'sale',
  release: 'release',
  correct: 'correction',
}

const kindOf = (kind: StatedEntry['kind'], posted: number): StatementKind => {
  const stated = saleKinds[kind] ?? operationEntries.get(kind)?.statement ?? null
  // An entry that moves no balance has no line, so no statement shows it.
  if (stated === null) throw new Error(`a ${kind} entry moved a balance`)
  return typeof stated === 'string' ? stated : stated[posted < 0 ? 'out' : 'in']
}
