import { storedLine } from '../mongo/journal-documents.ts'
import type { LogEntry } from '../log/entry.ts'
import type { Line } from '../domain/journal.ts'
import { date, long } from '../mongo/stored-values.ts'
import type { ProjectedDocument, Projection } from './projection.ts'

/** The lines of one account in one block; `i` is the entry's index in the block. */
export type StatementLinesDocument = {
  readonly _id: {
    readonly p: number
    readonly account: string
    readonly at: Date
    readonly n: number
  }
  readonly lines: readonly {
    readonly i: number
    readonly entry: string
    readonly kind: LogEntry['kind']
    readonly posted: number
    readonly reserved: number
    readonly incoming: number
    readonly after: Line['after']
    readonly session: number | null
  }[]
}

/**
 * The lines of one account in one block, with the balances after each. The key is partition, account, time and position: time and
 * position rise together, so a statement and a balance at a moment are one scan of the keys.
 */
export const statementLines: Projection = {
  name: 'statement_lines',
  indexes: [],
  documentsOf: ({ partition, position, at, entries }) => {
    const accounts = new Map<string, object[]>()
    for (const [index, entry] of entries.entries()) {
      for (const line of entry.lines) {
        // The document's key names the account of all its lines.
        const { account, ...stored } = storedLine(line)
        const lines = accounts.get(account) ?? []
        lines.push({ i: index, entry: entry.id, kind: entry.kind, ...stored })
        accounts.set(account, lines)
      }
    }
    return [...accounts].map(([account, lines]): ProjectedDocument => ({
      id: { p: partition, account, at: date(at), n: long(position) },
      fields: { lines },
      isNew: true,
    }))
  },
}
