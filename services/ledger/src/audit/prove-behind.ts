import { runRounds, type LogFields } from '@recargas/runtime'
import { textOf } from './checkpoint.ts'
import type { ProofPace } from './proof-pace.ts'
import type { PartitionProgress, ProofLease, ProofProgressStore } from './proof-progress.ts'
import type { Step } from './prove-step.ts'
import { positionOf, startReplay, type Memory, type Replay } from './replay.ts'

export type ProveBehind = {
  readonly partitions: number
  readonly memory: Memory
  readonly store: ProofProgressStore
  readonly lease: ProofLease
  readonly newestPosition: (partition: number) => Promise<number>
  readonly step: (replay: Replay) => Promise<Step>
  readonly pace: Pick<ProofPace, 'begin' | 'breathe' | 'end'>
  readonly now: () => number
  readonly log: Readonly<
    Record<'info' | 'warn' | 'error', (message: string, fields?: LogFields) => void>
  >
  readonly onProgress: (progress: readonly PartitionProgress[]) => void
}

const roundEveryMs = 10_000
export const leaseMs = 60_000
/** A replay is written so often that a restart repeats little, and so rarely that it costs nothing. */
const replayKeptEveryMs = 60_000
/** The cause of a finding may be mended, as a projection by a rebuild: then the proof goes on by itself. */
const foundAgainAfterMs = 600_000

/** Steps that go on from the partition's replay, in memory or as it was kept. */
const stepsOf = ({ store, memory, step }: ProveBehind, replays: Map<number, Replay>) => {
  const startOf = async (partition: number): Promise<Replay> => {
    const known = replays.get(partition)
    replays.delete(partition)
    if (known !== undefined) return known
    const kept = await store.replayOf(partition)
    return kept.kind === 'kept' ? kept.replay : startReplay(partition, memory)
  }
  /** A finding counts when a second step from the same block meets it too. */
  return async (partition: number): Promise<Step> => {
    const first = await step(await startOf(partition))
    return first.kind === 'found' ? step(await startOf(partition)) : first
  }
}

/** Proves the log behind its writers, partition by partition, and stands where it finds something. One instance does so at a time. */
export const createProveBehind = (deps: ProveBehind): (() => Promise<void>) => {
  const replays = new Map<number, Replay>()
  const keptAt = new Map<number, number>()
  const stepTwice = stepsOf(deps, replays)

  const prove = async (
    partition: number,
    before: PartitionProgress,
  ): Promise<PartitionProgress> => {
    const result = await stepTwice(partition)
    const at = deps.now()
    switch (result.kind) {
      case 'stopped':
        return before
      case 'kept': {
        const progress = { partition, block: result.position, at, finding: null }
        await deps.store.save(progress, result.text)
        return progress
      }
      case 'proven': {
        const { replay } = result
        const progress = { partition, block: positionOf(replay), at, finding: null }
        const isDue = at >= (keptAt.get(partition) ?? 0) + replayKeptEveryMs
        await deps.store.save(progress, isDue ? textOf(replay) : null)
        if (isDue) keptAt.set(partition, at)
        replays.set(partition, replay)
        if (before.finding !== null)
          deps.log.info('proof goes on', { partition, block: progress.block })
        return progress
      }
      case 'found': {
        const [{ code, position, entry, detail } = unnamed] = result.findings
        const finding = { code, block: position, entry, detail, found: result.found, at }
        const progress = { ...before, finding }
        await deps.store.save(progress, null)
        deps.log.error('proof found a difference', { partition, ...finding })
        return progress
      }
    }
  }

  const round = async (): Promise<void> => {
    const known = new Map((await deps.store.all()).map((each) => [each.partition, each]))
    deps.onProgress([...known.values()])
    if (!(await deps.lease.take(deps.now(), deps.now() + leaseMs))) {
      // Whoever holds it goes further: what this instance remembers is of no use.
      replays.clear()
      return
    }
    deps.pace.begin()
    const same: number[] = []
    for (let partition = 0; partition < deps.partitions; partition += 1) {
      await deps.pace.breathe()
      const before = known.get(partition) ?? { partition, block: -1, at: deps.now(), finding: null }
      if (before.finding !== null && deps.now() < before.finding.at + foundAgainAfterMs) continue
      if (before.finding === null && (await deps.newestPosition(partition)) === before.block) {
        same.push(partition)
        continue
      }
      known.set(partition, await prove(partition, before))
      if (!(await deps.lease.take(deps.now(), deps.now() + leaseMs))) return
    }
    await deps.store.confirm(same, deps.now())
    await deps.pace.end()
    deps.onProgress([...known.values()])
  }
  return round
}

const unnamed = { code: 'REPLAY', position: null, entry: null, detail: 'unnamed' } as const

/** Proves in rounds until stopped. */
export const runProveBehind = (deps: ProveBehind, stopping: AbortController) => {
  const rounds = runRounds(createProveBehind(deps), {
    everyMs: roundEveryMs,
    begin: 'after-pause',
    onFailure: (error) => {
      if (!stopping.signal.aborted) deps.log.warn('proof round failed', { error })
    },
  })
  return {
    stop: async () => {
      stopping.abort()
      await rounds.stop()
      await deps.lease.release().catch(() => undefined)
    },
  }
}
