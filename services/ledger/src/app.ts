import {
  CarrierMismatchMessage,
  CarrierVerdictMessage,
  Command,
  ledgerQueue,
  ledgerTopology,
  WakeMessage,
} from '@recargas/contracts'
import {
  connectServiceBroker,
  consumeEnvelopes,
  sendHeartbeat,
  type Broker,
} from '@recargas/messaging'
import {
  closeServer,
  createCrashing,
  createMetrics,
  createQueueMetrics,
  listen,
  openTracing,
  runHeartbeat,
  type Log,
  type RunningService,
} from '@recargas/runtime'
import { z } from 'zod'
import type { Settings } from './config.ts'
import type { LedgerDatabase } from './connect-database.ts'
import { crashingHandle } from './crash-points.ts'
import { createSalesFreeze } from './freeze/sales-freeze.ts'
import { createHttp } from './http/server.ts'
import { createEntryLog } from './log/log-entries.ts'
import { createPartitionConsumer } from './log/partition-consumer.ts'
import { traceAppended } from './log/trace-blocks.ts'
import { createLedgerMetrics } from './metrics.ts'
import { createQuarantineDepths, createQuarantineStore } from './mongo/quarantine-store.ts'
import { databaseReadiness } from './mongo/readiness.ts'
import { createSalesFreezeStore } from './mongo/sales-freeze-store.ts'
import { openLedgerDatabase } from './open-database.ts'
import { openReads } from './open-reads.ts'
import { createQuarantineMetrics } from './quarantine/quarantine-metrics.ts'
import { startQuarantine } from './quarantine/start-quarantine.ts'
import { startFloatWatch } from './start-float-watch.ts'
import { startProof } from './start-proof.ts'
import { startReconciliation } from './start-reconciliation.ts'
import { createStateMetrics } from './metrics/ledger-metrics.ts'
import { logReadiness, startLog, type RunningLog } from './start-log.ts'
import { createSaleMetrics } from './metrics/sale-metrics.ts'

const freezeReadEveryMs = 2_000

const Inbound = z.discriminatedUnion('type', [
  ...Command.options,
  CarrierVerdictMessage,
  CarrierMismatchMessage,
  WakeMessage,
])

/** Wires the ledger: broker, database, the log with one writer for each partition, its projections and the reads. */
export const createApp = async (settings: Settings, log: Log): Promise<RunningService> => {
  const now = () => Date.now()
  const registry = createMetrics('ledger')
  const tracing = await openTracing(settings, { service: 'ledger', log, registry })
  const { tracer } = tracing
  const metrics = createLedgerMetrics(registry)
  const sales = createSaleMetrics(registry)
  const logEntries = createEntryLog(log)
  const measured = createQueueMetrics(registry)
  const crashing = createCrashing(settings.CRASH_AT)
  const database = await openLedgerDatabase(settings.MONGODB_URI, settings)
  const broker = await connectServiceBroker(settings, {
    name: 'ledger',
    topology: ledgerTopology,
    log,
    tracer,
  })
  const running = await startLog({
    settings,
    database,
    broker,
    metrics,
    crashing,
    now,
    log,
    tracer,
  })
  const reads = openReads(settings, { database, running, now })
  createStateMetrics(registry, { read: reads.figures, now, onFloat: sales.onFloat })
  const { namespace } = running.birth
  const floatWatch = startFloatWatch(
    { log, now, paces: reads.paces, broker, limits: reads.lowFloats },
    registry,
  )
  const parts = { log, now, namespace, database, running, broker, crashing }
  const reconciliation = startReconciliation(settings, parts, registry)
  const freeze = await createSalesFreeze({
    store: createSalesFreezeStore(database),
    now,
    everyMs: freezeReadEveryMs,
    log,
  })
  const quarantine = await quarantineOf(database, broker, registry, now)
  const proof = startProof(settings, parts, registry)
  const partitions = await running.serve(
    (partition, writer) => {
      const handle = createPartitionConsumer(writer, log, {
        partition,
        onDeadLettered: metrics.deadLettered,
        areSalesOpen: freeze.areSalesOpen,
      })
      return consumeEnvelopes(broker, measured, {
        queue: ledgerQueue(partition),
        prefetch: settings.PREFETCH,
        schema: Inbound,
        handle: crashingHandle(crashing, handle),
      })
    },
    (appended) => {
      metrics.appended(appended.entries.length, appended.seconds)
      sales.onAppended(appended)
      logEntries(appended)
      if (tracer !== null) traceAppended(tracer, appended)
    },
  )

  const checks = readinessOf(broker, database, running)
  const heartbeat = runHeartbeat({ service: 'ledger', checks, send: sendHeartbeat(broker) })
  const http = createHttp({
    checks,
    metrics: registry,
    serviceToken: settings.SERVICE_TOKEN,
    readsFrom: reads.readsFrom,
    operatorReads: reads.operatorReads,
    reconciliation,
    quarantine,
    proof,
    freeze,
    cases: reads.cases,
    days: reads.days,
    log,
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('ledger is listening', { port: settings.PORT })

  return {
    close: async () => {
      const heartbeatEnded = heartbeat.stop()
      await partitions.stop()
      await Promise.all(
        [reconciliation, floatWatch, freeze, quarantine, proof].map((each) => each.stop()),
      )
      await running.stop()
      await broker.close(settings.SHUTDOWN_TIMEOUT_MS / 2)
      await heartbeatEnded
      await closeServer(server, { timeoutMs: settings.SHUTDOWN_TIMEOUT_MS / 4 })
      await database.close()
      await tracing.close(settings.SHUTDOWN_TIMEOUT_MS / 16)
    },
  }
}

const quarantineOf = (
  database: LedgerDatabase,
  broker: Broker,
  registry: ReturnType<typeof createMetrics>,
  now: () => number,
) =>
  startQuarantine({
    store: createQuarantineStore(database),
    broker,
    now,
    metrics: createQuarantineMetrics(registry, { read: createQuarantineDepths(database), now }),
  })

const readinessOf = (broker: Broker, { connection }: LedgerDatabase, running: RunningLog) => [
  { name: 'broker', check: () => broker.state() },
  { name: 'database', check: () => databaseReadiness(connection) },
  ...logReadiness(running),
]
