import type { LedgerIdentity } from '@recargas/contracts'
import { setTimeout } from 'node:timers/promises'
import { lowFloatLimits, type LowFloatLimits } from '../float/runway.ts'
import { projections } from '../projections/all.ts'
import { createAwaitPosition, type AwaitPosition } from '../projections/await-position.ts'
import { openProjections } from '../projections/open-projections.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import { createReads, type Reads } from '../reads/create-reads.ts'
import type { LogDatabase } from './log-database.ts'

export const testIdentity: LedgerIdentity = {
  bornAt: '2026-11-21T08:00:00.000Z',
  namespace: '00000000-0000-4000-8000-0000000000a5',
}

export type TestReadsOptions = {
  readonly now: () => number
  readonly lowFloats?: LowFloatLimits
  /** Begins a round of projecting; absent when another instance projects. */
  readonly wakeProjector?: () => void
  /** In place of the waits on the database. */
  readonly shown?: AwaitPosition['shown']
  /** Clock of the waits, and their pauses. */
  readonly waits?: { readonly now: () => number; readonly pause: (ms: number) => Promise<void> }
}

/** All reads of one instance on a real log database. */
export const testReads = ({ db, store, models }: LogDatabase, options: TestReadsOptions): Reads => {
  const { now, lowFloats = lowFloatLimits(120, '0'), wakeProjector = () => undefined } = options
  // A read of a test waits without a limit, unless the test moves the time.
  const waits = options.waits ?? { now: () => 0, pause: (ms: number) => setTimeout(ms) }
  const names = projections.map(({ name }) => name)
  const positions = createProjectionStore(db, { timeoutMs: 5_000 })
  const awaitPosition = createAwaitPosition({
    newest: store.newestPosition,
    positions: (partition) => positions.positionsOf(partition, names),
    wakeProjector,
    ...waits,
    limits: { waitMsMax: 2_000, waitingMax: 100, pollEveryMs: 5 },
  })
  return createReads(db, {
    projected: openProjections(db),
    awaitPosition: { ...awaitPosition, ...(options.shown && { shown: options.shown }) },
    positions,
    models,
    identity: () => Promise.resolve(testIdentity),
    lowFloats,
    now,
  })
}
