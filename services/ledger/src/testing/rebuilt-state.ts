import { merge, emptyState, type LedgerState } from '../accounting/ledger-view.ts'
import type { Applied, Operation } from '../accounting/operation.ts'
import { logEntryOf, parseEntry, serializeEntry, type LogEntry } from '../accounting/entry.ts'
import { keepOutcome } from '../log/announce.ts'

/** A state built from written entries alone. */
export const rebuiltState = () => {
  const state: LedgerState = emptyState()
  return {
    state,
    /** @returns the entry as it was written and as it was read; null: nothing changed */
    take: (
      operation: Operation,
      applied: Applied,
      at: number,
    ): { readonly written: LogEntry; readonly text: string; readonly read: LogEntry } | null => {
      const written = logEntryOf(applied, {
        fingerprint: 'of the till',
        operation: JSON.stringify(operation),
        outcome: keepOutcome(applied.outcome, operation),
      })
      if (written === null) return null
      const text = serializeEntry(written, at)
      const read = parseEntry(text, (id) => state.accounts.get(id), at)
      merge(state, read.changes)
      return { written, text, read }
    },
  }
}

/** A state as plain values, to be compared. */
export const valuesOf = (state: LedgerState) =>
  Object.fromEntries(Object.entries(state).map(([name, map]) => [name, Object.fromEntries(map)]))
