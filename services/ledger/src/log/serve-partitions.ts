import { partitions } from '@recargas/contracts'
import type { Log } from '@recargas/runtime'
import { birthBlock, type Birth, type Damage } from './block.ts'
import { createLogWriter, type PartitionWriter } from './partition-writer.ts'
import type { LogWriterDeps } from './write-block.ts'
import { runSharing, type SharingDeps } from './share-partitions.ts'

/** A partition's place in the line of its queue's consumers. */
type Subscription = {
  readonly generation: () => number
  readonly restart: () => Promise<void>
  readonly handOver: () => Promise<void>
  readonly cancel: () => Promise<void>
}

export type ServingDeps = Omit<
  LogWriterDeps,
  'birth' | 'onFenced' | 'onUnavailable' | 'onDamaged'
> & {
  readonly birth: Birth
  readonly consume: (partition: number, writer: PartitionWriter) => Promise<Subscription>
  readonly sharing: Omit<SharingDeps, 'owned' | 'handOver' | 'onOwned' | 'now'>
  readonly shareEveryMs: number
  readonly metrics: {
    readonly fenced: () => void
    readonly unavailable: () => void
    readonly served: (partitions: number) => void
    readonly damaged: (damage: Damage) => void
  }
  readonly log: Pick<Log, 'warn' | 'error'>
}

export type ServedPartitions = {
  /** The partitions that this instance owns, with the subscription of each takeover. */
  readonly owned: () => ReadonlyMap<number, string>
  readonly stop: () => Promise<void>
}

/** Consumes every partition's queue, with one writer for each, and shares the partitions with the other instances. */
export const servePartitions = async ({
  birth,
  consume,
  sharing,
  shareEveryMs,
  metrics,
  log,
  ...deps
}: ServingDeps): Promise<ServedPartitions> => {
  const subscriptions: Subscription[] = []
  const writers = partitions.map((partition) =>
    createLogWriter({
      ...deps,
      birth: birthBlock(partition, birth),
      onFenced: () => {
        metrics.fenced()
        log.warn('another instance owns the partition', { partition })
        void subscriptions[partition]?.restart()
      },
      onUnavailable: (_, error) => {
        metrics.unavailable()
        log.error('the log cannot be written; keeping the messages and retrying', {
          partition,
          error,
        })
      },
      onDamaged: (damage) => {
        metrics.damaged(damage)
        log.error('the log is damaged: the partition stops, run the proof', damage)
      },
    }),
  )
  // All at once: until the last one is served, a restart keeps its sales waiting.
  await Promise.all(
    writers.map(async (writer, partition) => {
      subscriptions[partition] = await consume(partition, writer)
    }),
  )
  const owned = (): ReadonlyMap<number, string> =>
    new Map(
      writers.flatMap((writer, partition) => {
        const served = writer.servedSubscription()
        return served !== null && served === subscriptions[partition]?.generation()
          ? [[partition, String(served)] as const]
          : []
      }),
    )
  const running = runSharing(
    {
      ...sharing,
      owned: () => [...owned().keys()],
      handOver: async (partition) => subscriptions[partition]?.handOver(),
      onOwned: metrics.served,
      now: deps.now,
    },
    { everyMs: shareEveryMs, log },
  )
  return {
    owned,
    stop: async () => {
      await running.stop()
      await Promise.all(subscriptions.map((subscription) => subscription.cancel()))
      await Promise.all(writers.map((writer) => writer.stop()))
    },
  }
}
