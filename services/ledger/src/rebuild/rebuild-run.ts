import type { BlockStore } from '../log/block-store.ts'
import { knownForMs, readableForMs } from '../projections/follow-generations.ts'
import type { GenerationStore } from '../projections/generation-store.ts'
import type { Projection } from '../projections/projection.ts'
import type { PositionReads, ProjectionStore } from '../projections/projection-store.ts'

export type RebuildDeps = {
  readonly projections: readonly Projection[]
  readonly generations: GenerationStore
  readonly store: ProjectionStore & PositionReads
  readonly blocks: Pick<BlockStore, 'after' | 'newestPosition'>
  readonly collections: {
    /** Makes a generation's collection, empty, and its indexes. @param check throws where this program may not drop any more */
    readonly make: (generation: Projection, check: () => Promise<void>) => Promise<void>
    readonly drop: (generation: Projection, check: () => Promise<void>) => Promise<void>
  }
  readonly partitions: number
  /** Random: of two rebuilds one has the lease. */
  readonly holder: string
  readonly onProgress: (progress: RebuildProgress) => void
  /** Milliseconds of a monotonic clock. */
  readonly nowMs: () => number
  readonly pause: (delayMs: number) => Promise<void>
  readonly isStopping: () => boolean
  readonly times: RebuildTimes
}

export type RebuildTimes = {
  /** A rebuild that was killed keeps the next one waiting for so long. */
  readonly leaseMs: number
  /** The ledger's projectors go on alone for so long before a generation is judged. */
  readonly settleMs: number
  /** Limit of the wait for projectors that do not go on with it. */
  readonly settledMs: number
  /** Time for which the previous generation stays registered after the switch … */
  readonly keepMs: number
  /** … and dropped so long after that. */
  readonly heardMs: number
}

export const rebuildTimes: RebuildTimes = {
  leaseMs: 15_000,
  settleMs: 3_000,
  settledMs: 600_000,
  keepMs: 20_000,
  // An instance that missed the switch reads nothing after the first time, and its reads under way have ended after the second.
  heardMs: Math.max(knownForMs, readableForMs) + 10_000,
}

/** No ledger uses the database: there are no projectors and no reads to wait for. */
export const timesAlone: RebuildTimes = { ...rebuildTimes, settleMs: 0, keepMs: 0, heardMs: 0 }

export type RebuildProgress =
  | { readonly kind: 'waiting-for-lease'; readonly projection: string }
  | { readonly kind: 'resuming'; readonly projection: string; readonly generation: number }
  | { readonly kind: 'writing'; readonly done: number; readonly total: number }
  | { readonly kind: 'retrying'; readonly projection: string; readonly reason: string }
  /** Everything is written; the ledger's projectors go on with it. */
  | { readonly kind: 'settling' }
  | { readonly kind: 'switched'; readonly projection: string; readonly generation: number }
  | { readonly kind: 'dropped'; readonly projection: string; readonly generation: number }

/** Ends a rebuild; the message gives the cause. Written documents stay. */
export class RebuildStopped extends Error {}

/** A rebuild that runs. */
export type Rebuild = RebuildDeps & { leasedAt: number }

const pollEveryMs = 200

export const waitForLease = async (rebuild: Rebuild, projection: string): Promise<void> => {
  const { generations, holder, times, nowMs } = rebuild
  const until = nowMs() + 1.5 * times.leaseMs
  while (!(await generations.lease(projection, holder, times.leaseMs))) {
    if (nowMs() > until) {
      throw new RebuildStopped(`another rebuild of ${projection} is under way`)
    }
    rebuild.onProgress({ kind: 'waiting-for-lease', projection })
    stopWhereAsked(rebuild)
    await rebuild.pause(Math.min(pollEveryMs, times.leaseMs / 4))
  }
}

const stopWhereAsked = ({ isStopping }: Rebuild): void => {
  if (isStopping()) throw new RebuildStopped('stopped')
}

/** Keeps the leases. @throws where one is lost, or the rebuild is to end */
export const keepLeases = async (rebuild: Rebuild, everyMs?: number): Promise<void> => {
  const { generations, projections, holder, times, nowMs } = rebuild
  stopWhereAsked(rebuild)
  if (nowMs() - rebuild.leasedAt < (everyMs ?? times.leaseMs / 5)) return
  rebuild.leasedAt = nowMs()
  for (const { name } of projections) {
    if (await generations.lease(name, holder, times.leaseMs)) continue
    throw new RebuildStopped(`another rebuild of ${name} has taken over`)
  }
}

/** Waits and keeps the leases meanwhile. */
export const waitFor = async (rebuild: Rebuild, delayMs: number): Promise<void> => {
  const until = rebuild.nowMs() + delayMs
  for (let left = delayMs; left > 0; left = until - rebuild.nowMs()) {
    await keepLeases(rebuild)
    await rebuild.pause(Math.min(left, pollEveryMs))
  }
  await keepLeases(rebuild)
}

export const partitionsOf = ({ partitions }: Rebuild): readonly number[] =>
  Array.from({ length: partitions }, (_, partition) => partition)
