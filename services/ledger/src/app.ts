import {
  CarrierMismatchMessage,
  CarrierVerdictMessage,
  Command,
  exchanges,
  floatLowKey,
  ledgerQueue,
  ledgerTopology,
  pulseKey,
  type Envelope,
  type ServicePulse,
} from '@recargas/contracts'
import { connectBroker, type Broker } from '@recargas/messaging'
import {
  closeServer,
  createCrashing,
  createMetrics,
  createQueueMetrics,
  listen,
  runPulse,
  type CrashPoint,
  type Crashing,
  type Log,
  type RunningService,
} from '@recargas/service'
import { z } from 'zod'
import { sweepLimits, type Settings } from './config.ts'
import {
  crashingHandle,
  crashingRuns,
  crashingSender,
  crashingSending,
  crashingStore,
  crashingSweep,
  crashingSwept,
} from './crash-points.ts'
import { createFloatMetrics } from './float/float-metrics.ts'
import { createFloatWatch, runFloatWatch } from './float/watch-floats.ts'
import { createBalanceClient } from './http/carrier-balance.ts'
import type { ReconcileRoutes } from './http/reconcile-routes.ts'
import { createHttp } from './http/server.ts'
import { createLedgerMetrics } from './metrics.ts'
import { openLedgerDatabase, type LedgerDatabase } from './mongo/collections.ts'
import { createFigures } from './mongo/figures.ts'
import { createFloatPaces, type FloatPaces } from './mongo/float-pace.ts'
import { ensureIdentity } from './mongo/identity.ts'
import { createLedgerReads } from './mongo/ledger-reads.ts'
import { createLedgerStore } from './mongo/ledger-store.ts'
import { createOutbox } from './mongo/outbox.ts'
import { createPresence } from './mongo/presence.ts'
import { createRunBook } from './mongo/reconciliations.ts'
import { databaseReadiness } from './mongo/readiness.ts'
import { createSalesBook } from './mongo/sales-book.ts'
import { createStateMetrics } from './reads/ledger-metrics.ts'
import { createReconcileMetrics } from './reconcile/reconcile-metrics.ts'
import { createReconciler } from './reconcile/run-reconciliation.ts'
import { scheduleReconciliations } from './reconcile/schedule-reconciliations.ts'
import { runSweeper } from './topups/run-sweeper.ts'
import { createSaleMetrics } from './topups/sale-metrics.ts'
import { createSweeper } from './topups/sweep-topups.ts'
import { createBatchSender } from './writer/batch-sender.ts'
import { createEntryLog } from './writer/log-entries.ts'
import { createPartitionConsumer } from './writer/partition-consumer.ts'
import { createRelay } from './writer/relay.ts'
import { servePartitions } from './writer/serve-partitions.ts'

const Inbound = z.discriminatedUnion('type', [
  ...Command.options,
  CarrierVerdictMessage,
  CarrierMismatchMessage,
])

/** Wires the ledger: broker, database, one writer for each partition, the sweeper and the reads. */
export const createApp = async (settings: Settings, log: Log): Promise<RunningService> => {
  const now = () => Date.now()
  const registry = createMetrics('ledger')
  const metrics = createLedgerMetrics(registry)
  const sales = createSaleMetrics(registry)
  const logEntries = createEntryLog(log)
  const measured = createQueueMetrics(registry)
  const database = await openLedgerDatabase(settings.MONGODB_URI, {
    connectTimeoutMs: settings.MONGODB_CONNECT_TIMEOUT_MS,
    poolSize: settings.MONGODB_POOL_SIZE,
  })
  await ensureIdentity(database, now())
  createStateMetrics(registry, { read: createFigures(database), now, onFloat: sales.onFloat })
  const crashing = createCrashing(settings.CRASH_AT)
  const store = crashingStore(
    crashing,
    createLedgerStore(database, {
      transactionTimeoutMs: settings.BATCH_TRANSACTION_MS,
      now,
      onStep: crashing.pass,
    }),
  )
  const outbox = createOutbox(database)
  const paces = createFloatPaces(database, { now })
  const reads = createLedgerReads(database, { now, paces, clockSkewMs: settings.CLOCK_SKEW_MS })
  const broker = await connectBroker({
    url: settings.AMQP_URL,
    ca: settings.AMQP_CA,
    name: 'ledger',
    topology: ledgerTopology,
    heartbeatSeconds: settings.AMQP_HEARTBEAT_SECONDS,
    reconnectMsMax: settings.AMQP_RECONNECT_MS_MAX,
    log,
  })
  const relay = createRelay((message) => broker.publish(message))
  const sending = crashingSending(crashing, { send: relay.send, forgetSent: outbox.forgetSent })
  const sender = crashingSender(crashing, createBatchSender({ ...sending, log }))
  const ports = crashingSweep(crashing, { ...outbox, send: relay.send, now })
  const sweeper = runSweeper(createSweeper(ports, sweepLimits(settings)), {
    everyMs: settings.SWEEP_EVERY_MS,
    log,
    onSwept: crashingSwept(crashing, metrics.swept),
  })
  const { namespace } = await reads.identity()
  const floatWatch = startFloatWatch(
    settings,
    { log, now, paces, broker },
    createFloatMetrics(registry),
  )
  const reconciliation = startReconciliation(
    settings,
    { log, now, namespace, database, broker, crashing },
    createReconcileMetrics(registry),
  )

  const partitions = await servePartitions({
    store,
    send: sender.send,
    now,
    policy: { duplicateWindowMs: settings.DUPLICATE_WINDOW_MS },
    batchSizeMax: settings.BATCH_SIZE_MAX,
    onCommit: (size, seconds, batch) => {
      metrics.committed(size, seconds)
      sales.onBatch(batch)
      logEntries(batch)
    },
    consume: (partition, writer) => {
      const onSetAside = metrics.setAside
      const consumer = createPartitionConsumer(Inbound, writer, log, { partition, onSetAside })
      return broker.consume(
        measured({
          queue: ledgerQueue(partition),
          prefetch: settings.PREFETCH,
          parse: consumer.parse,
          handle: crashingHandle(crashing, consumer.handle),
        }),
      )
    },
    presence: createPresence(database),
    shareEveryMs: settings.SHARE_EVERY_MS,
    metrics,
    log,
  })

  const checks = readiness(broker, database)
  const pulse = runPulse({ service: 'ledger', checks, send: tellGateways(broker) })
  const http = createHttp({
    checks,
    metrics: registry,
    serviceToken: settings.SERVICE_TOKEN,
    reads,
    reconciliation,
    log,
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('ledger is listening', { port: settings.PORT })

  return {
    close: async () => {
      const pulseEnded = pulse.stop()
      await partitions.stop()
      await sweeper.stop()
      await Promise.all([reconciliation.stop(), floatWatch.stop()])
      await sender.drained()
      await broker.close(settings.SHUTDOWN_TIMEOUT_MS / 2)
      await pulseEnded
      await closeServer(server, { timeoutMs: settings.SHUTDOWN_TIMEOUT_MS / 4 })
      await database.close()
    },
  }
}

const floatWatchEveryMs = 60_000

/** Figures and news of floats that become low. */
const startFloatWatch = (
  settings: Settings,
  {
    log,
    now,
    paces,
    broker,
  }: Pick<Parts, 'log' | 'now' | 'broker'> & { readonly paces: FloatPaces },
  metrics: ReturnType<typeof createFloatMetrics>,
) =>
  runFloatWatch(
    createFloatWatch({
      floats: paces.all,
      tell: async (event) => {
        const { kind } = await publish(broker, exchanges.event, floatLowKey, event)
        // Where nobody listens there is nobody to tell it to again.
        return kind === 'confirmed' || kind === 'unroutable'
      },
      limits: {
        runwayMinutes: settings.LOW_FLOAT_RUNWAY_MINUTES,
        availableMinor: settings.LOW_FLOAT_MINOR,
      },
      metrics,
      now,
    }),
    { everyMs: floatWatchEveryMs, log },
  )

const publish = (
  broker: Broker,
  exchange: string,
  routingKey: string,
  envelope: Envelope<string, unknown>,
  { persistent } = { persistent: true },
) =>
  broker.publish({
    exchange,
    routingKey,
    messageId: envelope.id,
    type: envelope.type,
    correlationId: envelope.correlationid,
    body: Buffer.from(JSON.stringify(envelope)),
    persistent,
  })

const balanceTimeoutMs = 10_000

/** Compares the carrier's balance with the sales, by the clock and on demand; off where no adapter is named. */
const startReconciliation = (
  { ADAPTER_URL: adapterUrl, ...settings }: Settings,
  parts: Parts,
  metrics: ReturnType<typeof createReconcileMetrics>,
): ReconcileRoutes & { readonly stop: () => Promise<void> } => {
  const { log, now, namespace, database, broker } = parts
  const runs = createRunBook(database)
  const latest = async () => (await runs.latest())?.report ?? null
  if (adapterUrl === undefined) {
    log.warn('nothing is reconciled with the carrier: ADAPTER_URL is not set')
    return { run: null, latest, stop: () => Promise.resolve() }
  }
  const balance = createBalanceClient({
    adapterUrl,
    serviceToken: settings.SERVICE_TOKEN,
    timeoutMs: balanceTimeoutMs,
  })
  const reconciler = createReconciler({
    carrierBalance: balance.ask,
    sales: createSalesBook(database),
    ...crashingRuns(parts.crashing, {
      runs,
      say: async (partition, message) => {
        const queue = ledgerQueue(partition)
        return (await publish(broker, exchanges.command, queue, message)).kind === 'confirmed'
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
  readonly broker: Broker
  readonly crashing: Crashing<CrashPoint<'ledger'>>
}

const readiness = (broker: Broker, { connection }: LedgerDatabase) => [
  { name: 'broker', check: () => broker.state() },
  { name: 'database', check: () => databaseReadiness(connection) },
]

/** Not kept, and heard only by who listens now. */
const tellGateways = (broker: Broker) => (pulse: ServicePulse) =>
  publish(broker, exchanges.event, pulseKey, pulse, { persistent: false })
