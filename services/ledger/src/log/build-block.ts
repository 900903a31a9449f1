import type { OperationId } from '@recargas/contracts'
import { apply } from './apply.ts'
import { merge, emptyState, noChanges, viewOf, type LedgerView } from '../accounting/ledger-view.ts'
import { isConfirmed, type Applied, type Policy } from '../accounting/operation.ts'
import {
  announce,
  announceAgain,
  announceExpired,
  announcePressRefused,
  isSuspicion,
  keepOutcome,
} from './announce.ts'
import type { InboundOperation } from './inbound-operation.ts'
import type { Found, KnownOperation } from './ports.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import type { Stamp } from '../sales/sale-messages.ts'
import { batchBlock, exceededBound, type Block } from './block.ts'
import {
  expiredUntilOf,
  logEntryOf,
  outcomeBesidesExpired,
  serializeEntry,
  type ExpiredOutcome,
  type LogEntry,
} from '../accounting/entry.ts'
import type { Memory } from './memory.ts'

/** The end of one message, once its block is appended. */
export type ItemFate =
  | { readonly kind: 'done' }
  /** A verdict for a sale that is not in the books (yet). */
  | { readonly kind: 'unknown-topup' }
  /** A verdict that names another merchant than its sale's. */
  | { readonly kind: 'another-sale'; readonly detail: string }
  /** `apply` threw: only this message is dead-lettered. */
  | { readonly kind: 'failed'; readonly error: unknown }

/** Version of the rules that `apply` follows, kept with each block. */
export const rulesVersion = 1

export type Circumstances = {
  /** The writer's clock: it alone judges lateness. */
  readonly now: number
  readonly policy: Policy
  /** A gateway's command can be accepted this long. */
  readonly acceptWindowMs: number
  readonly clockSkewMs: number
  /**
   * False when the clock differs from the database's by more than the skew. Every command is then refused by time, and
   * settlements keep the time of the previous block (ledger-log L6).
   */
  readonly isClockTrusted: boolean
}

export type BuiltBlock = {
  /** null: nothing to append. */
  readonly block: Block | null
  readonly entries: readonly LogEntry[]
  /** Number of items that the block holds; the others go into the next one. */
  readonly taken: number
  /** The fates of the items in the block, valid once it is appended. */
  readonly fates: readonly ItemFate[]
  /** Jobs for the carrier, which a new owner sends again. */
  readonly jobs: readonly OutgoingMessage[]
  /** Best effort: a gateway that misses one asks. */
  readonly notifications: readonly OutgoingMessage[]
}

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
  found: Found,
  items: readonly InboundOperation[],
  circumstances: Circumstances,
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
    stamp: { at, position: tip.position + 1 },
    stampBefore: { at, position: tip.position },
  }
  const fates: ItemFate[] = []
  for (const item of items) {
    const decided = decide(view, building, item, at, circumstances)
    if (decided.kind === 'full') break
    if (decided.kind === 'entry') merge(overlay, decided.entry.changes)
    fates.push(decided.kind === 'fate' ? decided.fate : { kind: 'done' })
  }
  const { entries, texts, jobs, notifications } = building
  const policy = JSON.stringify(circumstances.policy)
  return {
    block:
      entries.length === 0
        ? null
        : batchBlock(tip, { at, rules: rulesVersion, policy, entries: texts }),
    entries,
    taken: fates.length,
    fates,
    jobs,
    notifications,
  }
}

type Decided =
  | { readonly kind: 'fate'; readonly fate: ItemFate }
  | { readonly kind: 'entry'; readonly entry: LogEntry }
  /** The block has no room for this item's entry. */
  | { readonly kind: 'full' }

const done: Decided = { kind: 'fate', fate: { kind: 'done' } }

const decide = (
  view: LedgerView,
  building: Building,
  item: InboundOperation,
  at: number,
  circumstances: Circumstances,
): Decided => {
  const again = repeatOf(item, building, view)
  if (again !== null) {
    building.notifications.push(...again)
    return done
  }
  // Checked before lateness: a backup's books cannot prove that a late request had no effect.
  if (item.isPaused === true) {
    building.notifications.push(
      ...announcePressRefused(item, 'SELLING_PAUSED', building.stampBefore),
    )
    return done
  }
  if (isOutOfTime(item, circumstances)) {
    const messages = announceExpired(item, item.acceptUntil, building.stamp)
    return append(building, item, expiredEntry(item, building), messages, at)
  }
  const unfit = unfitVerdict(view, item)
  if (unfit !== null) return { kind: 'fate', fate: unfit }
  const applied = tryApply(view, item, at, circumstances)
  if (applied.kind === 'failed') return { kind: 'fate', fate: applied }
  const { outcome } = applied.applied
  const entry = logEntryOf(applied.applied, {
    fingerprint: item.fingerprint,
    operation: operationText(item),
    outcome: keepOutcome(outcome, item.operation),
  })
  const stamp = entry === null ? building.stampBefore : building.stamp
  const messages = announce(item, outcome, stamp)
  if (entry === null) {
    send(building, messages)
    return done
  }
  return append(building, item, entry, messages, at)
}

const tryApply = (
  view: LedgerView,
  { operation }: InboundOperation,
  at: number,
  { policy }: Circumstances,
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
      kind: 'fate',
      fate: { kind: 'failed', error: new Error(`entry ${entry.id}: ${alone}`) },
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
  send(building, messages)
  return { kind: 'entry', entry }
}

const send = ({ jobs, notifications }: Building, messages: readonly OutgoingMessage[]): void => {
  for (const message of messages) {
    if (message.to === 'gateways') notifications.push(message)
    else jobs.push(message)
  }
}

/** With the trace of whatever caused it: an entry leads back to the request at the till. */
const operationText = ({ operation, correlationId }: InboundOperation): string =>
  JSON.stringify({ ...operation, correlationId })

/** null: not a repeat, or one that may still have an effect. */
const repeatOf = (
  item: InboundOperation,
  building: Building,
  view: LedgerView,
): readonly OutgoingMessage[] | null => {
  const { stampBefore } = building
  if (item.operation.type === 'CarrierVerdict') return null
  const { operationId } = item.operation.data
  const known = building.known(operationId)
  if (known === undefined) return null
  // The fingerprint binds from the first entry on, a refusal included.
  if (known.fingerprint !== item.fingerprint) {
    return announcePressRefused(item, 'IDEMPOTENCY_KEY_REUSED', stampBefore)
  }
  const outcome = outcomeBesidesExpired(known.outcome)
  // The suspicion was journalled as one that its confirmation may follow, once; a refusal by time does not take it back.
  const isOpen = outcome === null || (isConfirmed(item.operation) && isSuspicion(outcome))
  if (!isOpen) return announceAgain(item, outcome, view.topup(operationId), stampBefore)
  const expiredUntil = expiredUntilOf(known.outcome)
  // A later press of the same key is a new try; the refused press stays refused, whatever a clock shows.
  return expiredUntil !== null && (item.acceptUntil ?? 0) <= expiredUntil
    ? announceExpired(item, expiredUntil, stampBefore)
    : null
}

/** Too late, or so far ahead that a clock must be wrong: both are refused for ever up to their own `acceptUntil`. */
export const isOutOfTime = (
  item: InboundOperation,
  { now, acceptWindowMs, clockSkewMs, isClockTrusted }: Circumstances,
): item is TimedOperation => {
  const { acceptUntil } = item
  if (acceptUntil === null) return false
  return !isClockTrusted || now > acceptUntil || acceptUntil > now + acceptWindowMs + clockSkewMs
}
type TimedOperation = InboundOperation & { readonly acceptUntil: number }

/** Refuses one press by time; a press whose `acceptUntil` is later stays possible. */
const expiredEntry = (item: TimedOperation, building: Building): LogEntry => {
  const { operation, acceptUntil, fingerprint } = item
  const id = 'operationId' in operation.data ? operation.data.operationId : null
  const known = id === null ? undefined : building.known(id)
  const before = known === undefined ? null : outcomeBesidesExpired(known.outcome)
  const outcome: ExpiredOutcome = {
    kind: 'refused',
    code: 'EXPIRED',
    acceptUntil,
    ...(before === null ? {} : { before }),
  }
  return {
    id: id ?? '',
    kind: 'refuse',
    merchant: operation.data.merchant,
    day: null,
    saleId: null,
    sessionId: null,
    resolves: null,
    fingerprint,
    operation: operationText(item),
    outcome: JSON.stringify(outcome),
    lines: [],
    changes: noChanges,
  }
}

/** A verdict that cannot be applied here; null for everything else. */
const unfitVerdict = (view: LedgerView, { operation }: InboundOperation): ItemFate | null => {
  if (operation.type !== 'CarrierVerdict') return null
  const { topupId, merchant } = operation.data
  const sale = view.topup(topupId)
  if (sale === undefined) return { kind: 'unknown-topup' }
  return sale.merchant === merchant
    ? null
    : {
        kind: 'another-sale',
        detail: `sale ${topupId} is of merchant ${sale.merchant}, the verdict names ${merchant}`,
      }
}
