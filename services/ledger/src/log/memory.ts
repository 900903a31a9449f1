import type { OperationId } from '@recargas/contracts'
import { isPastDay } from '../accounting/days.ts'
import { isHeld } from '../accounting/held-guards.ts'
import { merge, sessionKey, type LedgerState } from '../accounting/ledger-view.ts'
import type { KnownOperation } from './plan-lookups.ts'
import { expiredUntilOf, type LogEntry } from '../accounting/entry.ts'

/**
 * Held sales that stay in memory for each partition. While the carrier is away any number may be held: one that is not in memory
 * is looked up when its verdict comes, or when a sale may repeat it.
 */
export const heldInMemoryMax = 2_000

/**
 * An owner's view of its partition: the state every operation may need, and every change above the position that all
 * projections show. A look-up in a projection therefore never returns a value older than memory's (ledger-log L8).
 */
export type Memory = {
  readonly state: LedgerState
  /** By operation id: its latest entry. */
  readonly operations: Map<OperationId, KnownOperation>
  /** Changes to forget once their position is projected, in order. */
  readonly remembered: {
    /** Sales and sessions: forgotten at once, because an operation that needs one looks it up. */
    readonly entities: Remembered[]
    /** Once no copy of a press without a key can be in time. */
    readonly operations: Remembered[]
    /** Once their window has passed. */
    readonly guards: Remembered[]
  }
  /** Position of the last change, by kind and key. */
  readonly changedAt: Map<string, number>
  /** The latest `acceptUntil` of any press that was refused by time, also by earlier owners. */
  refusedUntil: number
}
type Kind = 'sale' | 'session' | 'operation' | 'guard'
type Key = readonly [Kind, string]
type Remembered = {
  readonly position: number
  readonly at: number
  readonly keys: readonly Key[]
}

/**
 * @param state of the projections, an empty one where nothing is projected yet
 * @param shown the position that they show, and the latest `acceptUntil` of a press that was refused by time up to there
 * @param at the time of the takeover
 */
export const memoryOf = (
  state: LedgerState,
  shown: { readonly position: number; readonly refusedUntil: number },
  at: number,
): Memory => {
  // Guards of the projections are forgotten once their window has passed, like any other.
  const keys = [...state.recents.keys()].map((key): Key => ['guard', key])
  const { position, refusedUntil } = shown
  return {
    state,
    operations: new Map(),
    remembered: { entities: [], operations: [], guards: [{ position, at, keys }] },
    changedAt: new Map(keys.map((key) => [changeOf(key), position])),
    refusedUntil,
  }
}

/** Takes an appended block's entries into memory; nothing is forgotten here. */
export const remember = (
  memory: Memory,
  block: { readonly position: number; readonly at: number; readonly entries: readonly LogEntry[] },
): void => {
  const { state, operations, remembered, changedAt } = memory
  const entities: Key[] = []
  const sessions = new Set<string>()
  const known: Key[] = []
  const guards: Key[] = []
  for (const entry of block.entries) {
    if (entry.kind === 'refuse') {
      memory.refusedUntil = Math.max(memory.refusedUntil, expiredUntilOf(entry.outcome) ?? 0)
    }
    merge(state, entry.changes)
    for (const { id } of entry.changes.topups) entities.push(['sale', id])
    for (const session of entry.changes.sessions) {
      sessions.add(sessionKey(session.merchant, session.id))
    }
    for (const [key] of entry.changes.recents) guards.push(['guard', key])
    for (const [key] of entry.changes.held) guards.push(['guard', key])
    const operation = knownBy(entry)
    if (operation !== null) {
      operations.set(operation.id as OperationId, operation)
      known.push(['operation', operation.id])
    }
  }
  // Each sale of a block changes its session: once is enough.
  for (const key of sessions) entities.push(['session', key])
  const { position, at } = block
  for (const [queue, keys] of [
    [remembered.entities, entities],
    [remembered.operations, known],
    [remembered.guards, guards],
  ] as const) {
    for (const key of keys) changedAt.set(changeOf(key), position)
    if (keys.length > 0) queue.push({ position, at, keys })
  }
}

const changeOf = ([kind, key]: Key): string => `${kind} ${key}`

/** The answer to a repeat of the entry's operation; null for an entry that no till asked for. */
export const knownBy = ({
  kind,
  saleId,
  fingerprint,
  operation,
  outcome,
}: LogEntry): KnownOperation | null => {
  // The entries of a sale, which are nearly all: its operation need not be read again.
  if (kind === 'reserve' && saleId !== null) return { id: saleId, fingerprint, outcome }
  if (fingerprint === null && kind !== 'case') return null
  const { data } = JSON.parse(operation) as { readonly data: { readonly operationId?: string } }
  return data.operationId === undefined ? null : { id: data.operationId, fingerprint, outcome }
}

/** Bounds below which an owner may forget. */
export type Forgetting = {
  /** The position that every projection shows. */
  readonly projected: number
  readonly now: number
  readonly duplicateWindowMs: number
  /** Operations are remembered at least this long, so that a press without a key is not looked up. */
  readonly operationsKeptMs: number
}

/** Forgets changes that every projection shows and no later operation needs in memory. */
export const forgetProjected = (
  memory: Memory,
  { projected, now, duplicateWindowMs, operationsKeptMs }: Forgetting,
): void => {
  const { state, remembered, changedAt } = memory
  forgetUntil(memory, remembered.entities, projected, Number.POSITIVE_INFINITY)
  forgetUntil(memory, remembered.operations, projected, now - operationsKeptMs)
  forgetUntil(memory, remembered.guards, projected, now - duplicateWindowMs)
  forgetHeld(state, changedAt)
  for (const [key, { day }] of state.usages) {
    if (!isPastDay(day, now)) break
    state.usages.delete(key)
  }
}

/** @param before blocks of this time or later stay */
const forgetUntil = (
  { state, operations, changedAt }: Memory,
  queue: Remembered[],
  projected: number,
  before: number,
): void => {
  let forgotten = 0
  for (const { position, at, keys } of queue) {
    if (position > projected || at >= before) break
    forgotten += 1
    for (const key of keys) {
      if (changedAt.get(changeOf(key)) !== position) continue
      changedAt.delete(changeOf(key))
      forget(state, operations, key)
    }
  }
  queue.splice(0, forgotten)
}

const forget = (state: LedgerState, operations: Memory['operations'], [kind, key]: Key): void => {
  switch (kind) {
    case 'operation':
      operations.delete(key as OperationId)
      return
    case 'sale': {
      const sale = state.topups.get(key)
      if (sale !== undefined && !isHeld(sale)) state.topups.delete(key)
      return
    }
    case 'session':
      if (state.sessions.get(key)?.state === 'closed') state.sessions.delete(key)
      return
    case 'guard':
      // The guard's last change is older than its window.
      state.recents.delete(key)
      if (state.held.get(key)?.length === 0) state.held.delete(key)
  }
}

const forgetHeld = (state: LedgerState, changedAt: Memory['changedAt']): void => {
  if (state.topups.size <= heldInMemoryMax) return
  let excess = [...state.topups.values()].filter(isHeld).length - heldInMemoryMax
  for (const [id, sale] of state.topups) {
    if (excess <= 0) return
    if (!isHeld(sale) || changedAt.has(`sale ${id}`)) continue
    state.topups.delete(id)
    excess -= 1
  }
}
