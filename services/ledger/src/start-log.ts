import { randomUUID } from 'node:crypto'
import { exchanges, ledgerQueue, partitionCount, type WakeMessage } from '@recargas/contracts'
import { publishEnvelope, type Broker } from '@recargas/messaging'
import { pause, runRounds, type CrashPoint, type Crashing, type Log } from '@recargas/runtime'
import type mongoose from 'mongoose'
import { policyOf, repeatLimits, type Settings } from './config.ts'
import {
  crashingBlockStore,
  crashingLoadMemory,
  crashingLookUp,
  crashingRepeat,
  crashingSend,
  crashingSender,
} from './crash-points.ts'
import { createAppendQueue } from './log/append-queue.ts'
import { createBlockStore, type BlockStore } from './log/block-store.ts'
import type { Birth } from './log/block.ts'
import { createClockCheck, type ClockCheck } from './log/clock-check.ts'
import { warnOfFarPresses } from './log/far-presses.ts'
import { findBirth } from './log/find-birth.ts'
import { createLoadMemory } from './log/load-memory.ts'
import { createLookUp } from './log/look-up.ts'
import type { AppendPorts } from './log/own-partition.ts'
import type { Appended, PartitionWriter } from './log/partition-writer.ts'
import { bytesBehindMax, createMessageSender, type MessageSender } from './log/send-messages.ts'
import { servePartitions, type ServedPartitions, type ServingDeps } from './log/serve-partitions.ts'
import type { LedgerMetrics } from './metrics.ts'
import { createInstanceRegistry } from './log/instance-registry.ts'
import type { LedgerDatabase } from './connect-database.ts'
import { projections } from './projections/all.ts'
import { createAwaitPosition, type AwaitPosition } from './projections/await-position.ts'
import { openProjections, type Projected } from './projections/open-projections.ts'
import type { PositionReads } from './projections/projection-store.ts'
import type { Projector } from './projections/projector.ts'
import { runProjector, type RunningProjector } from './projections/run-projector.ts'
import { createHeldSales } from './reads/held-sales.ts'
import { startProjections } from './start-projections.ts'
import { createHeldSalesRepeater } from './log/repeat-held-sales.ts'
import { createRelay } from './log/relay.ts'

type Parts = {
  readonly settings: Settings
  readonly database: LedgerDatabase
  readonly broker: Broker
  readonly metrics: LedgerMetrics
  readonly crashing: Crashing<CrashPoint<'ledger'>>
  readonly now: () => number
  readonly log: Log
}

const readLimits = { waitMsMax: 2_000, waitingMax: 1_000, pollEveryMs: 10 } as const

export type RunningLog = {
  readonly birth: Birth
  readonly clock: ClockCheck
  readonly projector: Projector
  readonly blocks: BlockStore
  readonly projected: Projected
  readonly positions: PositionReads
  readonly awaitPosition: AwaitPosition
  /** Consumes the partitions' queues and begins to write. */
  readonly serve: (
    consume: (partition: number, writer: PartitionWriter) => ReturnType<ServingDeps['consume']>,
    onAppended: (appended: Appended) => void,
  ) => Promise<{ readonly stop: () => Promise<void> }>
  /** Runs after the writers' stop: ends the projector and the publishers. */
  readonly stop: () => Promise<void>
}

/** Starts the log of this instance: birth, projector, reads by position; its writers begin with `serve`. */
export const startLog = async (parts: Parts): Promise<RunningLog> => {
  const { settings, crashing, database, now, log, metrics } = parts
  const timeoutMs = settings.MONGODB_TIMEOUT_MS
  const { db } = database
  const blocks = crashingBlockStore(crashing, createBlockStore(database.blocks, { timeoutMs }))
  const append = createAppendQueue(blocks.insert)
  const ports = { insert: append.insert, find: blocks.find, newest: blocks.newest, now }
  const birth = await findBirth(ports, { timeoutMs: settings.MONGODB_CONNECT_TIMEOUT_MS })
  const { projector, generations, following } = await startProjections(parts)
  const projected = openProjections(db, generations)
  const positions = generations
  const relay = createRelay((message) => parts.broker.publish(message))
  const sender: MessageSender = createMessageSender({
    send: crashingSend(crashing, relay.send),
    projector,
    log,
  })
  const running = runProjector(projector, {
    log,
    onRound: (failed) => {
      metrics.projected(projector.lag(), failed)
      sender.lagChanged()
    },
  })
  const clock = createClockCheck(() => primaryClock(db), {
    now,
    clockSkewMs: settings.CLOCK_SKEW_MS,
  })
  await clock.measure()
  const awaitPosition = awaitPositions(blocks, positions, running, now)
  return {
    birth,
    clock,
    projector,
    blocks,
    projected,
    positions,
    awaitPosition,
    serve: serving(parts, {
      ports,
      birth,
      blocks,
      projector,
      projected,
      sender,
      relay,
      clock,
      positions,
    }),
    stop: async () => {
      await sender.drained()
      await following.stop()
      await running.stop()
    },
  }
}

type Started = Pick<
  RunningLog,
  'birth' | 'blocks' | 'projector' | 'projected' | 'clock' | 'positions'
> & {
  readonly ports: AppendPorts
  readonly sender: MessageSender
  readonly relay: ReturnType<typeof createRelay>
}

const serving =
  (parts: Parts, started: Started): RunningLog['serve'] =>
  async (consume, onAppended) => {
    const { settings, database, broker, crashing, metrics, now, log } = parts
    const { ports, birth, blocks, projector, projected, sender, relay, clock, positions } = started
    const warnOfFar = warnOfFarPresses({
      ...settingsOf(settings),
      isClockTrusted: clock.isTrusted,
      now,
      log,
    })
    const partitions = await servePartitions({
      ...ports,
      ...memoryOf(parts, started),
      ...settingsOf(settings),
      birth,
      consume,
      ownerId: randomUUID,
      projector,
      send: crashingSender(crashing, sender).send,
      waitForCapacity: sender.waitForCapacity,
      isClockTrusted: clock.isTrusted,
      onAppended: (appended) => {
        warnOfFar(appended)
        onAppended(appended)
      },
      sharing: {
        instances: createInstanceRegistry(database.models),
        isReady: clock.measure,
        unprojected: () => unprojected(blocks, positions),
        wake: (partition) => wake(broker, partition, now()),
      },
      metrics,
      log,
    })
    const repeating = repeatHeldSales(parts, projected, relay.send, partitions)
    return {
      stop: async () => {
        await repeating.stop()
        await partitions.stop()
      },
    }
  }

/** The writers' reads: the state at a takeover, and the records that a batch needs and memory lacks. */
const memoryOf = (
  { settings, crashing }: Parts,
  { projected, blocks, projector }: Pick<Started, 'projected' | 'blocks' | 'projector'>,
) => {
  const timeoutMs = settings.MONGODB_TIMEOUT_MS
  return {
    loadMemory: crashingLoadMemory(
      crashing,
      createLoadMemory(projected, blocks, projector, { timeoutMs }),
    ),
    lookUp: crashingLookUp(crashing, createLookUp(projected, { timeoutMs })),
  }
}

const settingsOf = (settings: Settings) => ({
  policy: policyOf(settings),
  acceptWindowMs: settings.ACCEPT_UNTIL_MS,
  clockSkewMs: settings.CLOCK_SKEW_MS,
  batchSizeMax: settings.BATCH_SIZE_MAX,
  appendTimeoutMs: settings.APPEND_TIMEOUT_MS,
  shareEveryMs: settings.SHARE_EVERY_MS,
})

/** /ready names the obstacle to writing: an untrusted clock, or projections that lag beyond the bound. */
export const logReadiness = ({ clock, projector }: Pick<RunningLog, 'clock' | 'projector'>) => [
  {
    name: 'clock',
    check: () =>
      clock.isTrusted()
        ? { ready: true, reason: null }
        : {
            ready: false,
            reason: `this clock is ${clock.aheadMs()} ms ahead of the database's: commands are refused`,
          },
  },
  {
    name: 'projections',
    check: () => {
      const { blocks, bytes } = projector.lag()
      return bytes < bytesBehindMax
        ? { ready: true, reason: null }
        : { ready: false, reason: `the projections lag ${blocks} blocks behind: appends wait` }
    },
  },
]

const primaryClock = async (db: mongoose.mongo.Db): Promise<Date> => {
  const hello = await db.admin().command({ hello: 1 })
  return hello['localTime'] as Date
}

const names = projections.map(({ name }) => name)

const awaitPositions = (
  blocks: BlockStore,
  store: PositionReads,
  running: RunningProjector,
  now: () => number,
): AwaitPosition =>
  createAwaitPosition({
    newest: blocks.newestPosition,
    positions: (partition) => store.positionsOf(partition, names),
    wakeProjector: running.wake,
    now,
    pause: (delayMs) => pause(delayMs, new AbortController().signal),
    limits: readLimits,
  })

/** Partitions whose projections are behind the newest block, with their lowest projected position. */
const unprojected = async (
  blocks: BlockStore,
  store: PositionReads,
): Promise<ReadonlyMap<number, number>> => {
  const behind = new Map<number, number>()
  for (let partition = 0; partition < partitionCount; partition += 1) {
    const newest = await blocks.newestPosition(partition)
    if (newest < 0) continue
    const shown = await store.positionsOf(partition, names)
    const lowest = Math.min(...names.map((name) => shown.get(name) ?? -1))
    if (lowest < newest) behind.set(partition, lowest)
  }
  return behind
}

const wake = async (broker: Broker, partition: number, at: number): Promise<void> => {
  const id = `wake:${partition}:${randomUUID()}`
  const message: WakeMessage = {
    specversion: '1.0',
    id,
    source: 'ledger',
    type: 'Wake.v1',
    subject: String(partition),
    time: new Date(at).toISOString(),
    correlationid: id,
    data: { partition },
  }
  const to = { exchange: exchanges.command, routingKey: ledgerQueue(partition) }
  await publishEnvelope(broker, to, message)
}

const repeatHeldSales = (
  { settings, crashing, now, log, metrics }: Parts,
  projected: Projected,
  send: ReturnType<typeof createRelay>['send'],
  partitions: ServedPartitions,
) => {
  const round = createHeldSalesRepeater(
    crashingRepeat(crashing, {
      owned: partitions.owned,
      heldWithoutProgress: createHeldSales(projected, { timeoutMs: settings.MONGODB_TIMEOUT_MS }),
      send: (message) => send([message]),
      now,
    }),
    repeatLimits(settings),
  )
  return runRounds(
    async () => {
      const count = await round()
      if (count > 0) crashing.pass('held-asked')
      metrics.repeated(count)
    },
    {
      everyMs: settings.SWEEP_EVERY_MS,
      begin: 'after-pause',
      onFailure: (error) => log.warn('held sales could not be republished', { error }),
    },
  )
}
