import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export type LedgerMetrics = {
  readonly committed: (size: number, seconds: number) => void
  readonly fenced: () => void
  readonly served: (partitions: number) => void
  readonly unavailable: () => void
  readonly swept: (counts: { readonly unsent: number; readonly asked: number }) => void
  /** An operation that was set aside because a rule of the books, or the database, would not bear it. */
  readonly setAside: (error: unknown) => void
}

export const createLedgerMetrics = (registry: Registry): LedgerMetrics => {
  const registers = [registry]
  const size = new Histogram({
    name: 'ledger_batch_size',
    help: 'Messages written by one transaction',
    buckets: [1, 2, 5, 10, 25, 50, 100, 200, 400],
    registers,
  })
  const seconds = new Histogram({
    name: 'ledger_batch_commit_seconds',
    help: 'Time from a batch being taken to its being durable',
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
    help: 'Partitions whose messages come to this instance',
    registers,
  })
  const unavailable = new Counter({
    name: 'ledger_write_failed_total',
    help: 'Batches that the database could not take and that are tried again',
    registers,
  })
  const unsent = new Gauge({
    name: 'ledger_outbox_unsent',
    help: 'Batches whose messages had not left within the allowed time at the last sweep',
    registers,
  })
  const asked = new Counter({
    name: 'ledger_swept_total',
    help: 'Held top-ups asked about again for want of progress',
    registers,
  })
  const violations = new Counter({
    name: 'ledger_invariant_violations_total',
    help: 'Operations set aside because they would have broken the books, by what noticed',
    labelNames: ['found_by'],
    registers,
  })
  for (const foundBy of ['apply', 'database']) violations.inc({ found_by: foundBy }, 0)
  return {
    committed: (batchSize, commitSeconds) => {
      size.observe(batchSize)
      seconds.observe(commitSeconds)
    },
    fenced: () => fenced.inc(),
    served: (partitions) => served.set(partitions),
    unavailable: () => unavailable.inc(),
    swept: (counts) => {
      unsent.set(counts.unsent)
      asked.inc(counts.asked)
    },
    setAside: (error) => violations.inc({ found_by: isOfDatabase(error) ? 'database' : 'apply' }),
  }
}

/** The server's refusals carry its number for them; what `apply` throws has none. */
const isOfDatabase = (error: unknown): boolean =>
  typeof (error as { readonly code?: unknown } | null)?.code === 'number'
