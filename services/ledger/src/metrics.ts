import { partitionCount } from '@recargas/contracts'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
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
  const registers = [registry]
  const size = new Histogram({
    name: 'ledger_batch_size',
    help: 'Entries of one block',
    buckets: [1, 2, 5, 10, 25, 50, 100, 200, 400],
    registers,
  })
  const seconds = new Histogram({
    name: 'ledger_batch_commit_seconds',
    help: 'Time from the begin of a batch to its durable block',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3],
    registers,
  })
  const fenced = new Counter({
    name: 'ledger_fenced_total',
    help: 'Batches dropped because another instance had taken the partition',
    registers,
  })
  const served = new Gauge({
    name: 'ledger_partitions_served',
    help: 'Partitions that this instance consumes',
    registers,
  })
  const unavailable = new Counter({
    name: 'ledger_write_failed_total',
    help: 'Batches that the database could not store and that are retried',
    registers,
  })
  const damaged = new Gauge({
    name: 'ledger_partition_damaged',
    help: '1 while the log of a partition is damaged: it stops until a person has repaired it',
    labelNames: ['partition'],
    registers,
  })
  for (let partition = 0; partition < partitionCount; partition += 1) damaged.set({ partition }, 0)
  const asked = new Counter({
    name: 'ledger_swept_total',
    help: 'Held top-ups without progress whose job was published again',
    registers,
  })
  const violations = new Counter({
    name: 'ledger_invariant_violations_total',
    help: 'Operations dead-lettered because they would have broken the books, by detector',
    labelNames: ['found_by'],
    registers,
  })
  violations.inc({ found_by: 'apply' }, 0)
  return {
    ...createProjectionMetrics(registers),
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
  registers: Registry[],
): Pick<LedgerMetrics, 'projected' | 'shown'> => {
  const lagBlocks = new Gauge({
    name: 'ledger_projection_lag_blocks',
    help: 'Appended blocks of this instance that not every projection shows',
    registers,
  })
  const lagBytes = new Gauge({
    name: 'ledger_projection_lag_bytes',
    help: 'Their entries in bytes; at the bound appends wait',
    registers,
  })
  const lagSeconds = new Histogram({
    name: 'ledger_projection_lag_seconds',
    help: 'Time from a block being appended to every projection showing it',
    buckets: [
      0.01, 0.025, 0.05, 0.075, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1, 2, 5, 30,
    ],
    registers,
  })
  const failed = new Counter({
    name: 'ledger_projection_failed_total',
    help: 'Projections that could not be written in a round and are retried',
    registers,
  })
  return {
    projected: (lag, failedCount) => {
      lagBlocks.set(lag.blocks)
      lagBytes.set(lag.bytes)
      if (failedCount > 0) failed.inc(failedCount)
    },
    shown: (seconds) => lagSeconds.observe(seconds),
  }
}
