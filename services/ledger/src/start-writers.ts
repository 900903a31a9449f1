import { randomUUID } from 'node:crypto'
import { exchanges, ledgerQueue, type WakeMessage } from '@recargas/contracts'
import { publishEnvelope, type Broker } from '@recargas/messaging'
import { runRounds, type CrashPoint, type Crashing, type Log, type Tracer } from '@recargas/runtime'
import { policyOf, repeatLimits, type Settings } from './config.ts'
import type { LedgerDatabase } from './connect-database.ts'
import {
  crashingLoadMemory,
  crashingLookUp,
  crashingRepeat,
  crashingSender,
} from './crash-points.ts'
import type { BlockStore } from './log/block-store.ts'
import type { Birth } from './log/block.ts'
import type { ClockCheck } from './log/clock-check.ts'
import { warnOfFarPresses } from './log/far-presses.ts'
import { createInstanceRegistry } from './log/instance-registry.ts'
import { createLoadMemory } from './log/load-memory.ts'
import { createLookUp } from './log/look-up.ts'
import type { AppendPorts } from './log/append-block.ts'
import type { PartitionWriter } from './log/partition-writer.ts'
import type { Relay } from './log/relay.ts'
import { createHeldSalesRepeater } from './log/repeat-held-sales.ts'
import type { MessageSender } from './log/send-messages.ts'
import { servePartitions, type ServedPartitions, type ServingDeps } from './log/serve-partitions.ts'
import type { Appended } from './log/write-block.ts'
import type { LedgerMetrics } from './metrics.ts'
import { projections } from './projections/all.ts'
import type { Projected } from './projections/open-projections.ts'
import type { PositionReads } from './projections/projection-store.ts'
import type { Projector } from './projections/projector.ts'
import { createHeldSales } from './reads/held-sales.ts'

export type LogParts = {
  readonly settings: Settings
  readonly database: LedgerDatabase
  readonly broker: Broker
  readonly metrics: LedgerMetrics
  readonly crashing: Crashing<CrashPoint<'ledger'>>
  readonly now: () => number
  readonly log: Log
  readonly tracer: Tracer | null
}

type Started = {
  readonly birth: Birth
  readonly blocks: BlockStore
  readonly projector: Projector
  readonly projected: Projected
  readonly clock: ClockCheck
  readonly positions: PositionReads
  readonly ports: AppendPorts
  readonly sender: MessageSender
  readonly relay: Relay
}

export type ServeLog = (
  consume: (partition: number, writer: PartitionWriter) => ReturnType<ServingDeps['consume']>,
  onAppended: (appended: Appended) => void,
) => Promise<{ readonly stop: () => Promise<void> }>

/** Prepares the writers of this instance's partitions and the repeats of held sales; they begin with the call of the result. */
export const startWriters =
  (parts: LogParts, started: Started): ServeLog =>
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
        unprojected: (owned) => unprojected(blocks, positions, owned),
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
  { settings, crashing }: LogParts,
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

const names = projections.map(({ name }) => name)

/** Those of the partitions whose projections are behind the newest block, with their lowest projected position. */
const unprojected = async (
  blocks: BlockStore,
  store: PositionReads,
  partitions: readonly number[],
): Promise<ReadonlyMap<number, number>> => {
  const behind = new Map<number, number>()
  for (const partition of partitions) {
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
  { settings, crashing, now, log, metrics }: LogParts,
  projected: Projected,
  send: Relay['send'],
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
