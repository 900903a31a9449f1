import { randomUUID } from 'node:crypto'
import {
  adapterQueue,
  carrierNames,
  CarrierJob,
  saleKinds,
  type CarrierVerdictMessage,
} from '@recargas/contracts'
import {
  consumeEnvelopes,
  createLedgerPublisher,
  serializeEnvelope,
  type Broker,
  type Delivery,
  type Subscription,
  type Verdict,
} from '@recargas/messaging'
import {
  createCrashing,
  createQueueMetrics,
  type CrashPoint,
  type Crashing,
  type Log,
  type Tracer,
} from '@recargas/runtime'
import type { Registry } from 'prom-client'
import type { AdapterSettings } from './config.ts'
import type { AdapterMetrics } from './metrics.ts'
import type { SaleStore } from './mongo/sale-store.ts'
import { createReport } from './reports.ts'
import { createAttempts, type Attempts } from './sales/attempts.ts'
import { createCloseSale } from './sales/close-sale.ts'
import { createDeliverSale } from './sales/deliver-sale.ts'
import { limitUnderWay } from './sales/limit-under-way.ts'
import { createRepeats } from './sales/repeat-sale.ts'
import { runRepeats } from './sales/run-repeats.ts'
import { repeatsAtOnceMax, type Carriers } from './start-carriers.ts'

const unrecordedMax = 10_000
/** The limit of one partition; a refused verdict is published again later. */
const verdictsWaitingMax = 10_000

type Deps = {
  readonly carriers: Pick<Carriers, 'byName' | 'carrierOf'>
  readonly settings: AdapterSettings
  readonly log: Log
  readonly tracer: Tracer | null
  readonly registry: Registry
  readonly metrics: AdapterMetrics
  readonly broker: Broker
  readonly records: SaleStore
  readonly bornAt: Date
}

/** Consumes the carrier's jobs, and follows unclear sales up, until stopped. */
export const takeJobs = async (
  deps: Deps,
): Promise<{ readonly stop: (limitMs: number) => Promise<void> }> => {
  const { settings, log, tracer, registry, metrics, broker, records, carriers, bornAt } = deps
  const crashing = createCrashing(settings.CRASH_AT)
  const publish = createLedgerPublisher(broker, { waitingMax: verdictsWaitingMax })
  const attempts = createAttempts({
    records,
    carrierOf: carriers.carrierOf,
    publish: (verdict: CarrierVerdictMessage, span) =>
      publish(verdict.data.merchant, serializeEnvelope(verdict, span)),
    tracer,
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
  const places = carrierNames.flatMap((carrier) =>
    saleKinds.flatMap((kind) => {
      const atOnce = carriers.byName[carrier].salesAtOnce[kind]
      return atOnce === undefined ? [] : [{ queue: adapterQueue(carrier, kind), atOnce }]
    }),
  )
  const handle = handleJob(attempts, places, crashing)
  const measured = createQueueMetrics(registry)
  const subscriptions: Subscription[] = []
  for (const { queue, atOnce } of places) {
    const consumption = { queue, prefetch: atOnce, schema: CarrierJob, handle }
    subscriptions.push(await consumeEnvelopes(broker, measured, consumption))
  }
  // Apart: lookups that hang must not hold up the repeats of top-ups.
  const repeats = saleKinds.map((sells) =>
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

/** The sales of one kind of a carrier, with their limit. */
type Place = { readonly queue: string; readonly atOnce: number }

type Taken = { readonly job: CarrierJob } & Pick<Delivery, 'span'>

/** Limits sales by the kind of the job, not by the queue it came on: bundles never take a place from top-ups. */
const handleJob = (
  attempts: Attempts,
  places: readonly Place[],
  crashing: Crashing<CrashPoint<'adapter'>>,
) => {
  const deliverSale = createDeliverSale(attempts)
  const closeSale = createCloseSale(attempts)
  const handle = ({ job, span }: Taken): Promise<Verdict> =>
    job.type === 'CloseTopup.v1' ? closeSale(job, span) : deliverSale(job, span)
  const limited = new Map(places.map(({ queue, atOnce }) => [queue, limitUnderWay(atOnce, handle)]))
  return async (job: CarrierJob, { span }: Pick<Delivery, 'span'>): Promise<Verdict> => {
    crashing.pass('job-taken')
    const kind = job.data.bundle === undefined ? 'topup' : 'bundle'
    const sell = limited.get(adapterQueue(job.data.carrier, kind)) ?? handle
    const verdict = await sell({ job, span })
    if (verdict.verdict === 'ack') crashing.pass('before-ack')
    return verdict
  }
}
