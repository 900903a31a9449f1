import type { OperationId } from '@recargas/contracts'
import { isPastDay } from '../domain/days.ts'
import { isHeld } from '../domain/held-guards.ts'
import { absorb, emptyState, type LedgerState } from '../domain/ledger-view.ts'
import type { KnownOperation } from '../writer/ports.ts'
import { expiredUntilOf, type LogEntry } from './entry.ts'

/**
 * Held sales that stay in memory for each partition. While the carrier is away any number may be held; one that is
 * not in memory is looked up when its verdict comes, or when a sale may repeat it.
 */
export const heldInMemoryMax = 2_000

/**
 * An owner's view of its partition: what every operation may need, and everything that was changed above the position
 * that all projections show. A look-up in a projection can therefore never find an older value than memory should have
 * had (ledger-log L8).
 */
export type Memory = {
  readonly state: LedgerState
  /** By operation id: its latest entry. */
  readonly operations: Map<OperationId, KnownOperation>
  /** What may be forgotten once its position is projected, in order. */
  readonly remembered: Remembered[]
  /** Position of the last change, by kind and key. */
  readonly changedAt: Map<string, number>
  /** The latest `acceptUntil` of any press that was refused by time, also by owners of before. */
  refusedUntil: number
}
type Kind = 'sale' | 'session' | 'operation' | 'guard' | 'user'
type Remembered = {
  readonly position: number
  readonly at: number
  readonly keys: readonly (readonly [Kind, string])[]
}

export const emptyMemory = (): Memory => ({
  state: emptyState(),
  operations: new Map(),
  remembered: [],
  changedAt: new Map(),
  refusedUntil: 0,
})

/** Takes an appended block's entries into memory; nothing is forgotten here. */
export const remember = (
  memory: Memory,
  block: { readonly position: number; readonly at: number; readonly entries: readonly LogEntry[] },
): void => {
  const { state, operations, remembered, changedAt } = memory
  const keys: (readonly [Kind, string])[] = []
  for (const entry of block.entries) {
    if (entry.kind === 'refuse') {
      memory.refusedUntil = Math.max(memory.refusedUntil, expiredUntilOf(entry.outcome) ?? 0)
    }
    absorb(state, entry.changes)
    for (const { id } of entry.changes.topups) keys.push(['sale', id])
    for (const { merchant, id, userId } of entry.changes.sessions) {
      keys.push(['session', `${merchant}/${id}`], ['user', `${merchant}/${userId}`])
    }
    for (const [key] of entry.changes.recents) keys.push(['guard', key])
    for (const [key] of entry.changes.held) keys.push(['guard', key])
    const known = knownBy(entry)
    if (known !== null) {
      operations.set(known.id as OperationId, known)
      keys.push(['operation', known.id])
    }
  }
  if (keys.length === 0) return
  for (const [kind, key] of keys) changedAt.set(`${kind} ${key}`, block.position)
  remembered.push({ position: block.position, at: block.at, keys })
}

/** The answer to a repeat of the entry's operation; null for an entry that no till asked for. */
export const knownBy = ({ fingerprint, operation, outcome }: LogEntry): KnownOperation | null => {
  const { data } = JSON.parse(operation) as { readonly data: { readonly operationId?: string } }
  return data.operationId === undefined ? null : { id: data.operationId, fingerprint, outcome }
}

/** What an owner may forget. */
export type Forgetting = {
  /** The position that every projection shows. */
  readonly projected: number
  readonly now: number
  readonly duplicateWindowMs: number
  /** Operations are remembered at least this long, so that a press without a key is not looked up. */
  readonly operationsKeptMs: number
}

/** Forgets what no later operation needs in memory and every projection shows. */
export const forgetProjected = (
  { state, operations, remembered, changedAt }: Memory,
  { projected, now, duplicateWindowMs, operationsKeptMs }: Forgetting,
): void => {
  const keepMs = Math.max(duplicateWindowMs, operationsKeptMs)
  let forgotten = 0
  for (const { position, at, keys } of remembered) {
    if (position > projected || at >= now - keepMs) break
    forgotten += 1
    for (const [kind, key] of keys) {
      const change = `${kind} ${key}`
      if (changedAt.get(change) !== position) continue
      changedAt.delete(change)
      forget(state, operations, kind, key)
    }
  }
  remembered.splice(0, forgotten)
  forgetHeld(state, changedAt)
  for (const [key, { day }] of state.usages) {
    if (!isPastDay(day, now)) break
    state.usages.delete(key)
  }
}

const forget = (
  state: LedgerState,
  operations: Memory['operations'],
  kind: Kind,
  key: string,
): void => {
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
    case 'user':
      if (state.openSessions.get(key) === 0) state.openSessions.delete(key)
      return
    case 'guard':
      // Its window has passed: it was changed longer ago than that.
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
