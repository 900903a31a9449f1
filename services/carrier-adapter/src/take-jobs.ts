import { randomUUID } from 'node:crypto'
import {
  adapterBundleQueue,
  adapterTopupQueue,
  CarrierJob,
  envelopesPerMessageMax,
  partitionOf,
  partitions,
  type CarrierVerdictMessage,
} from '@recargas/contracts'
import { createCoalescer, type Broker, type PublishOutcome } from '@recargas/messaging'
import {
  createCrashing,
  createQueueMetrics,
  type CrashPoint,
  type Crashing,
  type Log,
} from '@recargas/runtime'
import type { Registry } from 'prom-client'
import { z } from 'zod'
import type { AdapterSettings } from './config.ts'
import type { AdapterMetrics } from './metrics.ts'
import type { SaleStore } from './mongo/sale-store.ts'
import { createReport } from './reports.ts'
import { createAttempts, type Attempts } from './sales/attempts.ts'
import { createCloseSale } from './sales/close-sale.ts'
import { createDeliverSale, type JobVerdict } from './sales/deliver-sale.ts'
import { limitUnderWay } from './sales/limit-under-way.ts'
import { createRepeats } from './sales/repeat-sale.ts'
import { runRepeats } from './sales/run-repeats.ts'
import { publishVerdictBatch } from './sales/verdict-batch.ts'
import { repeatsAtOnceMax, type Carriers } from './start-carriers.ts'

const unrecordedMax = 10_000
/** The limit of one partition; a refused verdict is published again later. */
const verdictsWaitingMax = 10_000

type Deps = Pick<Carriers, 'carrierOf'> & {
  readonly settings: AdapterSettings
  readonly log: Log
  readonly registry: Registry
  readonly metrics: AdapterMetrics
  readonly broker: Broker
  readonly records: SaleStore
  readonly bornAt: Date
}

/** Consumes the carrier's jobs, and follows unclear sales up, until stopped. */
export const takeJobs = async ({
  settings,
  log,
  registry,
  metrics,
  broker,
  records,
  carrierOf,
  bornAt,
}: Deps): Promise<{ readonly stop: (limitMs: number) => Promise<void> }> => {
  const crashing = createCrashing(settings.CRASH_AT)
  const attempts = createAttempts({
    records,
    carrierOf,
    publish: createVerdictPublisher(broker),
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    random: Math.random,
    crashPoint: crashing.pass,
    report: createReport(log, metrics),
    owner: randomUUID(),
    limits: {
      bornAt,
      clockSkewMs: settings.CLOCK_SKEW_MS,
      sendDeadlineMs: settings.SEND_DEADLINE_MS,
      leaseMs: settings.LEASE_MS,
      unrecordedMax,
      jitterRatio: settings.TOPUP_REPEAT_JITTER_PERCENT / 100,
    },
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
  return {
    stop: async (limitMs) => {
      await Promise.all([
        // A call to the carrier that has begun is worth waiting for: cut off, its sale would be unclear.
        ...subscriptions.map((subscription) => subscription.cancel((limitMs * 3) / 4)),
        ...repeats.map((each) => each.stop()),
      ])
    },
  }
}

/** Limits sales by the kind of the job, not by its queue: bundles never take a place from top-ups. */
const handleJob = (
  attempts: Attempts,
  settings: AdapterSettings,
  crashing: Crashing<CrashPoint<'adapter'>>,
) => {
  const deliverSale = createDeliverSale(attempts)
  const closeSale = createCloseSale(attempts)
  const handle = (job: CarrierJob): Promise<JobVerdict> =>
    job.type === 'CloseTopup.v1' ? closeSale(job) : deliverSale(job)
  const sellTopup = limitUnderWay(settings.TPAGA_CONNECTIONS, handle)
  const sellBundle = limitUnderWay(settings.BUNDLE_CONNECTIONS, handle)
  return async (job: CarrierJob): Promise<JobVerdict> => {
    crashing.pass('job-taken')
    const verdict = await (job.data.bundle === undefined ? sellTopup(job) : sellBundle(job))
    if (verdict.verdict === 'ack') crashing.pass('before-ack')
    return verdict
  }
}

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
        publishVerdictBatch((message) => broker.publish(message), partition, verdicts),
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
