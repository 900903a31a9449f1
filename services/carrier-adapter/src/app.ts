import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  adapterTopupQueue,
  CarrierJob,
  envelopesPerMessageMax,
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
import { createAttempts, type Attempts, type DeliveryReport } from './topups/attempts.ts'
import { createCloseTopup } from './topups/close-topup.ts'
import { createDeliverTopup, type JobVerdict } from './topups/deliver-topup.ts'
import { limitUnderWay } from './topups/limit-under-way.ts'
import { publishVerdicts } from './topups/publish-verdicts.ts'
import { createRepeats } from './topups/repeat-topup.ts'
import { runRepeats } from './topups/run-repeats.ts'
import {
  carrierOperations,
  carrierResults,
  createTopupCarrier,
  type ObserveCall,
} from './tpaga/carrier.ts'
import { createCarrierClient } from './tpaga/client.ts'
import { followProviders } from './tpaga/providers.ts'

const unrecordedMax = 10_000
const repeatsAtOnceMax = 16

/** Wires the adapter: its database, the carrier behind its gate, the broker, and one consumer of jobs. */
export const createApp = async (settings: AdapterSettings, log: Log): Promise<RunningService> => {
  const connection = await connectMongo(settings.MONGODB_URI)
  const collections = await openCollections(connection)
  const bornAt = await readBornAt(collections, new Date())
  const records = createTopupStore(collections)
  const registry = createMetrics('carrier-adapter')
  const { carrier, providers } = createCarrier(settings, (...measure) =>
    metrics.observeCall(...measure),
  )
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
  const attempts = createAttempts({
    records,
    carrier,
    publish: createVerdictPublisher(broker),
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    random: Math.random,
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
    handle: limitUnderWay(settings.TPAGA_CONNECTIONS, handleJob(attempts)),
  })
  const repeats = runRepeats(
    createRepeats(attempts, { due: records.due, atOnceMax: repeatsAtOnceMax }),
    { everyMs: settings.REPEAT_EVERY_MS, stopMs: settings.SHUTDOWN_TIMEOUT_MS / 2, log },
  )
  const http = createHttp({
    metrics: registry,
    checks: [
      { name: 'broker', check: () => broker.state() },
      { name: 'database', check: () => mongoReadiness(connection) },
    ],
    serviceToken: settings.SERVICE_TOKEN,
    carrierState: () => ({ ...carrier.state(), offered: providers.offered() }),
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('carrier-adapter is listening', { port: settings.PORT, bornAt })

  return {
    close: async () => {
      providers.close()
      await Promise.all([subscription.cancel(), repeats.stop()])
      await broker.close(settings.SHUTDOWN_TIMEOUT_MS / 2)
      await closeServer(server, settings.SHUTDOWN_TIMEOUT_MS / 4)
      await carrier.close()
      await connection.close()
    },
  }
}

const createCarrier = (settings: AdapterSettings, observeCall: ObserveCall) => {
  const client = createCarrierClient({
    baseUrl: settings.TPAGA_BASE_URL,
    apiKey: settings.TPAGA_API_KEY,
    connectTimeoutMs: settings.TPAGA_CONNECT_TIMEOUT_MS,
    callTimeoutMs: settings.TPAGA_CALL_TIMEOUT_MS,
    // Sales never wait for a connection that a repeat, the probe or the catalogue holds.
    connections: settings.TPAGA_CONNECTIONS + repeatsAtOnceMax + 2,
  })
  const breaker = {
    errorPercent: settings.BREAKER_ERROR_PERCENT,
    volume: settings.BREAKER_VOLUME,
    windowMs: settings.BREAKER_WINDOW_MS,
    resetMs: settings.BREAKER_RESET_MS,
  }
  return {
    carrier: createTopupCarrier({ client, breaker, observeCall }),
    providers: followProviders({
      client,
      breaker,
      everyMs: settings.PROVIDERS_EVERY_MS,
      observeCall,
    }),
  }
}

const handleJob = (attempts: Attempts) => {
  const deliverTopup = createDeliverTopup(attempts)
  const closeTopup = createCloseTopup(attempts)
  return (job: CarrierJob): Promise<JobVerdict> =>
    job.type === 'CloseTopup.v1' ? closeTopup(job) : deliverTopup(job)
}

const deliveryLimits = (settings: AdapterSettings, bornAt: Date) => ({
  bornAt,
  clockSkewMs: settings.CLOCK_SKEW_MS,
  sendDeadlineMs: settings.SEND_DEADLINE_MS,
  leaseMs: settings.LEASE_MS,
  callTimeoutMs: settings.TPAGA_CALL_TIMEOUT_MS,
  unrecordedMax,
  repeatMs: settings.TOPUP_REPEAT_SECONDS.map((seconds) => seconds * 1_000),
  jitterRatio: settings.TOPUP_REPEAT_JITTER_PERCENT / 100,
})

const parseJob = (value: unknown) => {
  const parsed = CarrierJob.safeParse(value)
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
        log.warn('verdict not confirmed, it is said again', report)
        return
      case 'failed':
        log.error('a step failed, it is made again', report)
        return
    }
  }
