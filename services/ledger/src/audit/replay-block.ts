import type { OperationId } from '@recargas/contracts'
import { apply } from '../log/apply.ts'
import type { Case, Injection, Session } from '../accounting/entities.ts'
import type { Changes, LedgerView } from '../accounting/ledger-view.ts'
import type { Policy } from '../accounting/operation.ts'
import type { Block } from '../log/block.ts'
import { rulesVersion } from '../log/build-block.ts'
import {
  expiredUntilOf,
  logEntryOf,
  outcomeBesidesExpired,
  parseEntry,
  serializeEntry,
  type LogEntry,
} from '../accounting/entry.ts'
import { isSuspicion, keepOutcome } from '../log/announce.ts'
import { addUp } from './add-up.ts'
import { differenceOf, isSameText } from './compare-entries.ts'
import { note, type Find } from './findings.ts'
import { operationIdOf, type EntryHead } from './read-entry.ts'
import { mergeReplayed, type Replay } from './replay.ts'

export type Batch = Extract<Block, { kind: 'batch' }>

/** An earlier entry of an operation's id. */
export type Earlier = {
  readonly hasEffect: boolean
  /** The latest outcome; null when a verdict ended the operation's sale. */
  readonly outcome: string | null
}
/** By operation id. */
export type EarlierEntries = Map<string, Earlier>

/** The entities that some blocks made or ended, to be compared with the projections. */
export type Touched = {
  readonly sales: Set<OperationId>
  readonly closedSessions: Session[]
  readonly injections: (readonly [Injection, position: number])[]
  readonly cases: (readonly [Case, position: number])[]
}
export const nothingTouched = (): Touched => ({
  sales: new Set(),
  closedSessions: [],
  injections: [],
  cases: [],
})

/**
 * Applies the operations of one block again, under the block's own rules, policy, time and days, and adds its lines up.
 * @param heads of the block's entries; null for one that cannot be read
 * @returns the block's entries; null for one that cannot be read
 */
export const replayBlock = (
  replay: Replay,
  view: LedgerView,
  block: Batch,
  heads: readonly (EntryHead | null)[],
  { earlier, touched }: { readonly earlier: EarlierEntries; readonly touched: Touched },
): readonly (LogEntry | null)[] => {
  const { partition, position, at } = block
  const policy = policyOf(block)
  const entries: (LogEntry | null)[] = []
  const accounts = new Set<string>()
  if (block.rules !== rulesVersion || policy === null) {
    const detail =
      policy === null
        ? 'its policy cannot be read'
        : `its rules have version ${block.rules}, this program knows ${rulesVersion}`
    note(replay.findings, { code: 'BLOCK', partition, position, entry: null, detail })
  }
  const isKnown = block.rules === rulesVersion && policy !== null
  for (const [index, text] of block.entries.entries()) {
    const head = heads[index] ?? null
    const id = head?.frame.id ?? `${position}/${index}`
    const find: Find = (code, detail) =>
      note(replay.findings, { code, partition, position, entry: id, detail })
    replay.entries += 1
    const circumstances = { at, policy: isKnown ? policy : null }
    try {
      const entry = replayEntry(replay, view, { text, head }, circumstances, earlier, find)
      entries.push(entry)
      if (entry === null) continue
      if (entry.kind === 'commit') replay.commits += 1
      addUp(replay.sums, entry, find)
      checkEffect(entry, head, earlier, find)
      mergeReplayed(replay, entry, { at, position })
      touch(touched, entry, position)
      for (const { account } of entry.lines) accounts.add(account)
    } catch (error) {
      entries[index] = null
      find('ENTRY', `is of another shape: ${reasonOf(error)}`)
    }
  }
  replay.made.statementLines += accounts.size
  return entries
}

export const policyOf = ({ policy }: Batch): Policy | null => {
  try {
    const value = JSON.parse(policy) as Policy | null
    return typeof value?.duplicateWindowMs === 'number' ? value : null
  } catch {
    return null
  }
}

const touch = (touched: Touched, { changes }: LogEntry, position: number): void => {
  for (const { id } of changes.topups) touched.sales.add(id)
  for (const session of changes.sessions) {
    if (session.state === 'closed') touched.closedSessions.push(session)
  }
  for (const injection of changes.injections) touched.injections.push([injection, position])
  for (const each of changes.cases) touched.cases.push([each, position])
}

type Circumstances = {
  readonly at: number
  /** null: the block's rules or its policy are unknown, so its entries are taken as they are. */
  readonly policy: Policy | null
}

/** Replays one entry. A difference is reported once: the stored values count, and the later entries are replayed on them. */
const replayEntry = (
  replay: Replay,
  view: LedgerView,
  { text, head }: { readonly text: string; readonly head: EntryHead | null },
  { at, policy }: Circumstances,
  earlier: EarlierEntries,
  find: Find,
): LogEntry | null => {
  const stored = (): LogEntry | null => {
    try {
      return parseEntry(text, (id) => replay.state.accounts.get(id), at)
    } catch (error) {
      find('ENTRY', `cannot be read: ${reasonOf(error)}`)
      return null
    }
  }
  if (head === null) {
    find('ENTRY', 'its operation cannot be read')
    return stored()
  }
  if (head.frame.kind === 'refuse' && text.includes('"code":"EXPIRED"')) {
    const refusal = stored()
    if (refusal === null) return null
    if (expiredUntilOf(refusal.outcome) !== null) {
      replay.expired += 1
      checkExpired(refusal, head, earlier, find)
      return refusal
    }
  }
  if (policy === null) return stored()
  let made: LogEntry | null
  try {
    made = madeAgain(view, head, at, policy)
  } catch (error) {
    find('REPLAY', `cannot be applied again: ${reasonOf(error)}`)
    return stored()
  }
  if (made !== null && serializeEntry(made, at) === text) return made
  const kept = stored()
  if (kept === null) return null
  const difference = made === null ? 'applied again, it leaves no entry' : differenceOf(kept, made)
  if (difference !== null) find('REPLAY', difference)
  else if (made !== null && !isSameText(text, kept, made, { at, policy })) {
    find('REPLAY', 'its text is not as the ledger writes it')
  }
  return kept
}

const madeAgain = (
  view: LedgerView,
  { frame, operation, operationText }: EntryHead,
  at: number,
  policy: Policy,
): LogEntry | null => {
  const applied = apply(view, operation, { at, policy, journalledDay: frame.day })
  return logEntryOf(applied, {
    fingerprint: 'fingerprint' in operation.data ? operation.data.fingerprint : null,
    operation: operationText,
    outcome: keepOutcome(applied.outcome, operation),
  })
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'failed')

/** The changes as a block holds them: an account's are its lines. */
export type Effects = Pick<LogEntry, 'lines'> & { readonly changes: Omit<Changes, 'accounts'> }

export const changesAnything = ({ lines, changes }: Effects): boolean =>
  lines.length > 0 || Object.values(changes).some((values) => values.length > 0)

/**
 * A refusal by time cannot be applied again: the writer's clock is no part of the log. It changes nothing, and names the
 * outcome that its operation had before.
 */
const checkExpired = (
  refusal: LogEntry,
  { operation }: EntryHead,
  earlier: EarlierEntries,
  find: Find,
): void => {
  const id = operationIdOf(operation)
  if (changesAnything(refusal)) find('EXPIRED', 'a refusal by time changes something')
  if (id === null || refusal.id !== id) {
    find('EXPIRED', `a refusal by time of ${String(id)} under another id`)
    return
  }
  const known = earlier.get(id)
  const before = known?.outcome == null ? null : outcomeBesidesExpired(known.outcome)
  const named = outcomeBesidesExpired(refusal.outcome)
  if (known?.hasEffect === true || (before !== null && !isSuspected(before))) {
    find('EXPIRED', `a refusal by time follows an outcome: ${before ?? 'of its sale'}`)
  } else if (named !== before) {
    find(
      'EXPIRED',
      `the outcome before is ${String(before)}, the refusal by time names ${String(named)}`,
    )
  }
}

const isSuspected = (outcome: string): boolean => {
  try {
    return isSuspicion(outcome)
  } catch {
    return false
  }
}

/** An operation has one effect, for ever. */
const checkEffect = (
  entry: LogEntry,
  head: EntryHead | null,
  earlier: EarlierEntries,
  find: Find,
): void => {
  const id = head === null ? null : operationIdOf(head.operation)
  if (id === null) return
  const known = earlier.get(id)
  const hasEffect = changesAnything(entry)
  if (hasEffect && known?.hasEffect === true) {
    find('SECOND_EFFECT', `operation ${id} has an effect already`)
  }
  earlier.set(id, { hasEffect: hasEffect || known?.hasEffect === true, outcome: entry.outcome })
}
