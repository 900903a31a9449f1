import type { MerchantId, OperationId, ShopDay } from '@recargas/contracts'
import type { Account, Instant } from './entities.ts'
import type { EntryKind, Line } from './journal.ts'
import { noChanges, type Changes } from './ledger-view.ts'
import type { Applied } from './operation.ts'
import { changesOf, storedChanges, type StoredChanges } from './stored-changes.ts'

/**
 * All effects of one operation or verdict: the lines with the balances after them, and every new value that is not in a line.
 * Blocks alone rebuild the state and every projection, so that no reader of the log applies an operation again.
 */
export type LogEntry = {
  readonly id: string
  /** `progress`: attempts or the time of the next one, and no balance. */
  readonly kind: EntryKind | 'progress'
  readonly merchant: MerchantId
  /** The day of the operation at its shop; null for an operation that no shop sent. */
  readonly day: ShopDay | null
  readonly saleId: OperationId | null
  readonly sessionId: number | null
  /** The reservation that this entry ends. */
  readonly resolves: OperationId | null
  /** The fingerprint of the till's request; null for an operation that no till sent. */
  readonly fingerprint: string | null
  /** The operation as JSON. */
  readonly operation: string
  /** The outcome as JSON: a repeat is answered with it. */
  readonly outcome: string
  readonly lines: readonly Line[]
  readonly changes: Changes
}

/** The texts that an entry keeps of its operation. */
type Texts = Pick<LogEntry, 'fingerprint' | 'operation' | 'outcome'>

/** @returns the entry of an applied operation, or null when nothing changed */
export const logEntryOf = ({ entry, changes }: Applied, texts: Texts): LogEntry | null => {
  if (entry !== null) {
    return {
      id: entry.id,
      kind: entry.kind,
      merchant: entry.merchant,
      day: entry.day,
      saleId: entry.topupId,
      sessionId: entry.sessionId,
      resolves: entry.resolves,
      fingerprint: texts.fingerprint,
      operation: texts.operation,
      outcome: texts.outcome,
      lines: entry.lines,
      changes,
    }
  }
  const [sale] = changes.topups
  if (sale === undefined) return null
  return {
    id: `${sale.id}:progress`,
    kind: 'progress',
    merchant: sale.merchant,
    day: null,
    saleId: sale.id,
    sessionId: null,
    resolves: null,
    ...texts,
    lines: [],
    changes,
  }
}

/** Refuses by time one press and every copy whose `acceptUntil` is not later. */
export type ExpiredOutcome = {
  readonly kind: 'refused'
  readonly code: 'EXPIRED'
  readonly acceptUntil: number
  /** The operation's earlier outcome, as JSON: a suspected duplicate whose confirmation came too late. */
  readonly before?: string
}

/** @returns the `acceptUntil` up to which an operation is refused for ever; null for any other outcome */
export const expiredUntilOf = (outcome: string): number | null => {
  const kept = JSON.parse(outcome) as Partial<ExpiredOutcome>
  return kept.code === 'EXPIRED' ? (kept.acceptUntil ?? null) : null
}

/** @returns the outcome of an operation without its refusals by time; null where it had no other */
export const outcomeBesidesExpired = (outcome: string): string | null =>
  expiredUntilOf(outcome) === null
    ? outcome
    : ((JSON.parse(outcome) as ExpiredOutcome).before ?? null)

type StoredLine = readonly [
  account: string,
  posted: number,
  reserved: number,
  incoming: number,
  postedAfter: number,
  reservedAfter: number,
  incomingAfter: number,
  session: number | null,
]
type NewAccount = Pick<Account, 'id' | 'merchant' | 'currency' | 'kind' | 'of' | 'number'>
type StoredEntry = Omit<LogEntry, 'operation' | 'outcome' | 'lines' | 'changes'> & {
  readonly operation: unknown
  readonly outcome: unknown
  readonly lines: readonly StoredLine[]
  readonly accounts: readonly NewAccount[]
  readonly changes: StoredChanges
}

/**
 * @param at the block's time
 * @returns the entry as one line of JSON: the bytes that the block's hash covers
 */
export const serializeEntry = (entry: LogEntry, at: Instant): string => {
  const { id, kind, merchant, day, saleId, sessionId, resolves, fingerprint } = entry
  const frame = { id, kind, merchant, day, sessionId, resolves, saleId, fingerprint }
  const rest = {
    lines: entry.lines.map(storedLine),
    accounts: entry.changes.accounts.filter(({ createdAt }) => createdAt === at).map(newAccount),
    changes: storedChanges(entry.changes),
  }
  // Both texts are JSON already: they are taken as they are.
  return `${JSON.stringify(frame).slice(0, -1)},"operation":${entry.operation},"outcome":${entry.outcome},${JSON.stringify(rest).slice(1)}`
}

/**
 * @param accountOf the account as the state has it before this entry
 * @param at the block's time
 */
export const parseEntry = (
  text: string,
  accountOf: (id: string) => Account | undefined,
  at: Instant,
): LogEntry => {
  const stored = JSON.parse(text) as StoredEntry
  const { operation, outcome, accounts, changes, lines: storedLines, ...frame } = stored
  const lines = storedLines.map(lineOf)
  return {
    ...frame,
    operation: JSON.stringify(operation),
    outcome: JSON.stringify(outcome),
    lines,
    changes: {
      ...noChanges,
      ...changesOf(changes),
      accounts: accountsAfter(lines, accounts, accountOf, at),
    },
  }
}

const accountsAfter = (
  lines: readonly Line[],
  created: readonly NewAccount[],
  accountOf: (id: string) => Account | undefined,
  at: Instant,
): readonly Account[] => {
  const accounts = new Map<string, Account>()
  for (const { account: id, after } of lines) {
    const opened = created.find((each) => each.id === id)
    const before =
      accounts.get(id) ??
      accountOf(id) ??
      (opened && { ...opened, posted: 0, reserved: 0, incoming: 0, createdAt: at, updatedAt: at })
    if (before === undefined) throw new Error(`account ${id}: no entry has opened it`)
    accounts.set(id, { ...before, ...after, updatedAt: at })
  }
  return [...accounts.values()]
}

const newAccount = ({ id, merchant, currency, kind, of, number }: Account): NewAccount => ({
  id,
  merchant,
  currency,
  kind,
  of,
  number,
})

const storedLine = (line: Line): StoredLine => [
  line.account,
  line.posted,
  line.reserved,
  line.incoming,
  line.after.posted,
  line.after.reserved,
  line.after.incoming,
  line.session,
]

const lineOf = (stored: StoredLine): Line => {
  const [account, posted, reserved, incoming, ...after] = stored
  const [postedAfter, reservedAfter, incomingAfter, session] = after
  return {
    account,
    posted,
    reserved,
    incoming,
    after: { posted: postedAfter, reserved: reservedAfter, incoming: incomingAfter },
    session,
  }
}
