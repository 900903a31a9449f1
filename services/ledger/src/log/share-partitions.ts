import { partitionCount } from '@recargas/contracts'
import { runRounds, type Log } from '@recargas/runtime'

/** An instance of the ledger, in its heartbeat. */
export type Instance = {
  /** The partitions that it owns. */
  readonly partitions: readonly number[]
  /** False: it cannot be given partitions, for example because of its clock. */
  readonly isReady: boolean
}

export type InstanceRegistry = {
  /** Records this instance as alive for `aliveMs` by the database's clock. @returns the other live instances */
  readonly heartbeat: (self: Instance, aliveMs: number) => Promise<readonly Instance[]>
  readonly leave: () => Promise<void>
}

export type SharingDeps = {
  readonly instances: InstanceRegistry
  /** The partitions that this instance owns. */
  readonly owned: () => readonly number[]
  /** Looked at anew at each heartbeat. */
  readonly isReady: () => Promise<boolean>
  /** Hands a partition over to the next consumer in line. */
  readonly handOver: (partition: number) => Promise<void>
  /** Those of these partitions whose projections are behind their blocks, with their projected position. */
  readonly unprojected: (partitions: readonly number[]) => Promise<ReadonlyMap<number, number>>
  /** Asks the consumer of a partition's queue to take it over. */
  readonly wake: (partition: number) => Promise<void>
  readonly onOwned: (count: number) => void
  readonly now: () => number
}

/** An instance is gone once it has missed two heartbeats. */
const aliveHeartbeats = 2.5
/**
 * A partition is woken no more often, since its queue may be long. A wake whose takeover failed is repeated early enough for an idle
 * partition to be served again within ten seconds of its owner's death (ledger-log L13).
 */
const wakeAgainAfterMs = 3_000

/** Number of partitions that an instance owns above the mean, rounded up. */
export const tooMany = (owned: number, others: readonly Instance[]): number => {
  const ready = others.filter(({ isReady }) => isReady)
  const all = ready.reduce((sum, { partitions }) => sum + partitions.length, owned)
  return Math.max(0, owned - Math.ceil(all / (ready.length + 1)))
}

/**
 * Shares the partitions out. The first consumer in line stays a queue's single active consumer, so a later instance would get
 * nothing. Each instance tells the others its partitions, hands over its surplus, and wakes partitions that nobody owns or
 * projects. The instances need not agree: the log alone decides ownership.
 */
export const createSharing = (deps: SharingDeps, everyMs: number) => {
  const wokenAt = new Map<number, number>()
  let behindBefore: ReadonlyMap<number, number> = new Map()

  /** Each instance looks at its own partitions: at all of them, a hundred instances would ask a hundred times as much. */
  const wakeForgotten = async (
    self: Instance,
    others: readonly Instance[],
    at: number,
  ): Promise<void> => {
    const owned = new Set([self, ...others].flatMap(({ partitions }) => partitions))
    const behind = await deps.unprojected(self.partitions)
    const forgotten: number[] = []
    for (let partition = 0; partition < partitionCount; partition += 1) {
      const shown = behind.get(partition)
      const isStuck = shown !== undefined && behindBefore.get(partition) === shown
      if (owned.has(partition) && !isStuck) {
        wokenAt.delete(partition)
        continue
      }
      if (at - (wokenAt.get(partition) ?? -Infinity) < wakeAgainAfterMs) continue
      wokenAt.set(partition, at)
      forgotten.push(partition)
    }
    behindBefore = behind
    await Promise.all(forgotten.map(deps.wake))
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
    await wakeForgotten(self, others, at)
  }
}

export const runSharing = (
  deps: SharingDeps,
  options: {
    readonly everyMs: number
    readonly log: Pick<Log, 'warn'>
  },
): { readonly stop: () => Promise<void> } => {
  const rounds = runRounds(createSharing(deps, options.everyMs), {
    everyMs: options.everyMs,
    begin: 'at-once',
    onFailure: (error) => options.log.warn('partitions could not be shared out', { error }),
  })
  return {
    stop: async () => {
      await rounds.stop()
      // If the database is unreachable, the others notice when the heartbeat expires.
      await deps.instances.leave().catch(() => undefined)
    },
  }
}
