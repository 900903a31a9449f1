import { setTimeout as pause } from 'node:timers/promises'
import { assertNever } from '@recargas/contracts'
import type { ItemDisposition } from './answer-unapplied.ts'
import type { InboundOperation } from './inbound-operation.ts'
import {
  ownPartition,
  writeBlock,
  type LogWriterDeps,
  type Owned,
  type Written,
} from './write-block.ts'

/** The end of one message; `dropped`: it is delivered again, here or to another owner. */
export type Disposition = ItemDisposition | { readonly kind: 'dropped' }

export type PartitionWriter = {
  /** Queues one message. A subscription that is new to the writer takes the partition over first. */
  readonly enqueue: (inbound: InboundOperation, subscription: number) => Promise<Disposition>
  /** Takes the partition over, where this subscription has not done so, and writes nothing else. */
  readonly wake: (subscription: number) => Promise<Disposition>
  readonly waiting: () => number
  /** The subscription that owns the partition here; null before the first takeover. */
  readonly servedSubscription: () => number | null
  /** Ends the batch under way and drops the rest: unacknowledged, it is delivered again to the next owner. */
  readonly stop: () => Promise<void>
}

type Item = {
  /** null: only the takeover is asked for. */
  readonly inbound: InboundOperation | null
  readonly subscription: number
  readonly resolve: (disposition: Disposition) => void
}
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
  const enqueue = (inbound: InboundOperation | null, subscription: number): Promise<Disposition> =>
    new Promise((resolve) => {
      writer.waiting.push({ inbound, subscription, resolve })
      running ??= run()
    })
  return {
    enqueue,
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
        const { dispositions, taken } = written.built
        const messages = items.filter(({ inbound }) => inbound !== null)
        messages
          .slice(0, taken)
          .forEach((item, index) => item.resolve(dispositions[index] ?? dropped))
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
    const owned = await ownPartition(deps, subscription, signal)
    if (owned.kind === 'damaged') return owned
    writer.owned = owned.owned
    writer.served = subscription
  }
  const inbounds = items.flatMap(({ inbound }) => (inbound === null ? [] : [inbound]))
  const isSuperseded = () => writer.waiting.some((item) => item.subscription > subscription)
  return writeBlock(deps, writer.owned, inbounds, { isSuperseded, signal })
}

const dropped: Disposition = { kind: 'dropped' }
