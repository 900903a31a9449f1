import { randomUUID } from 'node:crypto'
import type { Operation, Policy } from '../accounting/operation.ts'
import type { InsertReply } from '../log/append-protocol.ts'
import { createAppendQueue } from '../log/append-queue.ts'
import { birthBlock, type Birth, type Block, type Damage } from '../log/block.ts'
import { createLoadMemory } from '../log/load-memory.ts'
import { createLookUp } from '../log/look-up.ts'
import { createLogWriter, type Disposition } from '../log/partition-writer.ts'
import { projections } from '../projections/all.ts'
import { followGenerations, readableProjections } from '../projections/follow-generations.ts'
import type { GenerationReads, KnownGenerations } from '../projections/generation-store.ts'
import { openProjections, type Projected } from '../projections/open-projections.ts'
import { createProjectionStore, type PositionReads } from '../projections/projection-store.ts'
import { createProjector, type Projector } from '../projections/projector.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import { policy, start } from './builders.ts'
import type { LogDatabase } from './log-database.ts'
import { inboundFor, testPartition } from './inbound-for.ts'

const birth: Birth = {
  id: '00000000-0000-4000-8000-0000000000b1',
  namespace: '00000000-0000-4000-8000-0000000000a5',
  partitions: 16,
  at: start,
}

export type TestLogWriter = {
  readonly enqueue: (
    operation: Operation,
    changed?: { readonly fingerprint?: string; readonly acceptUntil?: number },
  ) => Promise<Disposition>
  readonly enqueueAll: (operations: readonly Operation[]) => Promise<readonly Disposition[]>
  readonly wake: () => Promise<Disposition>
  readonly jobs: OutgoingMessage[]
  readonly notifications: OutgoingMessage[]
  readonly projector: Projector
  /** Projects until nothing is left. */
  readonly projectAll: () => Promise<void>
  /** Reads the generations of the projections once, and follows them. */
  readonly follow: () => Promise<void>
  /** The projections as this instance reads them. */
  readonly projected: Projected
  readonly positions: PositionReads
  /** Begins one round of projecting, unless one is running. */
  readonly wakeProjector: () => void
  readonly blockSizes: number[]
  readonly fenced: () => number
  readonly failures: unknown[]
  readonly damages: Damage[]
  readonly resubscribe: () => void
  readonly setTime: (at: number) => void
  readonly stop: () => Promise<void>
}

export type TestLogWriterOptions = {
  readonly partition?: number
  readonly policy?: Policy
  /** The generations as they were read at the start; without them, the first one of each projection. */
  readonly generations?: GenerationReads & { readonly known: KnownGenerations }
  readonly batchSizeMax?: number
  readonly isClockTrusted?: () => boolean
  readonly waitForCapacity?: () => Promise<void>
  /** In front of the database's insert. */
  readonly insert?: (
    block: Block,
    next: (block: Block) => Promise<InsertReply>,
  ) => Promise<InsertReply>
}

/** A partition's writer on a real log database, with a clock that stands still until it is set. */
export const testLogWriter = (
  { db, store }: LogDatabase,
  options: TestLogWriterOptions = {},
): TestLogWriter => {
  const partition = options.partition ?? testPartition
  let time = start
  let subscription = 1
  let fenced = 0
  let round: Promise<void> | null = null
  const jobs: OutgoingMessage[] = []
  const notifications: OutgoingMessage[] = []
  const blockSizes: number[] = []
  const failures: unknown[] = []
  const damages: Damage[] = []
  const listed = options.generations ?? { known: new Map(), read: () => Promise.resolve(new Map()) }
  const positions = createProjectionStore(db, { timeoutMs: 5_000 })
  const projector = createProjector(readableProjections(projections, listed.known), positions, {
    blocksMax: 100,
  })
  const nowMs = () => performance.now()
  const generations = followGenerations(
    { projections, generations: listed, positions, projector, partitions: 16, nowMs },
    listed.known,
  )
  const queue = createAppendQueue(store.insert)
  const projected = openProjections(db, options.generations === undefined ? undefined : generations)
  const writer = createLogWriter({
    insert: (block, attempt) => {
      const next = (each: Block) => queue.insert(each, attempt)
      return options.insert === undefined ? next(block) : options.insert(block, next)
    },
    find: store.find,
    newest: store.newest,
    now: () => time,
    birth: birthBlock(partition, birth),
    ownerId: randomUUID,
    loadMemory: createLoadMemory(projected, store, projector, { timeoutMs: 5_000 }),
    lookUp: createLookUp(projected, { timeoutMs: 5_000 }),
    projector,
    send: (someJobs, someNotifications) => {
      jobs.push(...someJobs)
      notifications.push(...someNotifications)
    },
    waitForCapacity: options.waitForCapacity ?? (() => Promise.resolve()),
    policy: options.policy ?? policy,
    acceptWindowMs: 10_000,
    clockSkewMs: 2_000,
    isClockTrusted: () => options.isClockTrusted?.() ?? true,
    batchSizeMax: options.batchSizeMax ?? 400,
    appendTimeoutMs: 5_000,
    onAppended: ({ entries }) => blockSizes.push(entries.length),
    onFenced: () => {
      fenced += 1
    },
    onUnavailable: (_, error) => failures.push(error),
    onDamaged: (damage) => damages.push(damage),
  })
  const enqueue: TestLogWriter['enqueue'] = (operation, { fingerprint, acceptUntil } = {}) => {
    const inbound = inboundFor(operation, fingerprint)
    const until = inbound.acceptUntil === null ? null : (acceptUntil ?? time + 10_000)
    return writer.enqueue({ ...inbound, acceptUntil: until }, subscription)
  }
  return {
    enqueue,
    enqueueAll: (operations) => Promise.all(operations.map((operation) => enqueue(operation))),
    wake: () => writer.wake(subscription),
    jobs,
    notifications,
    projector,
    projectAll: async () => {
      for (let round = 0; projector.lag().blocks > 0; round += 1) {
        const [failure] = await projector.project()
        if (failure !== undefined) throw failure.error
        if (round > 100) throw new Error('the projections do not end')
      }
    },
    follow: generations.follow,
    projected,
    positions: generations,
    wakeProjector: () => {
      round ??= projector.project().then((failed) => {
        failures.push(...failed.map(({ error }) => error))
        round = null
      })
    },
    blockSizes,
    fenced: () => fenced,
    failures,
    damages,
    resubscribe: () => {
      subscription += 1
    },
    setTime: (at) => {
      time = at
    },
    stop: async () => {
      await round
      await writer.stop()
    },
  }
}
