import type { OperationId } from '@recargas/contracts'
import { apply } from './apply.ts'
import { merge, emptyState, noChanges, viewOf, type LedgerView } from '../accounting/ledger-view.ts'
import type { Applied } from '../accounting/operation.ts'
import { announce, announceExpired, announcePressRefused, keepOutcome } from './announce.ts'
import {
  expiredEntry,
  isOutOfTime,
  repeatOf,
  unfitVerdict,
  type ItemDisposition,
  type WriterCircumstances,
} from './answer-unapplied.ts'
import { operationText, type InboundOperation } from './inbound-operation.ts'
import type { KnownOperation, LookupResult } from './plan-lookups.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import type { Stamp } from '../sales/sale-messages.ts'
import { batchBlock, exceededBound, type Block } from './block.ts'
import { logEntryOf, serializeEntry, type LogEntry } from '../accounting/entry.ts'
import type { Memory } from './memory.ts'

/** Version of the rules that `apply` follows, kept with each block. */
export const rulesVersion = 1

export type BuiltBlock = {
  /** null: nothing to append. */
  readonly block: Block | null
  readonly entries: readonly LogEntry[]
  /** Number of items that the block holds; the others go into the next one. */
  readonly taken: number
  /** The dispositions of the items in the block, valid once it is appended. */
  readonly dispositions: readonly ItemDisposition[]
  /** Jobs for the carrier, which a new owner sends again. */
  readonly jobs: readonly OutgoingMessage[]
  /** Best effort: a gateway that misses one asks. */
  readonly notifications: readonly OutgoingMessage[]
  readonly traced: readonly TracedEntry[]
}

/** The delivery that an entry was made of, where it is traced. */
export type TracedEntry = { readonly correlationId: string; readonly span: string }

type Building = {
  readonly entries: LogEntry[]
  readonly texts: string[]
  bytes: number
  /** Holds this block's operations alone: memory, far larger, is not copied. */
  readonly operations: Map<string, KnownOperation>
  /** The latest entry of an operation, of this block or before it. */
  readonly known: (id: OperationId) => KnownOperation | undefined
  readonly jobs: OutgoingMessage[]
  readonly notifications: OutgoingMessage[]
  readonly traced: TracedEntry[]
  /** Stamps an outcome that has its entry in this block. */
  readonly stamp: Stamp
  /** Stamps an answer without an entry: it may be the only message, and its block never appended. */
  readonly stampBefore: Stamp
}

/**
 * Applies items in arrival order on top of memory and makes the next block of them. Changes nothing outside: the caller
 * takes the entries into memory once the block is appended. How items are cut into blocks never matters.
 */
export const buildBlock = (
  tip: Block,
  memory: Memory,
  found: LookupResult,
  items: readonly InboundOperation[],
  circumstances: WriterCircumstances,
): BuiltBlock => {
  const overlay = emptyState()
  const lookedUp = emptyState()
  merge(lookedUp, { ...noChanges, topups: found.topups, sessions: found.sessions })
  const view = viewOf(overlay, memory.state, lookedUp)
  const operations: Building['operations'] = new Map()
  const at = circumstances.isClockTrusted ? Math.max(circumstances.now, tip.at) : tip.at
  const building: Building = {
    entries: [],
    texts: [],
    bytes: 0,
    operations,
    known: (id) => operations.get(id) ?? memory.operations.get(id) ?? found.operations.get(id),
    jobs: [],
    notifications: [],
    traced: [],
    stamp: { at, position: tip.position + 1 },
    stampBefore: { at, position: tip.position },
  }
  const dispositions: ItemDisposition[] = []
  for (const item of items) {
    const decided = decide(view, building, item, at, circumstances)
    if (decided.kind === 'full') break
    if (decided.kind === 'entry') merge(overlay, decided.entry.changes)
    dispositions.push(decided.kind === 'disposition' ? decided.disposition : { kind: 'done' })
  }
  const { entries, texts, jobs, notifications, traced } = building
  const policy = JSON.stringify(circumstances.policy)
  return {
    block:
      entries.length === 0
        ? null
        : batchBlock(tip, { at, rules: rulesVersion, policy, entries: texts }),
    entries,
    taken: dispositions.length,
    dispositions,
    jobs,
    notifications,
    traced,
  }
}

type Decided =
  | { readonly kind: 'disposition'; readonly disposition: ItemDisposition }
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  /** The block has no room for this item's entry. */
  | { readonly kind: 'full' }

const done: Decided = { kind: 'disposition', disposition: { kind: 'done' } }

const decide = (
  view: LedgerView,
  building: Building,
  item: InboundOperation,
  at: number,
  circumstances: WriterCircumstances,
): Decided => {
  const again = repeatOf(item, building, view)
  if (again !== null) {
    send(building, item, again)
    return done
  }
  // Checked before lateness: a backup's books cannot prove that a late request had no effect.
  if (item.isPaused === true) {
    send(building, item, announcePressRefused(item, 'SELLING_PAUSED', building.stampBefore))
    return done
  }
  if (isOutOfTime(item, circumstances)) {
    const messages = announceExpired(item, item.acceptUntil, building.stamp)
    return append(building, item, expiredEntry(item, building), messages, at)
  }
  const unfit = unfitVerdict(view, item)
  if (unfit !== null) return { kind: 'disposition', disposition: unfit }
  const applied = tryApply(view, item, at, circumstances)
  if (applied.kind === 'failed') return { kind: 'disposition', disposition: applied }
  const { outcome } = applied.applied
  const entry = logEntryOf(applied.applied, {
    fingerprint: item.fingerprint,
    operation: operationText(item),
    outcome: keepOutcome(outcome, item.operation),
  })
  const stamp = entry === null ? building.stampBefore : building.stamp
  const messages = announce(item, outcome, stamp)
  if (entry === null) {
    send(building, item, messages)
    return done
  }
  return append(building, item, entry, messages, at)
}

const tryApply = (
  view: LedgerView,
  { operation }: InboundOperation,
  at: number,
  { policy }: WriterCircumstances,
):
  | { readonly kind: 'applied'; readonly applied: Applied }
  | { readonly kind: 'failed'; readonly error: unknown } => {
  try {
    return { kind: 'applied', applied: apply(view, operation, { at, policy }) }
  } catch (error) {
    return { kind: 'failed', error }
  }
}

/** Appends an entry to the block, unless it would exceed a bound. An entry that alone exceeds it is dead-lettered. */
const append = (
  building: Building,
  item: InboundOperation,
  entry: LogEntry,
  messages: readonly OutgoingMessage[],
  at: number,
): Decided => {
  const text = serializeEntry(entry, at)
  const bytes = Buffer.byteLength(text)
  const alone = exceededBound(1, bytes)
  if (alone !== null) {
    return {
      kind: 'disposition',
      disposition: { kind: 'failed', error: new Error(`entry ${entry.id}: ${alone}`) },
    }
  }
  if (exceededBound(building.entries.length + 1, building.bytes + bytes) !== null) {
    return { kind: 'full' }
  }
  building.entries.push(entry)
  building.texts.push(text)
  building.bytes += bytes
  if (item.operation.type !== 'CarrierVerdict') {
    const { operationId: id } = item.operation.data
    building.operations.set(id, { id, fingerprint: entry.fingerprint, outcome: entry.outcome })
  }
  if (item.span !== undefined) {
    building.traced.push({ correlationId: item.correlationId, span: item.span })
  }
  send(building, item, messages)
  return { kind: 'entry', entry }
}

const send = (
  { jobs, notifications }: Building,
  { span }: InboundOperation,
  messages: readonly OutgoingMessage[],
): void => {
  for (const untraced of messages) {
    const message = span === undefined ? untraced : { ...untraced, span }
    if (message.to === 'gateways') notifications.push(message)
    else jobs.push(message)
  }
}
