import { partitionCount } from '@recargas/contracts'
import { runRounds, type CrashPoint, type Crashing, type Log, type Tracer } from '@recargas/runtime'
import type { Settings } from './config.ts'
import { crashingProjectionStore } from './crash-points.ts'
import type { LedgerMetrics } from './metrics.ts'
import type { LedgerDatabase } from './connect-database.ts'
import { traceShown } from './log/trace-blocks.ts'
import { projections } from './projections/all.ts'
import { followGenerations, readableProjections } from './projections/follow-generations.ts'
import { createGenerationStore } from './projections/generation-store.ts'
import { createProjectionStore } from './projections/projection-store.ts'
import { createProjector } from './projections/projector.ts'
import { groupBlocksMax } from './projections/block-groups.ts'

type Parts = {
  readonly settings: Pick<Settings, 'MONGODB_TIMEOUT_MS'>
  readonly database: Pick<LedgerDatabase, 'db'>
  readonly metrics: Pick<LedgerMetrics, 'shown'>
  readonly crashing: Crashing<CrashPoint<'ledger'>>
  readonly log: Log
  readonly tracer: Tracer | null
}

/** A rebuild keeps the retired generation far longer than this interval. */
const followEveryMs = 1_000

/** Begins with the readable generations, and follows the changes of a rebuild. */
export const startProjections = async (parts: Parts) => {
  const { settings, database, crashing, metrics, log, tracer } = parts
  const timeoutMs = settings.MONGODB_TIMEOUT_MS
  const store = createProjectionStore(database.db, { timeoutMs })
  const listed = createGenerationStore(database.db, { timeoutMs })
  const known = await listed.read()
  const projector = createProjector(
    readableProjections(projections, known),
    crashingProjectionStore(crashing, store),
    {
      blocksMax: groupBlocksMax,
      onShown: (seconds, block) => {
        metrics.shown(seconds)
        if (tracer !== null) traceShown(tracer, seconds, block)
      },
    },
  )
  const generations = followGenerations(
    {
      projections,
      generations: listed,
      positions: store,
      projector,
      partitions: partitionCount,
      nowMs: () => performance.now(),
    },
    known,
  )
  const following = runRounds(generations.follow, {
    everyMs: followEveryMs,
    begin: 'at-once',
    onFailure: (error) =>
      log.error('projection generations could not be read; retrying', { error }),
  })
  return { projector, generations, following }
}
