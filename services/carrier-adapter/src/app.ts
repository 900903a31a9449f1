import { randomUUID } from 'node:crypto'
import {
  adapterBundleQueue,
  adapterTopupQueue,
  CarrierJob,
  envelopesPerMessageMax,
  partitionOf,
  adapterTopology,
  type CarrierVerdictMessage,
  partitions,
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
  type ReadinessCheck,
  type RunningService,
} from '@recargas/runtime'
import type { Connection } from 'mongoose'
import type { Registry } from 'prom-client'
import { z } from 'zod'
import { requireBirth, waitForBirth } from './birth.ts'
import { checkOffer } from './bundles/check-offer.ts'
import { createBundles, type Bundles } from './bundles/read-bundles.ts'
import { lookupSecondsOf, type AdapterSettings } from './config.ts'
import { createHttp } from './http/routes.ts'
import { createAdapterMetrics, type AdapterMetrics } from './metrics.ts'
import { connectMongo, mongoReadiness } from './mongo/connection.ts'
import { openCollections } from './mongo/documents.ts'
import { readBornAt } from './mongo/identity.ts'
import { createObserver, createReport } from './reports.ts'
import { createTopupStore, type TopupStore } from './mongo/topup-store.ts'
import { createAttempts, type Attempts } from './topups/attempts.ts'
import { createCloseTopup } from './topups/close-topup.ts'
import { createDeliverTopup, type JobVerdict } from './topups/deliver-topup.ts'
import { limitUnderWay } from './topups/limit-under-way.ts'
import { publishVerdicts } from './topups/publish-verdicts.ts'
import { createRepeats } from './topups/repeat-topup.ts'
import { runRepeats } from './topups/run-repeats.ts'
import { callLabels } from './tpaga/calls.ts'
import type { Carrier } from './tpaga/carrier.ts'
import { connectCarrier } from './tpaga/connect-carrier.ts'

const unrecordedMax = 10_000
const repeatsAtOnceMax = 16
/** Of one partition; one that is refused is said again later. */
const verdictsWaitingMax = 10_000
/** The gateway waits three seconds in all, for a provider's list and the one of the providers before it. */
const bundleWaits = { firstWaitMs: 1_250, renewWaitMs: 500, pauseMs: 5_000 }

/** The parts that a start opens one after the other; null before that. */
type Parts = {
  connection: Connection | null
  records: TopupStore | null
  broker: Broker | null
  pulse: { readonly stop: () => Promise<void> } | null
  /** The reason for which no job is taken yet, and until when. */
  waitsFor: string | null
}

/**
 * Wires the adapter: the carrier behind its gates, its database, the broker, and a consumer each for top-ups and
 * bundles. It listens before anything else, so that /ready can say what the start waits for.
 */
export const createApp = async (settings: AdapterSettings, log: Log): Promise<RunningService> => {
  const parts: Parts = {
    connection: null,
    records: null,
    broker: null,
    pulse: null,
    waitsFor: 'it starts',
  }
  const registry = createMetrics('carrier-adapter')
  const connected = connectCarrier(settings, {
    repeatsAtOnceMax,
    observer: {
      called: (call) => observer.called(call),
      circuitChanged: (change) => observer.circuitChanged(change),
    },
    countLeftOut: (...count) => metrics.countLeftOut(...count),
  })
  const { carrier, providers, packages, readBalance } = connected
  const metrics = createAdapterMetrics(registry, callLabels, {
    carrierState: carrier.state,
    countUnclear: () => parts.records?.countUnclear() ?? Promise.resolve(0),
  })
  const observer = createObserver(log, metrics)
  const bundles = createBundles({
    carrier: packages,
    now: () => performance.now(),
    limits: bundleLimits(settings),
  })
  const checks = checksOf(parts)
  const http = createHttp({
    metrics: registry,
    checks,
    serviceToken: settings.SERVICE_TOKEN,
    carrierState: () => ({ ...carrier.state(), offered: providers.offered() }),
    reads: { bundles, readBalance },
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('carrier-adapter is listening', { port: settings.PORT })
  const closeRest = async (timeoutMs: number) => {
    providers.close()
    await closeServer(server, { timeoutMs })
    await connected.close()
    await parts.connection?.close()
  }
  const opened = await open({
    settings,
    log,
    parts,
    checks,
    registry,
    metrics,
    carrier,
    bundles,
  }).catch(async (error: unknown) => {
    await parts.pulse?.stop()
    await parts.broker?.close(0)
    await closeRest(0)
    throw error
  })
  return {
    close: async () => {
      const limitMs = settings.SHUTDOWN_TIMEOUT_MS
      providers.close()
      await opened.close(limitMs)
      await closeRest(limitMs / 16)
    },
  }
}

/** Each part that the adapter needs, from the first moment of its start. */
const checksOf = (parts: Parts): readonly ReadinessCheck[] => [
  {
    name: 'broker',
    check: () => parts.broker?.state() ?? { ready: false, reason: 'not connected yet' },
  },
  {
    name: 'database',
    check: async () => {
      if (parts.connection === null) return { ready: false, reason: 'not connected yet' }
      const reached = await mongoReadiness(parts.connection)
      if (!reached.ready || parts.waitsFor === null) return reached
      return { ready: false, reason: parts.waitsFor }
    },
  },
]

type Opening = {
  readonly settings: AdapterSettings
  readonly log: Log
  readonly parts: Parts
  readonly checks: readonly ReadinessCheck[]
  readonly registry: Registry
  readonly metrics: AdapterMetrics
  readonly carrier: Carrier
  readonly bundles: Bundles
}

/** Opens the database and the broker, waits until jobs can be told from those of an earlier database, and takes jobs. */
const open = async ({
  settings,
  log,
  parts,
  checks,
  registry,
  metrics,
  carrier,
  bundles,
}: Opening): Promise<{ readonly close: (limitMs: number) => Promise<void> }> => {
  parts.connection = await connectMongo(settings.MONGODB_URI)
  const collections = await openCollections(parts.connection)
  const bornAt = await readBornAt(collections, new Date())
  const birth = { clockSkewMs: settings.CLOCK_SKEW_MS, aheadMsMax: settings.BORN_AHEAD_MAX_MS }
  requireBirth(bornAt, new Date(), birth)
  const records = createTopupStore(collections)
  parts.records = records
  const broker = await connectBroker({
    url: settings.AMQP_URL,
    ca: settings.AMQP_CA,
    name: 'carrier-adapter',
    topology: adapterTopology,
    heartbeatSeconds: settings.AMQP_HEARTBEAT_SECONDS,
    reconnectMsMax: settings.AMQP_RECONNECT_MS_MAX,
    log,
  })
  parts.broker = broker
  const pulse = runPulse({ service: 'carrier-adapter', checks, send: sendPulse(broker) })
  parts.pulse = pulse
  await waitForBirth(bornAt, birth, (reason) => {
    parts.waitsFor = reason
    log.warn('no job is taken yet', { reason })
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
  parts.waitsFor = null
  // The pulse before said that no job is taken; a gateway refuses sales until it hears another one.
  pulse.wake()
  log.info('carrier-adapter takes jobs', { bornAt })
  return {
    close: async (limitMs) => {
      const pulseEnded = pulse.stop()
      await Promise.all([
        // A call to the carrier that has begun is worth waiting for: cut off, its sale would be unclear.
        ...subscriptions.map((subscription) => subscription.cancel((limitMs * 3) / 4)),
        ...repeats.map((each) => each.stop()),
      ])
      await broker.close(limitMs / 8)
      await pulseEnded
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
  const coalescers = partitions.map((partition) =>
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
