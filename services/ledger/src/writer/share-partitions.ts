import { runRounds, type LogFields } from '@recargas/service'

/** Who else is there, and how many partitions each of them serves. */
export type Presence = {
  /** Says that this instance is there until then, and serves so many. @returns what the others serve */
  readonly say: (served: number, now: number, until: number) => Promise<readonly number[]>
  readonly leave: () => Promise<void>
}

export type SharingDeps = {
  readonly presence: Presence
  /** The partitions whose messages come to this instance. */
  readonly served: () => readonly number[]
  /** Lets the next consumer in line have a partition. */
  readonly handOver: (partition: number) => Promise<void>
  readonly onServed: (count: number) => void
  readonly now: () => number
}

/** An instance that has said nothing for so many rounds is gone. */
const roundsMissedMax = 4

/** How many this instance serves too many: nobody has more than the mean, rounded up. */
export const tooMany = (served: number, others: readonly number[]): number => {
  const all = others.reduce((sum, count) => sum + count, served)
  return Math.max(0, served - Math.ceil(all / (others.length + 1)))
}

/**
 * A queue's single active consumer stays whoever came first, so an instance that comes later would get nothing. Each
 * one therefore tells how many partitions it serves and hands over what it has too many. It need not be exact, nor
 * agreed upon: whoever serves a partition, the epoch keeps it safe.
 */
export const sharePartitions = async (
  { presence, served, handOver, onServed, now }: SharingDeps,
  everyMs: number,
): Promise<void> => {
  const mine = served()
  onServed(mine.length)
  const at = now()
  const others = await presence.say(mine.length, at, at + roundsMissedMax * everyMs)
  for (const partition of mine.slice(0, tooMany(mine.length, others))) await handOver(partition)
}

export const runSharing = (
  deps: SharingDeps,
  options: {
    readonly everyMs: number
    readonly log: { readonly warn: (message: string, fields?: LogFields) => void }
  },
): { readonly stop: () => Promise<void> } => {
  const rounds = runRounds(() => sharePartitions(deps, options.everyMs), {
    everyMs: options.everyMs,
    begin: 'at-once',
    onFailure: (error) => options.log.warn('partitions are not shared', { error }),
  })
  return {
    stop: async () => {
      await rounds.stop()
      // Where it cannot be said, the others find out by the clock.
      await deps.presence.leave().catch(() => undefined)
    },
  }
}
