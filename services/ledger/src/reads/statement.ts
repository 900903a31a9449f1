import type {
  MerchantId,
  OperationId,
  OperatorName,
  StatementEntry,
  StatementKind,
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

const kindOf = (kind: StatedEntry['kind'], posted: number): StatementKind => {
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
    case 'progress':
      throw new Error(`a ${kind} entry moved a balance`)
  }
}
