import { runRounds, type Log } from '@recargas/runtime'
import type { Projector } from './projector.ts'

/** A projection that goes on failing is named this often. */
const namedEveryMs = 10_000
/** Appended blocks wait at most this long, so that several are written as one group (ledger-log L8). */
const projectEveryMs = 100

export type RunningProjector = {
  /** The next round begins at once: a read waits. */
  readonly wake: () => void
  /** Writes the enqueued blocks and ends; takes at most the time of one group per projection. */
  readonly stop: () => Promise<void>
}

/**
 * Projects in rounds until stopped. A failed projection is retried in the next round, the others go on.
 * @param onRound called after each round, with the number of failed projections
 */
export const runProjector = (
  projector: Pick<Projector, 'project' | 'lag'>,
  { log, onRound }: { readonly log: Log; readonly onRound: (failed: number) => void },
): RunningProjector => {
  const namedAt = new Map<string, number>()
  const round = async (): Promise<void> => {
    const failures = await projector.project()
    for (const { projection, partition, error } of failures) {
      const key = `${projection}/${partition}`
      const now = performance.now()
      if (now - (namedAt.get(key) ?? -Infinity) < namedEveryMs) continue
      namedAt.set(key, now)
      log.error('a projection cannot be written; retrying', {
        projection,
        partition,
        error,
      })
    }
    onRound(failures.length)
  }
  const rounds = runRounds(round, {
    everyMs: projectEveryMs,
    begin: 'after-pause',
    onFailure: (error) => log.error('the projector failed', { error }),
  })
  return {
    wake: rounds.wake,
    stop: async () => {
      await rounds.stop()
      await round().catch(() => undefined)
    },
  }
}
