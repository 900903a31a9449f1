import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  adapterBundleQueue,
  adapterTopupQueue,
  CarrierJob,
  envelopesPerMessageMax,
  partitionCount,
  partitionOf,
  adapterTopology,
  type CarrierVerdictMessage,
} from '@recargas/contracts'
import {
  connectBroker,
  createCoalescer,
  sendPulse,
  type Broker,
  type PublishOutcome,
} from '@recargas/messaging'
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
import { checkOffer } from './bundles/check-offer.ts'
import { createBundles } from './bundles/read-bundles.ts'
import { lookupSecondsOf, type AdapterSettings } from './config.ts'
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
import { carrierOperations, carrierResults } from './tpaga/calls.ts'
import { connectCarrier } from './tpaga/connect-carrier.ts'

const unrecordedMax = 10_000
const repeatsAtOnceMax = 16
/** Of one partition; one that is refused is said again later. */
const verdictsWaitingMax = 10_000
/** The gateway waits three seconds in all, for a provider's list and the one of the providers before it. */
const bundleWaits = { firstWaitMs: 1_250, renewWaitMs: 500, pauseMs: 5_000 }

/** Wires the adapter: its database, the carrier behind its gates, the broker, and a consumer each for top-ups and bundles. */
export const createApp = async (settings: AdapterSettings, log: Log): Promise<RunningService> => {
  const connection = await connectMongo(settings.MONGODB_URI)
  const collections = await openCollections(connection)
  const bornAt = await readBornAt(collections, new Date())
  const records = createTopupStore(collections)
  const registry = createMetrics('carrier-adapter')
  const connected = connectCarrier(settings, {
    repeatsAtOnceMax,
    observeCall: (...measure) => metrics.observeCall(...measure),
    countLeftOut: (...count) => metrics.countLeftOut(...count),
  })
  const { carrier, providers, packages, readBalance } = connected
  const metrics = createAdapterMetrics(
    registry,
    { operations: carrierOperations, results: carrierResults },
    { carrierState: carrier.state, countUnclear: records.countUnclear },
  )
  const broker = await connectBroker({
    url: settings.AMQP_URL,
    ca: settings.AMQP_CA,
    name: 'carrier-adapter',
    topology: adapterTopology,
    heartbeatSeconds: settings.AMQP_HEARTBEAT_SECONDS,
    reconnectMsMax: settings.AMQP_RECONNECT_MS_MAX,
    log,
  })
  const bundles = createBundles({
    carrier: packages,
    now: () => performance.now(),
    limits: bundleLimits(settings),
  })
  const crashing = createCrashing(settings.CRASH_AT)
  const attempts = createAttempts({
    records,
    carrier,
    checkOffer: (job) => checkOffer(bundles, job),
    publish: createVerdictPublisher(broker),
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    random: Math.random,
    crashPoint: crashing.pass,
    report: createReport(log, metrics),
    owner: randomUUID(),
    paymentOrigin: settings.PAYMENT_ORIGIN,
    packageCodes: settings.TPAGA_PACKAGE_CODES,
    limits: deliveryLimits(settings, bornAt),
  })
  // Jobs of a new database's first moments could not be told from older ones: ready only when they are over.
  await sleep(bornAt.getTime() + settings.CLOCK_SKEW_MS - Date.now())
  const handle = handleJob(attempts, settings, crashing)
  const measured = createQueueMetrics(registry)
  const consume = (queue: string, prefetch: number) =>
    broker.consume(measured({ queue, prefetch, parse: parseJob, handle }))
  const subscriptions = [
    await consume(adapterTopupQueue, settings.TPAGA_CONNECTIONS),
    await consume(adapterBundleQueue, settings.BUNDLE_CONNECTIONS),
  ]
  // Apart: lookups that hang must not hold up the repeats of top-ups.
  const repeats = (['topup', 'bundle'] as const).map((sells) =>
    runRepeats(
      createRepeats(attempts, {
        due: (...asked) => records.due(sells, ...asked),
        atOnceMax: repeatsAtOnceMax,
      }),
      { everyMs: settings.REPEAT_EVERY_MS, stopMs: settings.SHUTDOWN_TIMEOUT_MS / 2, log },
    ),
  )
  const checks = [
    { name: 'broker', check: () => broker.state() },
    { name: 'database', check: () => mongoReadiness(connection) },
  ]
  const pulse = runPulse({ service: 'carrier-adapter', checks, send: sendPulse(broker) })
  const http = createHttp({
    metrics: registry,
    checks,
    serviceToken: settings.SERVICE_TOKEN,
    carrierState: () => ({ ...carrier.state(), offered: providers.offered() }),
    reads: { bundles, readBalance },
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('carrier-adapter is listening', { port: settings.PORT, bornAt })

  return {
    close: async () => {
      const limitMs = settings.SHUTDOWN_TIMEOUT_MS
      providers.close()
      const pulseEnded = pulse.stop()
      await Promise.all([
        // A call to the carrier that has begun is worth waiting for: cut off, its sale would be unclear.
        ...subscriptions.map((subscription) => subscription.cancel((limitMs * 3) / 4)),
        ...repeats.map((each) => each.stop()),
      ])
      await broker.close(limitMs / 8)
      await pulseEnded
      await closeServer(server, { timeoutMs: limitMs / 16 })
      await connected.close()
      await connection.close()
    },
  }
}

/** By what a job sells, not by the queue it came on: bundles never take a place from top-ups. */
const handleJob = (
  attempts: Attempts,
  settings: AdapterSettings,
  crashing: Crashing<CrashPoint<'adapter'>>,
) => {
  const deliverTopup = createDeliverTopup(attempts)
  const closeTopup = createCloseTopup(attempts)
  const handle = (job: CarrierJob): Promise<JobVerdict> =>
    job.type === 'CloseTopup.v1' ? closeTopup(job) : deliverTopup(job)
  const sellTopup = limitUnderWay(settings.TPAGA_CONNECTIONS, handle)
  const sellBundle = limitUnderWay(settings.BUNDLE_CONNECTIONS, handle)
  return async (job: CarrierJob): Promise<JobVerdict> => {
    crashing.pass('job-taken')
    const verdict = await (job.data.bundle === undefined ? sellTopup(job) : sellBundle(job))
    if (verdict.verdict === 'ack') crashing.pass('before-ack')
    return verdict
  }
}

const deliveryLimits = (settings: AdapterSettings, bornAt: Date) => ({
  bornAt,
  clockSkewMs: settings.CLOCK_SKEW_MS,
  sendDeadlineMs: settings.SEND_DEADLINE_MS,
  leaseMs: settings.LEASE_MS,
  callTimeoutMs: settings.TPAGA_CALL_TIMEOUT_MS,
  unrecordedMax,
  repeatMs: settings.TOPUP_REPEAT_SECONDS.map((seconds) => seconds * 1_000),
  lookupMs: lookupSecondsOf(settings).map((seconds) => seconds * 1_000),
  jitterRatio: settings.TOPUP_REPEAT_JITTER_PERCENT / 100,
})

const bundleLimits = (settings: AdapterSettings) => ({
  freshMs: settings.BUNDLES_FRESH_SECONDS * 1_000,
  staleMs: settings.BUNDLES_STALE_SECONDS * 1_000,
  ...bundleWaits,
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
      waitingMax: verdictsWaitingMax,
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
        log.info('verdict said', report)
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
