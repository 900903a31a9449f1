import type { ProofProgress } from '@recargas/contracts'
import type { createMetrics, Log } from '@recargas/runtime'
import { createProofMetrics } from './audit/proof-metrics.ts'
import { createProofProgressStore } from './audit/proof-progress-store.ts'
import type { PartitionProgress } from './audit/proof-progress.ts'
import { runProofThread } from './audit/run-proof-thread.ts'
import type { Settings } from './config.ts'
import type { LedgerDatabase } from './connect-database.ts'
import type { RunningLog } from './start-log.ts'

type Parts = {
  readonly log: Log
  readonly database: LedgerDatabase
  readonly running: Pick<RunningLog, 'birth'>
}

/** Proves the log behind the writers; off where its share is 0. */
export const startProof = (
  settings: Settings,
  { log, database, running }: Parts,
  registry: ReturnType<typeof createMetrics>,
): { readonly progress: () => Promise<ProofProgress>; readonly stop: () => Promise<void> } => {
  const metrics = createProofMetrics(registry)
  const store = createProofProgressStore(database, running.birth.id)
  const progress = async () => progressOf(await store.all())
  if (settings.PROOF_CPU_PERCENT === 0) {
    log.warn('the log is not proven behind the writers: PROOF_CPU_PERCENT is 0')
    return { progress, stop: () => Promise.resolve() }
  }
  const { stop } = runProofThread(
    {
      uri: settings.MONGODB_URI,
      connectTimeoutMs: settings.MONGODB_CONNECT_TIMEOUT_MS,
      share: settings.PROOF_CPU_PERCENT / 100,
      guardsKeptMs: settings.DUPLICATE_WINDOW_MS,
    },
    { log, ...metrics },
  )
  return { progress, stop }
}

const progressOf = (progress: readonly PartitionProgress[]): ProofProgress =>
  progress.map(({ partition, block, at, finding }) => ({
    partition,
    block,
    at: new Date(at).toISOString(),
    finding: finding === null ? null : { ...finding, at: new Date(finding.at).toISOString() },
  }))
