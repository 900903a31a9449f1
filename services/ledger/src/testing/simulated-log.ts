import type { OperationId } from '@recargas/contracts'
import { heldGuardsOf, isHeld } from '../accounting/held-guards.ts'
import { merge, emptyState, noChanges } from '../accounting/ledger-view.ts'
import type { Policy } from '../accounting/operation.ts'
import { birthBlock, damageBetween, takeoverBlock, type Block } from '../log/block.ts'
import type { WriterCircumstances } from '../log/answer-unapplied.ts'
import { buildBlock, type BuiltBlock } from '../log/build-block.ts'
import { mayBeKnown, unkeyedKeptMs } from '../log/may-be-known.ts'
import { expiredUntilOf, type LogEntry } from '../accounting/entry.ts'
import { entriesOf } from '../log/load-memory.ts'
import { forgetProjected, knownBy, memoryOf, remember, type Memory } from '../log/memory.ts'
import type { InboundOperation } from '../log/inbound-operation.ts'
import type { KnownOperation, LookupResult } from '../log/plan-lookups.ts'
import { planLookups } from '../log/plan-lookups.ts'
import { start } from './builders.ts'
import type { BatchEnd, JournalledEntry, SimulatedLedger, Written } from './simulated-story.ts'

export type LogOwner = { tip: Block; readonly memory: Memory; readonly since: number }

/** Simulates the projections: they show everything up to a position, and nothing above it. */
const simulatedProjections = () => {
  const state = emptyState()
  const known = new Map<OperationId, KnownOperation>()
  return {
    state,
    known,
    show: (entries: readonly LogEntry[]) => {
      for (const entry of entries) {
        merge(state, entry.changes)
        const operation = knownBy(entry)
        if (operation !== null) known.set(operation.id as OperationId, operation)
      }
    },
  }
}

export type SimulatedLogOptions = {
  readonly policy: Policy
  readonly acceptWindowMs: number
  readonly clockSkewMs: number
  /** A broken rule that the simulation must find. */
  readonly broken?:
    'memory-forgets-early' | 'refusals-by-time-are-forgotten' | 'refused-limits-are-not-looked-up'
}

export type SimulatedLog = SimulatedLedger<LogOwner> & {
  readonly blocks: readonly Block[]
  /** The next block of an owner, without appending it. */
  readonly build: (
    owner: LogOwner,
    inbounds: readonly InboundOperation[],
    clock: number,
  ) => BuiltBlock
}

/** A ledger of one partition on a log: blocks, and projections that follow some blocks behind. */
export const simulatedLog = ({
  policy,
  acceptWindowMs,
  clockSkewMs,
  broken,
}: SimulatedLogOptions): SimulatedLog => {
  const blocks: Block[] = [
    birthBlock(3, { id: 'birth', namespace: 'names', partitions: 16, at: start }),
  ]
  const projections = simulatedProjections()
  /** The durable state, projected or not. */
  const everything = emptyState()
  const journal: JournalledEntry[] = []
  let projected = 0
  let takeovers = 0

  const append = (block: Block): boolean => {
    const tip = blocks.at(-1)
    if (tip === undefined || block.position !== blocks.length || block.previous !== tip.hash) {
      return false
    }
    const damage = damageBetween(tip, block)
    if (damage !== null) throw new Error(`block ${block.position}: ${damage.detail}`)
    const entries = entriesOf(block, everything)
    blocks.push(block)
    for (const entry of entries) {
      merge(everything, entry.changes)
      if (entry.kind !== 'progress') journal.push(placed(entry, journal.length + 1))
    }
    return true
  }
  const project = (to: number) => {
    for (const block of blocks.slice(projected + 1, to + 1)) {
      projections.show(entriesOf(block, projections.state))
      projected = block.position
    }
  }

  /** As a takeover reads it: the projections first, then the blocks above them. */
  const load = (): Memory => {
    const loaded = emptyState()
    const { state, known } = projections
    const refusedUntil = Math.max(
      0,
      ...[...known.values()].map(({ outcome }) => expiredUntilOf(outcome) ?? 0),
    )
    const held = [...state.topups.values()].filter(isHeld)
    merge(loaded, {
      ...noChanges,
      merchants: [...state.merchants.values()],
      accounts: [...state.accounts.values()],
      cajas: [...state.cajas.values()],
      sessions: [...state.sessions.values()].filter(({ state: is }) => is === 'open'),
      topups: held,
      recents: [...state.recents],
      held: heldGuardsOf(held),
      usages: [...state.usages],
    })
    const shown = { position: projected, refusedUntil }
    const memory = memoryOf(loaded, shown, blocks.at(-1)?.at ?? start)
    for (const block of blocks.slice(projected + 1)) {
      remember(memory, { ...block, entries: entriesOf(block, memory.state) })
    }
    return memory
  }

  const lookUp = (
    owner: LogOwner,
    inbounds: readonly InboundOperation[],
    at: WriterCircumstances,
  ): LookupResult => {
    const { since, memory } = owner
    const refusedUntil = broken === 'refused-limits-are-not-looked-up' ? 0 : memory.refusedUntil
    const of = { since, memory: { ...memory, refusedUntil } }
    const wanted = planLookups(memory.state, inbounds, (inbound) => mayBeKnown(inbound, of, at))
    const operations = wanted.operationIds
      .flatMap((id) => projections.known.get(id) ?? [])
      .filter(
        ({ outcome }) =>
          broken !== 'refusals-by-time-are-forgotten' || expiredUntilOf(outcome) === null,
      )
    const ids = [...wanted.topupIds, ...operations.map(({ id }) => id)]
    const topups = ids.flatMap((id) => projections.state.topups.get(id) ?? [])
    const sessions = new Set([
      ...wanted.sessions.map(([merchant, id]) => `${merchant}/${id}`),
      ...topups.map(({ merchant, sessionId }) => `${merchant}/${sessionId}`),
    ])
    return {
      operations: new Map(operations.map((operation) => [operation.id, operation])),
      topups,
      sessions: [...sessions].flatMap((key) => projections.state.sessions.get(key) ?? []),
    }
  }

  const circumstancesAt = (now: number): WriterCircumstances => ({
    now,
    policy,
    acceptWindowMs,
    clockSkewMs,
    isClockTrusted: true,
  })
  const build = (
    owner: LogOwner,
    inbounds: readonly InboundOperation[],
    clock: number,
  ): BuiltBlock => {
    const circumstances = circumstancesAt(clock)
    const found = lookUp(owner, inbounds, circumstances)
    if (broken === 'refusals-by-time-are-forgotten') forgetRefusals(owner.memory)
    return buildBlock(owner.tip, owner.memory, found, inbounds, circumstances)
  }
  const write = (
    owner: LogOwner,
    inbounds: readonly InboundOperation[],
    clock: number,
    end: BatchEnd,
  ): Written => {
    const dead: Written = { isAlive: false, sent: [], acked: [] }
    const built = build(owner, inbounds, clock)
    const isOwner = blocks.at(-1)?.hash === owner.tip.hash
    const failed = built.dispositions.find(({ kind }) => kind === 'failed')
    // A former owner's view is older than the projections: whatever it decides, its append is refused.
    if (failed !== undefined && !isOwner) return dead
    if (failed !== undefined) throw new Error('apply threw', { cause: failed })
    if (end === 'before-commit') return dead
    if (built.block !== null) {
      if (!append(built.block)) return dead
      owner.tip = built.block
      remember(owner.memory, { ...built.block, entries: built.entries })
    }
    forgetProjected(owner.memory, {
      projected: broken === 'memory-forgets-early' ? owner.tip.position : projected,
      now: clock,
      duplicateWindowMs: policy.duplicateWindowMs,
      operationsKeptMs:
        broken === 'memory-forgets-early' ? 0 : unkeyedKeptMs(circumstancesAt(clock)),
    })
    const acked = inbounds.filter((_, index) => built.dispositions[index]?.kind === 'done')
    switch (end) {
      case 'after-commit':
        return dead
      case 'sent':
        return { isAlive: false, sent: built.jobs, acked: [] }
      case 'acked':
        return { isAlive: false, sent: [], acked }
      case 'whole':
        return { isAlive: true, sent: built.jobs, acked }
    }
  }

  return {
    takeOver: (at) => {
      takeovers += 1
      const tip = blocks.at(-1)
      if (tip === undefined) throw new Error('no birth')
      const takeover = takeoverBlock(tip, `owner-${takeovers}`, at)
      const memory = load()
      if (!append(takeover)) throw new Error('nobody else appends meanwhile')
      return { tip: takeover, memory, since: at }
    },
    write,
    held: () => [...everything.topups.values()].filter(isHeld),
    journal: () => journal,
    everything,
    goOn: (random) => {
      if (random() < 0.5) project(projected + Math.ceil(random() * (blocks.length - projected)))
    },
    blocks,
    build,
  }
}

const forgetRefusals = ({ operations }: Memory): void => {
  for (const [id, { outcome }] of operations) {
    if (expiredUntilOf(outcome) !== null) operations.delete(id)
  }
}

const placed = ({ saleId, fingerprint, operation, outcome, ...entry }: LogEntry, seq: number) => ({
  seq,
  entry: {
    id: entry.id,
    kind: entry.kind === 'progress' ? ('case' as const) : entry.kind,
    merchant: entry.merchant,
    day: entry.day,
    topupId: saleId,
    sessionId: entry.sessionId,
    resolves: entry.resolves,
    lines: entry.lines,
  },
  fingerprint,
  operation,
  outcome,
})
