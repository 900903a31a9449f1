import { exchanges, floatLowKey, ledgerQueue } from '@recargas/contracts'
import { publishEnvelope, type Broker } from '@recargas/messaging'
import type { createMetrics } from '@recargas/runtime'
import { type CrashPoint, type Crashing, type Log } from '@recargas/runtime'
import { createCases } from './cases/close-case.ts'
import { type Settings } from './config.ts'
import { crashingRuns } from './crash-points.ts'
import { createFloatMetrics } from './metrics/float-metrics.ts'
import { lowFloatLimits, type LowFloatLimits } from './float/runway.ts'
import { createFloatWatch, runFloatWatch } from './metrics/watch-floats.ts'
import { createBalanceClient } from './http/carrier-balance.ts'
import { type ReconcileRoutes } from './http/reconcile-routes.ts'
import { type LedgerDatabase } from './connect-database.ts'
import { createQuarantineDepths, createQuarantineStore } from './mongo/quarantine-store.ts'
import { createReconciliationStore } from './mongo/reconciliations.ts'
import { databaseReadiness } from './mongo/readiness.ts'
import { createSellingBook } from './mongo/selling-book.ts'
import { createQuarantineMetrics } from './quarantine/quarantine-metrics.ts'
import { startQuarantine } from './quarantine/start-quarantine.ts'
import { createReconcileMetrics } from './reconcile/reconcile-metrics.ts'
import { createReconciler } from './reconcile/run-reconciliation.ts'
import { scheduleReconciliations } from './reconcile/schedule-reconciliations.ts'
import { createSalesQueries } from './reads/sales-queries.ts'
import { countOpenCases } from './reads/cases.ts'
import { createReads } from './reads/create-reads.ts'
import type { FloatPaces } from './reads/float-pace.ts'
import type { RunningLog } from './start-log.ts'
import { createSellingGate } from './selling/selling-gate.ts'

const sellingLookEveryMs = 2_000

/** Starts the quarantine and the sales freeze. */
export const startAside = async (
  { database, broker, now, log }: Omit<Parts, 'namespace' | 'running' | 'crashing'>,
  registry: ReturnType<typeof createMetrics>,
) => {
  const book = createSellingBook(database)
  const selling = await createSellingGate({ book, now, everyMs: sellingLookEveryMs, log })
  const quarantine = await startQuarantine({
    store: createQuarantineStore(database),
    broker,
    now,
    metrics: createQuarantineMetrics(registry, { read: createQuarantineDepths(database), now }),
  })
  return {
    quarantine,
    selling,
    stop: async () => {
      await Promise.all([selling.stop(), quarantine.stop()])
    },
  }
}

/** Every read of the ledger, and a person's word on a case. */
export const openReads = (settings: Settings, { database, running, now }: ReadParts) => {
  const lowFloats = lowFloatLimits(settings.LOW_FLOAT_RUNWAY_MINUTES, settings.LOW_FLOAT_MINOR)
  const { namespace, at } = running.birth
  const bornAt = new Date(at).toISOString()
  const { caseBook, ...reads } = createReads(database.db, {
    projected: running.projected,
    awaitPosition: running.awaitPosition,
    positions: running.positions,
    models: database.models,
    identity: () => Promise.resolve({ namespace, bornAt }),
    lowFloats,
    now,
  })
  return { ...reads, lowFloats, cases: createCases(caseBook, now) }
}

type ReadParts = Pick<Parts, 'database' | 'running' | 'now'>

const floatWatchEveryMs = 60_000

/** Starts the float metrics and the events of floats that become low. */
export const startFloatWatch = (
  {
    log,
    now,
    paces,
    broker,
    limits,
  }: Pick<Parts, 'log' | 'now' | 'broker'> & {
    readonly paces: FloatPaces
    readonly limits: LowFloatLimits
  },
  registry: ReturnType<typeof createMetrics>,
) =>
  runFloatWatch(
    createFloatWatch({
      floats: paces.all,
      tell: async (event) => {
        const { kind } = await publishEnvelope(
          broker,
          { exchange: exchanges.event, routingKey: floatLowKey },
          event,
        )
        // An event without a listener is not published again.
        return kind === 'confirmed' || kind === 'unroutable'
      },
      limits,
      metrics: createFloatMetrics(registry),
      now,
    }),
    { everyMs: floatWatchEveryMs, log },
  )

const balanceTimeoutMs = 10_000
const casesTimeoutMs = 2_000

/** Compares the carrier's balance with the sales, by the clock and on demand; off where no adapter is named. */
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
      say: async (partition, message) => {
        const to = { exchange: exchanges.command, routingKey: ledgerQueue(partition) }
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

type Parts = {
  readonly log: Log
  readonly now: () => number
  readonly namespace: string
  readonly database: LedgerDatabase
  readonly running: RunningLog
  readonly broker: Broker
  readonly crashing: Crashing<CrashPoint<'ledger'>>
}

export const readiness = (broker: Broker, { connection }: LedgerDatabase) => [
  { name: 'broker', check: () => broker.state() },
  { name: 'database', check: () => databaseReadiness(connection) },
]
