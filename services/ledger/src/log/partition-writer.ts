import { setTimeout as pause } from 'node:timers/promises'
import { assertNever } from '@recargas/contracts'
import type { Policy } from '../accounting/operation.ts'
import type { Projector } from '../projections/projector.ts'
import type { InboundOperation } from './inbound-operation.ts'
import type { Found, Lookups } from './ports.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import { planLookups } from './plan-lookups.ts'
import type { Block, Damage } from './block.ts'
import { buildBlock, type BuiltBlock, type Circumstances, type ItemFate } from './build-block.ts'
import type { LogEntry } from '../accounting/entry.ts'
import { mayBeKnown, unkeyedKeptMs } from './may-be-known.ts'
import { readableBlock, type LoadMemory } from './load-memory.ts'
import { forgetProjected, remember, type Memory } from './memory.ts'
import { appendBlock, takeOver, type AppendPorts } from './own-partition.ts'

/** The end of one message; `dropped`: it is delivered again, here or to another owner. */
export type Fate = ItemFate | { readonly kind: 'dropped' }

export type PartitionWriter = {
  /** Queues one message. A subscription that is new to the writer takes the partition over first. */
  readonly submit: (inbound: InboundOperation, subscription: number) => Promise<Fate>
  /** Takes the partition over, where this subscription has not done so, and writes nothing else. */
  readonly wake: (subscription: number) => Promise<Fate>
  readonly waiting: () => number
  /** The subscription that owns the partition here; null before the first takeover. */
  readonly servedSubscription: () => number | null
  /** Ends the batch under way and drops the rest: unacknowledged, it is delivered again to the next owner. */
  readonly stop: () => Promise<void>
}

export type LogWriterDeps = AppendPorts & {
  /** The partition's first block, appended where it is missing. */
  readonly birth: Block
  readonly ownerId: () => string
  readonly loadMemory: LoadMemory
  readonly lookUp: (partition: number, wanted: Lookups) => Promise<Found>
  readonly projector: Pick<Projector, 'enqueue' | 'projected' | 'end'>
  /** Publishes the messages of an appended block. Never fails: a new owner sends the jobs of held sales again. */
  readonly send: (
    jobs: readonly OutgoingMessage[],
    notifications: readonly OutgoingMessage[],
  ) => void
  /** Waits while too much is to be sent or projected: a writer that runs ahead only fills the memory. */
  readonly waitForCapacity: (partition: number) => Promise<void>
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
}

type Item = {
  /** null: only the takeover is asked for. */
  readonly inbound: InboundOperation | null
  readonly subscription: number
  readonly resolve: (fate: Fate) => void
}
type Owned = {
  tip: Block
  readonly memory: Memory
  readonly subscription: number
  /** By this writer's clock: whatever is applied from then on is in its memory. */
  readonly since: number
}
type Damaged = { readonly kind: 'damaged'; readonly damage: Damage }
type Written =
  | { readonly kind: 'written'; readonly built: BuiltBlock }
  /** Another owner took the partition over. */
  | { readonly kind: 'fenced' }
  /** The append is in doubt, and a newer subscription or the stop leaves it to the next takeover. */
  | { readonly kind: 'superseded' }
  | Damaged

/** A writer's own state between batches. */
type Writer = {
  waiting: Item[]
  owned: Owned | null
  served: number | null
  failures: number
  readonly stopping: AbortController
}

const retryPauseMsMin = 20
const retryPauseMsMax = 2_000

/**
 * The writer of a partition on the log. A batch holds the operations that arrived while the last block was being appended, and
 * at most one block is in flight. The append itself keeps it safe beside another owner.
 */
export const createLogWriter = (deps: LogWriterDeps): PartitionWriter => {
  const writer: Writer = {
    waiting: [],
    owned: null,
    served: null,
    failures: 0,
    stopping: new AbortController(),
  }
  let running: Promise<void> | null = null
  const run = async (): Promise<void> => {
    // Yields one turn of the event loop, so messages that arrived in the same read share a block.
    await new Promise<void>((resolve) => setImmediate(resolve))
    while (writer.waiting.length > 0 && !writer.stopping.signal.aborted) {
      await writeBatch(deps, writer)
      await deps.waitForCapacity(deps.birth.partition)
    }
    // Cleared in the same turn as the last look at the queue: an operation enqueued later must start a new run.
    running = null
  }
  const enqueue = (inbound: InboundOperation | null, subscription: number): Promise<Fate> =>
    new Promise((resolve) => {
      writer.waiting.push({ inbound, subscription, resolve })
      running ??= run()
    })
  return {
    submit: enqueue,
    wake: (subscription) => enqueue(null, subscription),
    waiting: () => writer.waiting.length,
    servedSubscription: () => writer.served,
    stop: async () => {
      writer.stopping.abort()
      await running
      for (const item of writer.waiting) item.resolve(dropped)
      writer.waiting = []
    },
  }
}

/** Takes the waiting items of the newest subscription only: the broker redelivers those of an earlier one. */
const takeBatch = (writer: Writer, batchSizeMax: number) => {
  const subscription = Math.max(...writer.waiting.map((item) => item.subscription))
  const current = writer.waiting.filter((item) => item.subscription === subscription)
  for (const item of writer.waiting) if (item.subscription !== subscription) item.resolve(dropped)
  writer.waiting = current.slice(batchSizeMax)
  return { subscription, items: current.slice(0, batchSizeMax) }
}

const writeBatch = async (deps: LogWriterDeps, writer: Writer): Promise<void> => {
  const { subscription, items } = takeBatch(writer, deps.batchSizeMax)
  try {
    const written = await ownAndWrite(deps, writer, subscription, items)
    switch (written.kind) {
      case 'written': {
        writer.failures = 0
        const { fates, taken } = written.built
        const messages = items.filter(({ inbound }) => inbound !== null)
        messages.slice(0, taken).forEach((item, index) => item.resolve(fates[index] ?? dropped))
        for (const item of items) if (item.inbound === null) item.resolve({ kind: 'done' })
        writer.waiting = [...messages.slice(taken), ...writer.waiting]
        return
      }
      case 'fenced':
      case 'superseded':
        writer.owned = null
        deps.projector.end(deps.birth.partition)
        for (const item of items) item.resolve(dropped)
        if (written.kind === 'fenced') deps.onFenced(deps.birth.partition)
        return
      case 'damaged':
        writer.owned = null
        deps.onDamaged(written.damage)
        await keepAndPause(writer, items)
        return
      default:
        return assertNever(written)
    }
  } catch (error) {
    deps.onUnavailable(deps.birth.partition, error)
    await keepAndPause(writer, items)
  }
}

/**
 * The messages stay here, in order: sent back they would only return, and count against their delivery limit. Nothing of
 * them was appended.
 */
const keepAndPause = async (writer: Writer, items: readonly Item[]): Promise<void> => {
  writer.failures += 1
  writer.waiting = [...items, ...writer.waiting]
  const pauseMs = Math.min(retryPauseMsMin * 2 ** writer.failures, retryPauseMsMax)
  await pause(pauseMs, undefined, { signal: writer.stopping.signal }).catch(() => undefined)
}

const ownAndWrite = async (
  deps: LogWriterDeps,
  writer: Writer,
  subscription: number,
  items: readonly Item[],
): Promise<Written> => {
  const { signal } = writer.stopping
  if (writer.owned?.subscription !== subscription) {
    writer.owned = null
    const owned = await own(deps, subscription, signal)
    if (owned.kind === 'damaged') return owned
    writer.owned = owned.owned
    writer.served = subscription
  }
  const inbounds = items.flatMap(({ inbound }) => (inbound === null ? [] : [inbound]))
  const isSuperseded = () => writer.waiting.some((item) => item.subscription > subscription)
  return write(deps, writer.owned, inbounds, { isSuperseded, signal })
}

const dropped: Fate = { kind: 'dropped' }

const own = async (
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

const write = async (
  deps: LogWriterDeps,
  owned: Owned,
  inbounds: readonly InboundOperation[],
  until: { readonly isSuperseded: () => boolean; readonly signal: AbortSignal },
): Promise<Written> => {
  const startedAt = performance.now()
  const built = await build(deps, owned, inbounds)
  const { block, entries } = built
  if (block !== null) {
    const appended = await append(deps, owned.tip, block, until)
    if (appended.kind !== 'appended') return appended
    owned.tip = block
    const readable = readableBlock(block, entries)
    remember(owned.memory, readable)
    deps.projector.enqueue(readable)
    deps.onAppended({ block, entries, seconds: (performance.now() - startedAt) / 1_000 })
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
  const circumstances = (): Circumstances => ({
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

const nothing: Found = { operations: new Map(), topups: [], sessions: [] }

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
