import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  adapterTopupQueue,
  envelopesPerMessageMax,
  FundsReservedMessage,
  partitionCount,
  partitionOf,
  sharedTopology,
  type CarrierVerdictMessage,
} from '@recargas/contracts'
import {
  connectBroker,
  createCoalescer,
  type Broker,
  type PublishOutcome,
} from '@recargas/messaging'
import {
  closeServer,
  createMetrics,
  listen,
  type Log,
  type RunningService,
} from '@recargas/service'
import { z } from 'zod'
import type { AdapterSettings } from './config.ts'
import { createCrashPoint } from './crash-point.ts'
import { createHttp } from './http/routes.ts'
import { createAdapterMetrics, type AdapterMetrics } from './metrics.ts'
import { connectMongo, mongoReadiness } from './mongo/connection.ts'
import { openCollections } from './mongo/documents.ts'
import { readBornAt } from './mongo/identity.ts'
import { createTopupStore } from './mongo/topup-store.ts'
import { createDeliverTopup, type DeliveryReport } from './topups/deliver-topup.ts'
import { limitUnderWay } from './topups/limit-under-way.ts'
import { publishVerdicts } from './topups/publish-verdicts.ts'
import {
  carrierOperations,
  carrierResults,
  createTopupCarrier,
  type ObserveCall,
  type TopupCarrier,
} from './tpaga/carrier.ts'
import { createCarrierClient } from './tpaga/client.ts'

const unrecordedMax = 10_000

/** Wires the adapter: its database, the carrier behind its gate, the broker, and one consumer of jobs. */
export const createApp = async (settings: AdapterSettings, log: Log): Promise<RunningService> => {
  const connection = await connectMongo(settings.MONGODB_URI)
  const collections = await openCollections(connection)
  const bornAt = await readBornAt(collections, new Date())
  const records = createTopupStore(collections)
  const registry = createMetrics('carrier-adapter')
  const carrier = createCarrier(settings, (...measure) => metrics.observeCall(...measure))
  const metrics = createAdapterMetrics(
    registry,
    { operations: carrierOperations, results: carrierResults },
    { carrierState: carrier.state, countUnclear: records.countUnclear },
  )
  const broker = await connectBroker({
    url: settings.AMQP_URL,
    name: 'carrier-adapter',
    topology: sharedTopology,
    heartbeatSeconds: settings.AMQP_HEARTBEAT_SECONDS,
    reconnectMsMax: settings.AMQP_RECONNECT_MS_MAX,
    log,
  })
  const deliverTopup = createDeliverTopup({
    records,
    carrier,
    publish: createVerdictPublisher(broker),
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    crashPoint: createCrashPoint(settings.CRASH_AT),
    report: createReport(log, metrics),
    owner: randomUUID(),
    paymentOrigin: settings.PAYMENT_ORIGIN,
    limits: deliveryLimits(settings, bornAt),
  })
  // Jobs of a new database's first moments could not be told from older ones: ready only when they are over.
  await sleep(bornAt.getTime() + settings.CLOCK_SKEW_MS - Date.now())
  const subscription = await broker.consume({
    queue: adapterTopupQueue,
    prefetch: settings.TPAGA_CONNECTIONS,
    parse: parseJob,
    handle: limitUnderWay(settings.TPAGA_CONNECTIONS, deliverTopup),
  })
  const http = createHttp({
    metrics: registry,
    checks: [
      { name: 'broker', check: () => broker.state() },
      { name: 'database', check: () => mongoReadiness(connection) },
    ],
    serviceToken: settings.SERVICE_TOKEN,
    carrierState: carrier.state,
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('carrier-adapter is listening', { port: settings.PORT, bornAt })

  return {
    close: async () => {
      await subscription.cancel()
      await broker.close(settings.SHUTDOWN_TIMEOUT_MS / 2)
      await closeServer(server, settings.SHUTDOWN_TIMEOUT_MS / 4)
      await carrier.close()
      await connection.close()
    },
  }
}

const createCarrier = (settings: AdapterSettings, observeCall: ObserveCall): TopupCarrier =>
  createTopupCarrier({
    client: createCarrierClient({
      baseUrl: settings.TPAGA_BASE_URL,
      apiKey: settings.TPAGA_API_KEY,
      connectTimeoutMs: settings.TPAGA_CONNECT_TIMEOUT_MS,
      callTimeoutMs: settings.TPAGA_CALL_TIMEOUT_MS,
      connections: settings.TPAGA_CONNECTIONS,
    }),
    breaker: {
      errorPercent: settings.BREAKER_ERROR_PERCENT,
      volume: settings.BREAKER_VOLUME,
      windowMs: settings.BREAKER_WINDOW_MS,
      resetMs: settings.BREAKER_RESET_MS,
    },
    observeCall,
  })

const deliveryLimits = (settings: AdapterSettings, bornAt: Date) => ({
  bornAt,
  clockSkewMs: settings.CLOCK_SKEW_MS,
  sendDeadlineMs: settings.SEND_DEADLINE_MS,
  leaseMs: settings.LEASE_MS,
  callTimeoutMs: settings.TPAGA_CALL_TIMEOUT_MS,
  unrecordedMax,
})

const parseJob = (value: unknown) => {
  const parsed = FundsReservedMessage.safeParse(value)
  return parsed.success
    ? ({ ok: true, message: parsed.data } as const)
    : ({ ok: false, reason: z.prettifyError(parsed.error) } as const)
}

/** Verdicts of one partition that wait for each other's confirm travel together in the next message. */
const createVerdictPublisher = (broker: Broker) => {
  const coalescers = Array.from({ length: partitionCount }, (_, partition) =>
    createCoalescer<CarrierVerdictMessage>({
      publishBatch: (verdicts) =>
        publishVerdicts((message) => broker.publish(message), partition, verdicts),
      max: envelopesPerMessageMax,
      inFlight: 4,
    }),
  )
  return (verdict: CarrierVerdictMessage): Promise<PublishOutcome> => {
    const coalescer = coalescers[partitionOf(verdict.data.merchant)]
    return coalescer?.add(verdict) ?? Promise.resolve({ kind: 'refused' })
  }
}

const createReport =
  (log: Log, metrics: AdapterMetrics) =>
  (report: DeliveryReport): void => {
    switch (report.kind) {
      case 'said':
        metrics.countVerdict(report.verdict)
        log.debug('verdict said', report)
        return
      case 'alert':
        metrics.countAlert(report.alert)
        log.error('an answer of the carrier needs a look', report)
        return
      case 'unpublished':
        log.warn('verdict not confirmed, the job comes again', report)
        return
      case 'failed':
        log.error('delivery failed, the job comes again', report)
        return
    }
  }
