import { partitionCount } from '@recargas/contracts'
import { figuresOf } from '@recargas/runtime'
import type { Registry } from 'prom-client'
import type { Damage } from './log/block.ts'
import type { ProjectorLag } from './projections/projector.ts'

export type LedgerMetrics = {
  readonly appended: (size: number, seconds: number) => void
  readonly fenced: () => void
  readonly served: (partitions: number) => void
  readonly unavailable: () => void
  readonly damaged: (damage: Damage) => void
  /** After each round of the projector. */
  readonly projected: (lag: ProjectorLag, failed: number) => void
  /** A block that every projection shows, with the time since it was appended. */
  readonly shown: (seconds: number) => void
  /** Held sales whose job was published again. */
  readonly repeated: (count: number) => void
  /** Counts an operation that was dead-lettered because it would break a rule of the books. */
  readonly deadLettered: () => void
}

export const createLedgerMetrics = (registry: Registry): LedgerMetrics => {
  const { counter, gauge, histogram } = figuresOf(registry)
  const size = histogram(
    'ledger_batch_size',
    'Entries of one block',
    [1, 2, 5, 10, 25, 50, 100, 200, 400],
  )
  const seconds = histogram(
    'ledger_batch_commit_seconds',
    'Time from the begin of a batch to its durable block',
    [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3],
  )
  const fenced = counter(
    'ledger_fenced_total',
    'Batches dropped because another instance had taken the partition',
  )
  const served = gauge('ledger_partitions_served', 'Partitions that this instance consumes')
  const unavailable = counter(
    'ledger_write_failed_total',
    'Batches that the database could not store and that are retried',
  )
  const damaged = gauge(
    'ledger_partition_damaged',
    '1 while the log of a partition is damaged: it stops until a person has repaired it',
    ['partition'],
  )
  for (let partition = 0; partition < partitionCount; partition += 1) damaged.set({ partition }, 0)
  const asked = counter(
    'ledger_swept_total',
    'Held top-ups without progress whose job was published again',
  )
  const violations = counter(
    'ledger_invariant_violations_total',
    'Operations dead-lettered because they would have broken the books, by detector',
    ['found_by'],
  )
  violations.inc({ found_by: 'apply' }, 0)
  return {
    ...createProjectionMetrics(registry),
    appended: (blockSize, appendSeconds) => {
      size.observe(blockSize)
      seconds.observe(appendSeconds)
    },
    fenced: () => fenced.inc(),
    served: (partitions) => served.set(partitions),
    unavailable: () => unavailable.inc(),
    damaged: ({ partition }) => damaged.set({ partition }, 1),
    repeated: (count) => asked.inc(count),
    deadLettered: () => violations.inc({ found_by: 'apply' }),
  }
}

const createProjectionMetrics = (
  registry: Registry,
): Pick<LedgerMetrics, 'projected' | 'shown'> => {
  const { counter, gauge, histogram } = figuresOf(registry)
  const lagBlocks = gauge(
    'ledger_projection_lag_blocks',
    'Appended blocks of this instance that not every projection shows',
  )
  const lagBytes = gauge(
    'ledger_projection_lag_bytes',
    'Their entries in bytes; at the bound appends wait',
  )
  const lagSeconds = histogram(
    'ledger_projection_lag_seconds',
    'Time from a block being appended to every projection showing it',
    [0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2, 5, 30],
  )
  const failed = counter(
    'ledger_projection_failed_total',
    'Projections that could not be written in a round and are retried',
  )
  return {
    projected: (lag, failedCount) => {
      lagBlocks.set(lag.blocks)
      lagBytes.set(lag.bytes)
      if (failedCount > 0) failed.inc(failedCount)
    },
    shown: (seconds) => lagSeconds.observe(seconds),
  }
}
