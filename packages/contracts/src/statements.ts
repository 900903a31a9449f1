import { z } from 'zod'
import { OperationId, OperatorName, SequenceId } from './ids.ts'
import { Currency, Money } from './money.ts'
import { pageSizeMax } from './reads.ts'
import { SessionView } from './views.ts'

const cursorPattern = /^([0-9a-z]{1,9})-([0-9a-z]{1,10})$/

/** A place in an account's entries: the instant and the `seq` of the last line seen. Opaque to clients. */
export type StatementPlace = { readonly at: number; readonly seq: number }

export const writeStatementCursor = ({ at, seq }: StatementPlace): string =>
  `${at.toString(36)}-${seq.toString(36)}`

/** @returns null for anything that {@link writeStatementCursor} did not write */
export const readStatementCursor = (cursor: string): StatementPlace | null => {
  const [, at, seq] = cursorPattern.exec(cursor) ?? []
  return at === undefined || seq === undefined
    ? null
    : { at: Number.parseInt(at, 36), seq: Number.parseInt(seq, 36) }
}

/** Selects a page of a statement's entries, oldest first; `from` is within the period, `to` is not. */
export const StatementQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(pageSizeMax).default(pageSizeMax),
  cursor: z.string().regex(cursorPattern).optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
})
export type StatementQuery = z.infer<typeof StatementQuery>

/** An entry's kind for the reader of a statement of a float or a drawer. */
export const statementKinds = [
  'hold',
  'sale',
  /** Commit of a sale whose own session was closed before: income of the caja's open session, or of the next one. */
  'late-sale',
  'release',
  'injection',
  'cash-in',
  'cash-out',
  'opening',
  'closing',
  'correction',
] as const
export const StatementKind = z.enum(statementKinds)
export type StatementKind = z.infer<typeof StatementKind>

const Balances = z.strictObject({ posted: z.int(), reserved: z.int(), incoming: z.int() })

/** One entry of one account: its change and the balance after it. */
export const StatementEntry = z.strictObject({
  seq: z.int().positive(),
  at: z.iso.datetime(),
  kind: StatementKind,
  operationId: OperationId,
  /** The number a POS knows the sale, injection or movement by. */
  number: SequenceId.nullable(),
  operator: OperatorName.nullable(),
  /** The session a sale was made in, where its cash came in or was handed back in another one. */
  originSessionId: SequenceId.nullable(),
  /** The reason of a cash movement by hand. */
  reason: z.string().nullable(),
  change: Balances,
  after: Balances,
})
export type StatementEntry = z.infer<typeof StatementEntry>

/** One page, oldest first; `next` is the cursor of the page after it. */
export const StatementPage = z.strictObject({
  currency: Currency,
  entries: z.array(StatementEntry),
  next: z.string().nullable(),
})
export type StatementPage = z.infer<typeof StatementPage>

/** An account's balance at an instant; `at` is never later than the ledger's own time. */
export const BalanceAt = z.strictObject({
  currency: Currency,
  at: z.iso.datetime(),
  ...Balances.shape,
})
export type BalanceAt = z.infer<typeof BalanceAt>

/** Entries of one kind, and of one operator where they have one; `amount` is their change of the drawer. */
export const ShiftTotal = z.strictObject({
  kind: z.enum([
    'sale',
    'late-sale',
    /** Moved while no session of the caja was open: part of the next opening. */
    'initial',
    'sale-before',
    'correction-before',
    'injection',
    'cash-in',
    'cash-out',
    'correction-in',
    'correction-out',
    /** Held, and not settled while the session was open. */
    'pending',
  ]),
  operator: OperatorName.nullable(),
  count: z.int().positive(),
  amount: z.int(),
})
export type ShiftTotal = z.infer<typeof ShiftTotal>

/** Over or short: the entry that booked it, and its change of the drawer. */
export const BookedDifference = z.strictObject({
  operationId: OperationId,
  at: z.iso.datetime(),
  amount: z.int(),
})
export type BookedDifference = z.infer<typeof BookedDifference>

/** A shift added up from its entries. A closed session's never changes. */
export const ShiftReport = z.strictObject({
  session: SessionView,
  totals: z.array(ShiftTotal),
  pending: Money,
  /** Opening plus income less outgo and shortage, so far or at closing. */
  expected: z.int(),
  /** The drawer's settled cash when the previous session was closed. */
  broughtForward: z.int(),
  atOpening: BookedDifference.nullable(),
  atClosing: BookedDifference.nullable(),
})
export type ShiftReport = z.infer<typeof ShiftReport>
