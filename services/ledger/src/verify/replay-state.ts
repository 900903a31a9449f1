import { chainStart } from '../domain/chain.ts'
import { isPastDay } from '../domain/days.ts'
import type { Recent, Session, Topup } from '../domain/entities.ts'
import type { EntryKind } from '../domain/journal.ts'
import {
  absorb,
  emptyState,
  sessionKey,
  viewOf,
  type Changes,
  type LedgerState,
  type LedgerView,
} from '../domain/ledger-view.ts'
import { usageGivenBack, usageTaken, type UsageChange } from '../domain/limits.ts'
import type { Applied } from '../domain/operation.ts'
import { noSums, type Sums } from './add-up.ts'
import { noFindings, type Findings } from './findings.ts'

/** What a replay remembers of earlier sales: at least what any batch of its journal looked at. */
export type Memory = {
  /** Guards are remembered this long. */
  readonly guardsKeptMs: number
}

/** One partition's replay, up to the last sealed batch. Holds what the writer would: what is settled is not kept. */
export type Replay = Memory & {
  readonly partition: number
  readonly findings: Findings
  readonly state: LedgerState
  readonly sums: Sums
  /** Digest of the messages of each batch whose outbox document may still be there. */
  readonly unsent: Map<number, string>
  seq: number
  hash: string
  batch: number
  epoch: number
  at: number
  entries: number
  commits: number
  cases: number
}

export const startReplay = (partition: number, memory: Memory): Replay => ({
  partition,
  ...memory,
  findings: noFindings(),
  state: emptyState(),
  sums: noSums(),
  unsent: new Map(),
  seq: 0,
  hash: chainStart,
  batch: 0,
  epoch: 0,
  at: 0,
  entries: 0,
  commits: 0,
  cases: 0,
})

/** What a handful of entries names that the replay has let go, as it is stored. */
export type LookedUp = {
  readonly topups: ReadonlyMap<string, Topup>
  readonly sessions: ReadonlyMap<string, Session>
}

/**
 * What was let go is seen again as it was then, whatever has been stored since. Numbers are given in order: those past
 * the last one given belong to what did not exist yet.
 */
export const replayView = ({ state }: Replay, lookedUp: LookedUp): LedgerView => {
  const kept = viewOf(state)
  return {
    ...kept,
    session: (merchant, id) => {
      const known = kept.session(merchant, id)
      if (known !== undefined || id > (kept.merchant(merchant)?.sequences.session ?? 0)) {
        return known
      }
      return lookedUp.sessions.get(`${merchant}/${id}`)
    },
    topup: (id) => kept.topup(id) ?? settledBefore(kept, lookedUp.topups.get(id)),
  }
}

/** Only a settled top-up without a case is ever let go, so what came later can be told apart and taken back. */
const settledBefore = (kept: LedgerView, stored: Topup | undefined): Topup | undefined => {
  if (stored === undefined) return undefined
  if (stored.number > (kept.merchant(stored.merchant)?.sequences.topup ?? 0)) return undefined
  const state = stored.releaseReason === null ? 'committed' : 'released'
  return { ...stored, state, cases: [] }
}

/**
 * Like the writer's state, but guards are remembered longer, and days are counted whether or not a batch has limits: a
 * takeover under another policy reads both again.
 */
export const absorbReplayed = (replay: Replay, { changes, entry }: Applied, at: number): void => {
  replay.cases += changes.cases.length
  const recents = changes.recents.map(
    ([key, recent]) => [key, guards(replay, key, recent)] as const,
  )
  const usages = usagesOf(replay, changes, entry?.kind, at)
  absorb(replay.state, { ...changes, recents, usages })
}

const usagesOf = (
  { state }: Replay,
  { topups: [topup] }: Changes,
  kind: EntryKind | undefined,
  at: number,
): readonly UsageChange[] => {
  const usageOf = (key: string) => state.usages.get(key)
  if (topup === undefined) return []
  if (kind === 'reserve') return usageTaken(usageOf, topup)
  return kind === 'release' ? usageGivenBack(usageOf, topup, at) : []
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

/** Lets go of what no later entry needs in memory: settled top-ups, closed sessions, guards past every window, days. */
export const letGo = (
  { state, at, guardsKeptMs }: Replay,
  topups: readonly Topup[],
  sessions: readonly Session[],
): void => {
  // Only as it was compared: a later entry may have changed it since.
  for (const topup of topups) {
    if (state.topups.get(topup.id) === topup) state.topups.delete(topup.id)
  }
  for (const session of sessions) {
    const key = sessionKey(session.merchant, session.id)
    if (state.sessions.get(key) === session) state.sessions.delete(key)
  }
  for (const [user, session] of state.openSessions) {
    if (session === 0) state.openSessions.delete(user)
  }
  for (const [key, held] of state.held) {
    if (held.length === 0) state.held.delete(key)
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
