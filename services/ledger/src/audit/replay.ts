import { isPastDay } from '../accounting/days.ts'
import type { Recent, Session, Topup } from '../accounting/entities.ts'
import {
  merge,
  emptyState,
  sessionKey,
  type Changes,
  type LedgerState,
} from '../accounting/ledger-view.ts'
import { usageGivenBack, usageTaken, type UsageChange } from '../accounting/limits.ts'
import type { Block } from '../log/block.ts'
import type { LogEntry } from '../accounting/entry.ts'
import { accountDocId, cajaDocId, merchantDocId, sessionDocId } from '../mongo/documents.ts'
import { noSums, type Sums } from './add-up.ts'
import { noFindings, type Findings } from './findings.ts'

/** A replay remembers at least the guards that any block of its log looked at. */
export type Memory = {
  /** Guards are remembered this long. */
  readonly guardsKeptMs: number
}

export const usualMemory: Memory = { guardsKeptMs: 120_000 }

/** Counts of documents that the log has made and the state does not hold. */
export type Made = { statementLines: number; cases: number }

/** One partition's replay, up to a block. It holds about as much as the writer would: no settled sale, no closed session. */
export type Replay = Memory & {
  readonly partition: number
  readonly findings: Findings
  readonly state: LedgerState
  readonly sums: Sums
  /** Position of the last change of each entity in the state, by the id of its document. */
  readonly changedAt: Map<string, number>
  readonly made: Made
  /** The last block, without its entries; null before the birth. */
  tip: Block | null
  entries: number
  commits: number
  /** Refusals by time: they are not applied again. */
  expired: number
}

export const startReplay = (partition: number, memory: Memory): Replay => ({
  partition,
  ...memory,
  findings: noFindings(),
  state: emptyState(),
  sums: noSums(),
  changedAt: new Map(),
  made: { statementLines: 0, cases: 0 },
  tip: null,
  entries: 0,
  commits: 0,
  expired: 0,
})

export const positionOf = ({ tip }: Pick<Replay, 'tip'>): number => tip?.position ?? -1

/**
 * Changes the replay's state like the writer's memory, except that it keeps guards longer and counts days whether or not a
 * block has limits: a takeover under another policy reads both again.
 */
export const mergeReplayed = (
  replay: Replay,
  { changes, kind }: Pick<LogEntry, 'changes' | 'kind'>,
  { at, position }: { readonly at: number; readonly position: number },
): void => {
  const { state, made } = replay
  made.cases += changes.cases.length
  const recents =
    changes.recents.length === 0
      ? changes.recents
      : changes.recents.map(([key, recent]) => [key, guards(replay, key, recent)] as const)
  const usages = usagesOf(replay, changes, kind, at)
  merge(state, { ...changes, recents, usages })
  for (const [key, held] of changes.held) if (held.length === 0) state.held.delete(key)
  markChanged(replay, changes, position)
}

const markChanged = ({ changedAt }: Replay, changes: Changes, position: number): void => {
  for (const { id } of changes.merchants) changedAt.set(merchantDocId(id), position)
  for (const { id } of changes.accounts) changedAt.set(accountDocId(id), position)
  for (const { merchant, id } of changes.cajas) changedAt.set(cajaDocId(merchant, id), position)
  for (const { merchant, id } of changes.sessions) {
    changedAt.set(sessionDocId(merchant, id), position)
  }
  for (const { id } of changes.topups) changedAt.set(id, position)
}

const usagesOf = (
  { state }: Replay,
  { topups: [sale] }: Changes,
  kind: LogEntry['kind'],
  at: number,
): readonly UsageChange[] => {
  const usageOf = (key: string) => state.usages.get(key)
  if (sale === undefined) return []
  if (kind === 'reserve') return usageTaken(usageOf, sale)
  return kind === 'release' ? usageGivenBack(usageOf, sale, at) : []
}

const guards = (
  { state, guardsKeptMs }: Replay,
  key: string,
  changed: readonly Recent[],
): readonly Recent[] => {
  const known = state.recents.get(key) ?? []
  const last = changed.at(-1)
  if (last === undefined || known.some(({ operationId }) => operationId === last.operationId)) {
    return changed
  }
  return [...known.filter(({ at }) => last.at - at < guardsKeptMs), last]
}

/** Forgets entities that no later entry needs: settled sales, closed sessions, guards past every window, past days. */
export const letGo = (
  { state, tip, guardsKeptMs, changedAt }: Replay,
  sales: readonly Topup[],
  sessions: readonly Session[],
): void => {
  const at = tip?.at ?? 0
  // Only as they were compared: a later entry may have changed them since.
  for (const sale of sales) {
    if (state.topups.get(sale.id) !== sale) continue
    state.topups.delete(sale.id)
    changedAt.delete(sale.id)
  }
  for (const session of sessions) {
    const key = sessionKey(session.merchant, session.id)
    if (state.sessions.get(key) !== session) continue
    state.sessions.delete(key)
    changedAt.delete(sessionDocId(session.merchant, session.id))
  }
  for (const [key, recents] of state.recents) {
    // In order of last use: the first fresh one ends the search.
    if (recents.length > 0 && at - (recents.at(-1)?.at ?? 0) < guardsKeptMs) break
    state.recents.delete(key)
  }
  for (const [key, { day }] of state.usages) {
    if (!isPastDay(day, at)) break
    state.usages.delete(key)
  }
}
