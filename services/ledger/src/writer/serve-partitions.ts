import { partitionCount } from '@recargas/contracts'
import type { Log } from '@recargas/service'
import { createPartitionWriter, type PartitionWriter, type WriterDeps } from './partition-writer.ts'
import { runSharing, type Presence } from './share-partitions.ts'

/** A partition's place in the line of its queue's consumers. */
type Subscription = {
  readonly generation: () => number
  readonly restart: () => Promise<void>
  readonly handOver: () => Promise<void>
  readonly cancel: () => Promise<void>
}

export type ServingDeps = Omit<WriterDeps, 'onFenced' | 'onUnavailable'> & {
  readonly consume: (partition: number, writer: PartitionWriter) => Promise<Subscription>
  readonly presence: Presence
  readonly shareEveryMs: number
  readonly metrics: {
    readonly fenced: () => void
    readonly unavailable: () => void
    readonly served: (partitions: number) => void
  }
  readonly log: Pick<Log, 'warn' | 'error'>
}

/** Stands in line for every partition, with one writer for each, and shares them with the other instances. */
export const servePartitions = async ({
  consume,
  presence,
  shareEveryMs,
  metrics,
  log,
  ...deps
}: ServingDeps): Promise<{ readonly stop: () => Promise<void> }> => {
  const writers: PartitionWriter[] = []
  const subscriptions: Subscription[] = []
  for (let partition = 0; partition < partitionCount; partition += 1) {
    const writer = createPartitionWriter(partition, {
      ...deps,
      onFenced: () => {
        metrics.fenced()
        log.warn('another instance owns the partition', { partition })
        void subscriptions[partition]?.restart()
      },
      onUnavailable: (_, error) => {
        metrics.unavailable()
        log.error('the database cannot be written', { partition, error })
      },
    })
    writers.push(writer)
  }
  // All at once: until the last one is served, a restart keeps its sales waiting.
  await Promise.all(
    writers.map(async (writer, partition) => {
      subscriptions[partition] = await consume(partition, writer)
    }),
  )
  const sharing = runSharing(
    {
      presence,
      served: () =>
        writers.flatMap((writer, partition) =>
          writer.servedSubscription() === subscriptions[partition]?.generation() ? [partition] : [],
        ),
      handOver: async (partition) => subscriptions[partition]?.handOver(),
      onServed: metrics.served,
      now: deps.now,
    },
    { everyMs: shareEveryMs, log },
  )
  return {
    stop: async () => {
      await sharing.stop()
      await Promise.all(subscriptions.map((subscription) => subscription.cancel()))
      await Promise.all(writers.map((writer) => writer.stop()))
    },
  }
}
