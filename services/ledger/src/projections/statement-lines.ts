import { accountId } from '../accounting/entities.ts'
import type { Line } from '../accounting/journal.ts'
import type { LogEntry } from '../accounting/entry.ts'
import { date, long } from '../mongo/stored-values.ts'
import type { ProjectedDocument, Projection } from './projection.ts'

/** Amounts of one line; zeros are left out, since most amounts are zero. */
type StoredAmounts = {
  readonly posted?: number
  readonly reserved?: number
  readonly incoming?: number
}
type StoredLine = StoredAmounts & {
  /** The entry's index in its block. */
  readonly i: number
  /** The entry's id: the operation's, or the sale's with a suffix. */
  readonly entry: string
  readonly kind: LogEntry['kind']
  /** Balances after the line. */
  readonly after: StoredAmounts
  /** The session that the cash moved in. */
  readonly session?: number
  /** The session before, for cash that moved between two sessions of a caja; absent before the first session. */
  readonly sessionBefore?: number
  /** The operator whose float the entry touches, on a drawer's line. */
  readonly operator?: string
}

/** The lines of one account in one block. */
export type StatementLinesDocument = {
  readonly _id: {
    readonly p: number
    readonly account: string
    readonly at: Date
    readonly n: number
  }
  readonly lines: readonly StoredLine[]
}

/** The key of a block's lines. Keys of one account rise with the blocks, in time and in position. */
export const statementKey = (partition: number, account: string, at: number, position: number) => ({
  p: partition,
  account,
  at: date(at),
  n: long(position),
})

/**
 * The lines of one account in one block, with the balances after each. The key is partition, account, time and position: time and
 * position rise together, so a statement and a balance at a moment are one scan of the keys.
 */
export const statementLines: Projection = {
  name: 'statement_lines',
  indexes: [],
  isInsertOnly: true,
  documentsOf: ({ partition, position, at, entries }) => {
    const accounts = new Map<string, object[]>()
    for (const [index, entry] of entries.entries()) {
      for (const line of entry.lines) {
        const lines = accounts.get(line.account) ?? []
        lines.push(storedLine(index, entry, line))
        accounts.set(line.account, lines)
      }
    }
    return [...accounts].map(([account, lines]): ProjectedDocument => ({
      id: statementKey(partition, account, at, position),
      fields: { lines },
      isNew: true,
    }))
  },
}

const storedLine = (index: number, entry: LogEntry, line: Line) => ({
  i: index,
  entry: entry.id,
  kind: entry.kind,
  ...storedAmounts(line),
  after: storedAmounts(line.after),
  ...(line.session === null ? {} : { session: line.session }),
  ...(isOf(entry, 'drawer', line) ? ofDrawer(entry, line) : {}),
})

const storedAmounts = ({ posted, reserved, incoming }: Line['after']) => ({
  ...(posted === 0 ? {} : { posted: long(posted) }),
  ...(reserved === 0 ? {} : { reserved: long(reserved) }),
  ...(incoming === 0 ? {} : { incoming: long(incoming) }),
})

const ofDrawer = (entry: LogEntry, { session }: Line) => {
  const float = entry.lines.find((line) => isOf(entry, 'float', line))
  return {
    ...(session !== null || entry.sessionId === null ? {} : { sessionBefore: entry.sessionId }),
    ...(float === undefined
      ? {}
      : { operator: float.account.slice(prefixOf(entry, 'float').length) }),
  }
}

const isOf = (entry: LogEntry, kind: 'drawer' | 'float', { account }: Line): boolean =>
  account.startsWith(prefixOf(entry, kind))
const prefixOf = ({ merchant }: LogEntry, kind: 'drawer' | 'float'): string =>
  `${accountId(merchant, kind)}/`
