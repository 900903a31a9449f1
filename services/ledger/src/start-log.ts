import { pause } from '@recargas/runtime'
import type mongoose from 'mongoose'
import { crashingBlockStore, crashingSend } from './crash-points.ts'
import { createAppendQueue } from './log/append-queue.ts'
import { createBlockStore, type BlockStore } from './log/block-store.ts'
import type { Birth } from './log/block.ts'
import { createClockCheck, type ClockCheck } from './log/clock-check.ts'
import { findBirth } from './log/find-birth.ts'
import { bytesBehindMax, createMessageSender, type MessageSender } from './log/send-messages.ts'
import { projections } from './projections/all.ts'
import { createAwaitPosition, type AwaitPosition } from './projections/await-position.ts'
import { openProjections, type Projected } from './projections/open-projections.ts'
import type { PositionReads } from './projections/projection-store.ts'
import type { Projector } from './projections/projector.ts'
import { runProjector, type RunningProjector } from './projections/run-projector.ts'
import { startProjections } from './start-projections.ts'
import { startWriters, type LogParts, type ServeLog } from './start-writers.ts'
import { createRelay } from './log/relay.ts'

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
  readonly serve: ServeLog
  /** Runs after the writers' stop: ends the projector and the publishers. */
  readonly stop: () => Promise<void>
}

/** Starts the log of this instance: birth, projector, reads by position; its writers begin with `serve`. */
export const startLog = async (parts: LogParts): Promise<RunningLog> => {
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
  const relay = createRelay(parts.broker)
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
    serve: startWriters(parts, {
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
