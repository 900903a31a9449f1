import { exchanges, ledgerQueue, partitionOf } from '@recargas/contracts'
import { publishEnvelope, type Broker } from '@recargas/messaging'
import type { CrashPoint, Crashing, createMetrics, Log } from '@recargas/runtime'
import type { Settings } from './config.ts'
import { crashingRuns } from './crash-points.ts'
import { createBalanceClient } from './http/carrier-balance.ts'
import type { ReconcileRoutes } from './http/reconcile-routes.ts'
import type { LedgerDatabase } from './connect-database.ts'
import { createReconciliationStore } from './mongo/reconciliations.ts'
import { countOpenCases } from './reads/cases.ts'
import { createSalesQueries } from './reads/sales-queries.ts'
import { createReconcileMetrics } from './reconcile/reconcile-metrics.ts'
import { createReconciler } from './reconcile/run-reconciliation.ts'
import { scheduleReconciliations } from './reconcile/schedule-reconciliations.ts'
import type { RunningLog } from './start-log.ts'

type Parts = {
  readonly log: Log
  readonly now: () => number
  readonly namespace: string
  readonly database: LedgerDatabase
  readonly running: RunningLog
  readonly broker: Broker
  readonly crashing: Crashing<CrashPoint<'ledger'>>
}

const balanceTimeoutMs = 10_000
const casesTimeoutMs = 2_000

/** Compares the carrier's balance with the sales, by the clock and on demand; off without an adapter's address. */
export const startReconciliation = (
  { ADAPTER_URL: adapterUrl, ...settings }: Settings,
  parts: Parts,
  registry: ReturnType<typeof createMetrics>,
): ReconcileRoutes & { readonly stop: () => Promise<void> } => {
  const { log, now, namespace, database, broker } = parts
  const metrics = createReconcileMetrics(registry)
  const runs = createReconciliationStore(database)
  const latest = async () => (await runs.latest())?.report ?? null
  const casesOpen = async () => {
    const { cases } = parts.running.projected
    const { caseClosings } = database.models
    const counts = await countOpenCases(
      { cases, caseClosings },
      {
        maxTimeMS: casesTimeoutMs,
        signal: AbortSignal.timeout(casesTimeoutMs),
      },
    )
    return counts.find(({ kind }) => kind === 'carrier-balance-differs')?.count ?? 0
  }
  if (adapterUrl === undefined) {
    log.warn('nothing is reconciled with the carrier: ADAPTER_URL is not set')
    return { run: null, latest, casesOpen, stop: () => Promise.resolve() }
  }
  const balance = createBalanceClient({
    adapterUrl,
    serviceToken: settings.SERVICE_TOKEN,
    timeoutMs: balanceTimeoutMs,
  })
  const reconciler = createReconciler({
    carrierBalance: balance.ask,
    sales: createSalesQueries({
      projected: parts.running.projected,
      newest: parts.running.blocks.newestPosition,
      awaitPosition: parts.running.awaitPosition,
    }),
    ...crashingRuns(parts.crashing, {
      runs,
      publish: async (message) => {
        const routingKey = ledgerQueue(partitionOf(message.data.merchant))
        const to = { exchange: exchanges.command, routingKey }
        return (await publishEnvelope(broker, to, message)).kind === 'confirmed'
      },
    }),
    now,
    log,
    namespace,
    merchant: settings.RECONCILE_MERCHANT,
    leaseMs: settings.RECONCILE_LEASE_MS,
    onRun: metrics.onRun,
  })
  const schedule = scheduleReconciliations(reconciler, {
    everyMs: settings.RECONCILE_EVERY_MS,
    now,
    latest,
    onLatest: metrics.onLatest,
    log,
  })
  return {
    run: reconciler.run,
    latest,
    casesOpen,
    stop: () => {
      balance.close()
      return schedule.stop()
    },
  }
}
