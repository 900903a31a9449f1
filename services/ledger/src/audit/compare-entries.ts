import type { Recent } from '../accounting/entities.ts'
import { serializeEntry, type LogEntry } from '../accounting/entry.ts'
import type { Line } from '../accounting/journal.ts'
import { noChanges, type Changes } from '../accounting/ledger-view.ts'
import type { Policy } from '../accounting/operation.ts'
import { sameBalances, show } from './add-up.ts'

const frameFields = [
  'id',
  'kind',
  'merchant',
  'day',
  'saleId',
  'sessionId',
  'resolves',
  'fingerprint',
] as const
const changedKinds = (Object.keys(noChanges) as (keyof Changes)[]).filter(
  // A guard may be forgotten at any time after its window; `isSameText` ignores such guards.
  (kind) => kind !== 'recents',
)

/** Names the first difference between a stored entry and the one that was made again; null where there is none. */
export const differenceOf = (stored: LogEntry, made: LogEntry): string | null => {
  for (const field of frameFields) {
    if (stored[field] !== made[field]) {
      return `${field}: ${String(stored[field])} kept, ${String(made[field])} applied again`
    }
  }
  if (stored.lines.length !== made.lines.length) {
    return `${stored.lines.length} lines kept, ${made.lines.length} applied again`
  }
  for (const [index, line] of made.lines.entries()) {
    const kept = stored.lines[index]
    if (kept === undefined || !sameLine(kept, line)) {
      return `line ${index + 1}: ${kept === undefined ? 'none' : describe(kept)} kept, ${describe(line)} applied again`
    }
  }
  if (stored.outcome !== made.outcome) {
    return `outcome: ${stored.outcome} kept, ${made.outcome} applied again`
  }
  const kind = changedKinds.find(
    (each) => JSON.stringify(stored.changes[each]) !== JSON.stringify(made.changes[each]),
  )
  return kind === undefined
    ? null
    : `${kind}: ${JSON.stringify(stored.changes[kind])} kept, ${JSON.stringify(made.changes[kind])} applied again`
}

/** True when the texts differ only in guards whose window has passed. */
export const isSameText = (
  text: string,
  stored: LogEntry,
  made: LogEntry,
  { at, policy }: { readonly at: number; readonly policy: Policy },
): boolean => {
  const fresh = ({ recents }: Changes) =>
    JSON.stringify(
      recents.map(([key, recent]) => [
        key,
        recent.filter((each: Recent) => at - each.at < policy.duplicateWindowMs),
      ]),
    )
  if (fresh(stored.changes) !== fresh(made.changes)) return false
  const changes = { ...made.changes, recents: stored.changes.recents }
  return serializeEntry({ ...made, changes }, at) === text
}

const sameLine = (one: Line, other: Line): boolean =>
  one.account === other.account &&
  one.session === other.session &&
  sameBalances(one, other) &&
  sameBalances(one.after, other.after)

const describe = (line: Line): string =>
  `${line.account} ${show(line)}, after it ${show(line.after)}, session ${String(line.session)}`
