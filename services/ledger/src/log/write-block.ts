import { assertNever } from '@recargas/contracts'
import type { LogEntry } from '../accounting/entry.ts'
import type { Policy } from '../accounting/operation.ts'
import type { Projector } from '../projections/projector.ts'
import type { WriterCircumstances } from './answer-unapplied.ts'
import type { Block, Damage } from './block.ts'
import { buildBlock, type BuiltBlock, type TracedEntry } from './build-block.ts'
import type { InboundOperation } from './inbound-operation.ts'
import { readableBlock, type LoadMemory } from './load-memory.ts'
import { mayBeKnown, unkeyedKeptMs } from './may-be-known.ts'
import { forgetProjected, remember, type Memory } from './memory.ts'
import { appendBlock, type AppendPorts } from './append-block.ts'
import { takeOver } from './own-partition.ts'
import { planLookups, type LookUp, type LookupResult } from './plan-lookups.ts'
import type { MessageSender } from './send-messages.ts'

export type LogWriterDeps = AppendPorts & {
  /** The partition's first block, appended where it is missing. */
  readonly birth: Block
  readonly ownerId: () => string
  readonly loadMemory: LoadMemory
  readonly lookUp: LookUp
  readonly projector: Pick<Projector, 'enqueue' | 'projected' | 'end'>
  /** Publishes the messages of an appended block. Never fails: a new owner sends the jobs of held sales again. */
  readonly send: MessageSender['send']
  /** Waits while too much is to be sent or projected: a writer that runs ahead only fills the memory. */
  readonly waitForCapacity: MessageSender['waitForCapacity']
  readonly policy: Policy
  readonly acceptWindowMs: number
  readonly clockSkewMs: number
  readonly isClockTrusted: () => boolean
  readonly batchSizeMax: number
  /** One round of tries of an append or a takeover; the next one begins after `onUnavailable`. */
  readonly appendTimeoutMs: number
  readonly onAppended: (appended: Appended) => void
  readonly onFenced: (partition: number) => void
  /** The log cannot be written or read; the writer keeps its messages and tries again. */
  readonly onUnavailable: (partition: number, error: unknown) => void
  /** The log is damaged: the partition stops, the others go on. */
  readonly onDamaged: (damage: Damage) => void
}

/** A block of entries that is durable. */
export type Appended = {
  readonly block: Block
  readonly entries: readonly LogEntry[]
  /** From the batch's beginning on. */
  readonly seconds: number
  readonly traced: readonly TracedEntry[]
}

export type Owned = {
  tip: Block
  readonly memory: Memory
  readonly subscription: number
  /** By this writer's clock: whatever is applied from then on is in its memory. */
  readonly since: number
}
type Damaged = { readonly kind: 'damaged'; readonly damage: Damage }
export type Written =
  | { readonly kind: 'written'; readonly built: BuiltBlock }
  /** Another owner took the partition over. */
  | { readonly kind: 'fenced' }
  /** The append is in doubt, and a newer subscription or the stop leaves it to the next takeover. */
  | { readonly kind: 'superseded' }
  | Damaged

/** Takes the partition over and loads its memory. */
export const ownPartition = async (
  deps: LogWriterDeps,
  subscription: number,
  signal: AbortSignal,
): Promise<{ readonly kind: 'owned'; readonly owned: Owned } | Damaged> => {
  const limits = { untilMs: deps.now() + deps.appendTimeoutMs, signal }
  const blockTime = () => (deps.isClockTrusted() ? deps.now() : 0)
  const taken = await takeOver({ ...deps, blockTime }, deps.birth, deps.ownerId(), limits)
  switch (taken.kind) {
    case 'owner':
      break
    case 'damaged':
      return taken
    case 'in-doubt':
      throw new Error(`partition ${deps.birth.partition}: the takeover is in doubt; retrying`)
    default:
      return assertNever(taken)
  }
  const since = deps.now()
  const loaded = await deps.loadMemory(taken.tip, {
    policy: deps.policy,
    now: since,
    operationsKeptMs: unkeyedKeptMs(deps),
  })
  if (loaded.kind === 'damaged') return loaded
  const { memory } = loaded
  return { kind: 'owned', owned: { tip: taken.tip, memory, subscription, since } }
}

/** Builds the next block of the items, appends it, takes it into memory and sends its messages. */
export const writeBlock = async (
  deps: LogWriterDeps,
  owned: Owned,
  inbounds: readonly InboundOperation[],
  until: { readonly isSuperseded: () => boolean; readonly signal: AbortSignal },
): Promise<Written> => {
  const startedAt = performance.now()
  const built = await build(deps, owned, inbounds)
  const { block, entries, traced } = built
  if (block !== null) {
    const appended = await append(deps, owned.tip, block, until)
    if (appended.kind !== 'appended') return appended
    owned.tip = block
    const readable = readableBlock(block, entries)
    remember(owned.memory, readable)
    deps.projector.enqueue(traced.length === 0 ? readable : { ...readable, traced })
    const seconds = (performance.now() - startedAt) / 1_000
    deps.onAppended({ block, entries, seconds, traced })
  }
  forgetProjected(owned.memory, {
    projected: deps.projector.projected(deps.birth.partition),
    // With a clock that runs ahead memory would forget guards that still count.
    now: deps.isClockTrusted() ? deps.now() : owned.tip.at,
    duplicateWindowMs: deps.policy.duplicateWindowMs,
    operationsKeptMs: unkeyedKeptMs(deps),
  })
  deps.send(built.jobs, built.notifications)
  return { kind: 'written', built }
}

const build = async (
  deps: LogWriterDeps,
  owned: Owned,
  inbounds: readonly InboundOperation[],
): Promise<BuiltBlock> => {
  const { tip, memory } = owned
  const circumstances = (): WriterCircumstances => ({
    now: deps.now(),
    policy: deps.policy,
    acceptWindowMs: deps.acceptWindowMs,
    clockSkewMs: deps.clockSkewMs,
    isClockTrusted: deps.isClockTrusted(),
  })
  const before = circumstances()
  const wanted = planLookups(memory.state, inbounds, (inbound) =>
    mayBeKnown(inbound, owned, before),
  )
  const isNothing =
    wanted.operationIds.length + wanted.topupIds.length + wanted.sessions.length === 0
  const found = isNothing ? nothing : await deps.lookUp(deps.birth.partition, wanted)
  // Read again after the look-up: an expired press must not slip through a slow one. A press that became late meanwhile is
  // looked up first.
  const after = circumstances()
  const isStale = inbounds.some(
    (inbound) => mayBeKnown(inbound, owned, after) && !mayBeKnown(inbound, owned, before),
  )
  return isStale ? build(deps, owned, inbounds) : buildBlock(tip, memory, found, inbounds, after)
}

const nothing: LookupResult = { operations: new Map(), topups: [], sessions: [] }

type AppendEnd =
  | { readonly kind: 'appended' }
  | { readonly kind: 'fenced' }
  | { readonly kind: 'superseded' }
  | Damaged

/** Appends the same bytes until the position is known, a newer subscription takes over there, or the writer stops. */
const append = async (
  deps: LogWriterDeps,
  tip: Block,
  block: Block,
  { isSuperseded, signal }: { readonly isSuperseded: () => boolean; readonly signal: AbortSignal },
): Promise<AppendEnd> => {
  for (;;) {
    const limits = { untilMs: deps.now() + deps.appendTimeoutMs, signal }
    const outcome = await appendBlock(deps, tip, block, limits)
    switch (outcome.kind) {
      case 'appended':
      case 'damaged':
        return outcome
      case 'occupied':
        return { kind: 'fenced' }
      case 'in-doubt':
        if (isSuperseded() || signal.aborted) return { kind: 'superseded' }
        deps.onUnavailable(
          block.partition,
          new Error(`block ${block.partition}/${block.position}: the append is in doubt; retrying`),
        )
        break
      default:
        return assertNever(outcome)
    }
  }
}
