import {
  CarrierMismatchMessage,
  CarrierVerdictMessage,
  Command,
  ledgerQueue,
  ledgerTopology,
} from '@recargas/contracts'
import { connectBroker, sendPulse } from '@recargas/messaging'
import {
  closeServer,
  createCrashing,
  createMetrics,
  createQueueMetrics,
  listen,
  runPulse,
  type Log,
  type RunningService,
} from '@recargas/service'
import { z } from 'zod'
import {
  openReads,
  readiness,
  startAside,
  startFloatWatch,
  startReconciliation,
} from './app-parts.ts'
import { policyOf, sweepLimits, type Settings } from './config.ts'
import {
  crashingHandle,
  crashingSender,
  crashingSending,
  crashingStore,
  crashingSweep,
  crashingSwept,
} from './crash-points.ts'
import { createHttp } from './http/server.ts'
import { createLedgerMetrics } from './metrics.ts'
import { openLedgerDatabase } from './mongo/collections.ts'
import { createFigures } from './mongo/figures.ts'
import { ensureIdentity } from './mongo/identity.ts'
import { createLedgerStore } from './mongo/ledger-store.ts'
import { createOutbox } from './mongo/outbox.ts'
import { createPresence } from './mongo/presence.ts'
import { createStateMetrics } from './reads/ledger-metrics.ts'
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
  const { paces, lowFloats, reads, operatorReads, cases } = openReads(settings, database, now)
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
  const floatWatch = startFloatWatch({ log, now, paces, broker, limits: lowFloats }, registry)
  const parts = { log, now, namespace, database, broker, crashing }
  const reconciliation = startReconciliation(settings, parts, registry)
  const aside = await startAside({ database, broker, now, log }, registry)

  const partitions = await servePartitions({
    store,
    send: sender.send,
    room: sender.room,
    now,
    policy: policyOf(settings),
    batchSizeMax: settings.BATCH_SIZE_MAX,
    onCommit: (size, seconds, batch) => {
      metrics.committed(size, seconds)
      sales.onBatch(batch)
      logEntries(batch)
    },
    consume: (partition, writer) => {
      const consumer = createPartitionConsumer(Inbound, writer, log, {
        partition,
        onSetAside: metrics.setAside,
        isSelling: aside.selling.isOpen,
      })
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
  const pulse = runPulse({ service: 'ledger', checks, send: sendPulse(broker) })
  const http = createHttp({
    checks,
    metrics: registry,
    serviceToken: settings.SERVICE_TOKEN,
    reads,
    operatorReads,
    reconciliation,
    quarantine: aside.quarantine,
    selling: aside.selling,
    cases,
    log,
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('ledger is listening', { port: settings.PORT })

  return {
    close: async () => {
      const pulseEnded = pulse.stop()
      await partitions.stop()
      await sweeper.stop()
      await Promise.all([reconciliation.stop(), floatWatch.stop(), aside.stop()])
      await sender.drained()
      await broker.close(settings.SHUTDOWN_TIMEOUT_MS / 2)
      await pulseEnded
      await closeServer(server, { timeoutMs: settings.SHUTDOWN_TIMEOUT_MS / 4 })
      await database.close()
    },
  }
}
