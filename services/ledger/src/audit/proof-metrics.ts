import { figuresOf } from '@recargas/runtime'
import type { Registry } from 'prom-client'
import type { PartitionProgress } from './proof-progress.ts'

export type ProofMetrics = {
  /** Sets what all instances know. */
  readonly onProgress: (progress: readonly PartitionProgress[]) => void
  readonly onWorked: (ms: number) => void
}

export const createProofMetrics = (registry: Registry): ProofMetrics => {
  const { counter, gauge } = figuresOf(registry)
  const position = gauge(
    'ledger_proof_position',
    'The last block that the proof behind the writers has proven',
    ['partition'],
  )
  const findings = gauge(
    'ledger_proof_findings',
    'Differences at which the proof of a partition stands; 0 while it goes on',
    ['partition'],
  )
  const oldest = gauge(
    'ledger_proof_timestamp_seconds',
    'When the partition whose proof is the oldest was last proven',
  )
  const seconds = counter(
    'ledger_proof_seconds_total',
    'Time that the proof behind the writers took on this instance, waits for the database included',
  )
  return {
    onProgress: (progress) => {
      for (const { partition, block, finding } of progress) {
        position.set({ partition: String(partition) }, block)
        findings.set({ partition: String(partition) }, finding?.found ?? 0)
      }
      if (progress.length > 0) oldest.set(Math.min(...progress.map(({ at }) => at)) / 1_000)
    },
    onWorked: (ms) => seconds.inc(ms / 1_000),
  }
}
