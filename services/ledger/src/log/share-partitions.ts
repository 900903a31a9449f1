import { partitionCount } from '@recargas/contracts'
import { runRounds, type LogFields } from '@recargas/runtime'

/** An instance of the ledger as it tells the others. */
export type Instance = {
  /** The partitions that it owns. */
  readonly partitions: readonly number[]
  /** False: it cannot be given partitions, for example because of its clock. */
  readonly isReady: boolean
}

export type InstanceRegistry = {
  /**
   * Says what this instance is, for so long by the database's clock. @returns the others that are alive
   */
  readonly heartbeat: (self: Instance, aliveMs: number) => Promise<readonly Instance[]>
  readonly leave: () => Promise<void>
}

export type SharingDeps = {
  readonly instances: InstanceRegistry
  /** The partitions that this instance owns. */
  readonly owned: () => readonly number[]
  /** Looked at anew at each heartbeat. */
  readonly isReady: () => Promise<boolean>
  /** Lets the next consumer in line have a partition. */
  readonly handOver: (partition: number) => Promise<void>
  /** Partitions whose projections stand behind their blocks, with the position that they show. */
  readonly unprojected: () => Promise<ReadonlyMap<number, number>>
  /** Asks the consumer of a partition's queue to take it over. */
  readonly wake: (partition: number) => Promise<void>
  readonly onOwned: (count: number) => void
  readonly now: () => number
}

/** An instance is gone once it has missed two heartbeats. */
const aliveHeartbeats = 2.5
/** A partition is woken no more often, since its queue may be long. */
const wakeAgainAfterMs = 10_000

/** Number of partitions that an instance owns above the mean, rounded up. */
export const tooMany = (owned: number, others: readonly Instance[]): number => {
  const ready = others.filter(({ isReady }) => isReady)
  const all = ready.reduce((sum, { partitions }) => sum + partitions.length, owned)
  return Math.max(0, owned - Math.ceil(all / (ready.length + 1)))
}

/**
 * A queue's single active consumer stays the first one in line, so an instance that starts later would get nothing. Each
 * one tells the others what it owns, hands over what it has too many, and wakes partitions that nobody owns or projects. The
 * instances need not agree: ownership is decided by the log alone.
 */
export const createSharing = (deps: SharingDeps, everyMs: number) => {
  const wokenAt = new Map<number, number>()
  let behindBefore: ReadonlyMap<number, number> = new Map()

  const wakeForgotten = async (alive: readonly Instance[], at: number): Promise<void> => {
    const owned = new Set(alive.flatMap(({ partitions }) => partitions))
    const behind = await deps.unprojected()
    for (let partition = 0; partition < partitionCount; partition += 1) {
      const shown = behind.get(partition)
      const isStuck = shown !== undefined && behindBefore.get(partition) === shown
      if (owned.has(partition) && !isStuck) {
        wokenAt.delete(partition)
        continue
      }
      if (at - (wokenAt.get(partition) ?? -Infinity) < wakeAgainAfterMs) continue
      wokenAt.set(partition, at)
      await deps.wake(partition)
    }
    behindBefore = behind
  }

  return async (): Promise<void> => {
    const partitions = deps.owned()
    deps.onOwned(partitions.length)
    const isReady = await deps.isReady()
    const at = deps.now()
    const self = { partitions, isReady }
    const others = await deps.instances.heartbeat(self, aliveHeartbeats * everyMs)
    const mayHandOverAll = !isReady && others.some((other) => other.isReady)
    const excess = mayHandOverAll ? partitions.length : tooMany(partitions.length, others)
    for (const partition of partitions.slice(0, excess)) await deps.handOver(partition)
    await wakeForgotten([self, ...others], at)
  }
}

export const runSharing = (
  deps: SharingDeps,
  options: {
    readonly everyMs: number
    readonly log: { readonly warn: (message: string, fields?: LogFields) => void }
  },
): { readonly stop: () => Promise<void> } => {
  const rounds = runRounds(createSharing(deps, options.everyMs), {
    everyMs: options.everyMs,
    begin: 'at-once',
    onFailure: (error) => options.log.warn('partitions are not shared', { error }),
  })
  return {
    stop: async () => {
      await rounds.stop()
      // Where it cannot be said, the others find out by the clock.
      await deps.instances.leave().catch(() => undefined)
    },
  }
}
