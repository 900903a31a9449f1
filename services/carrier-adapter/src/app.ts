import { adapterTopology } from '@recargas/contracts'
import { connectServiceBroker, sendHeartbeat, type Broker } from '@recargas/messaging'
import {
  closeServer,
  createMetrics,
  listen,
  openTracing,
  runHeartbeat,
  type Log,
  type ReadinessCheck,
  type RunningService,
  type Tracer,
} from '@recargas/runtime'
import type { Connection } from 'mongoose'
import type { Registry } from 'prom-client'
import { requireBirth, waitForBirth } from './birth.ts'
import { callLabels } from './carriers/tpaga/calls.ts'
import type { AdapterSettings } from './config.ts'
import { createHttp } from './http/routes.ts'
import { createAdapterMetrics, type AdapterMetrics } from './metrics.ts'
import { connectMongo, mongoReadiness } from './mongo/connection.ts'
import { openCollections } from './mongo/documents.ts'
import { readBornAt } from './mongo/identity.ts'
import { createSaleStore, type SaleStore } from './mongo/sale-store.ts'
import { createObserver } from './reports.ts'
import { startCarriers, type Carriers } from './start-carriers.ts'
import { takeJobs } from './take-jobs.ts'

/** The parts that a start opens one after the other; null before that. */
type Parts = {
  connection: Connection | null
  records: SaleStore | null
  broker: Broker | null
  heartbeat: { readonly stop: () => Promise<void> } | null
  /** The reason for which no job is taken yet; null once jobs are taken. */
  waitsFor: string | null
}

/**
 * Wires the adapter: the carriers, its database, the broker, and a consumer each for top-ups and bundles. It listens
 * before anything else, so that /ready can name the part that the start waits for.
 */
export const createApp = async (settings: AdapterSettings, log: Log): Promise<RunningService> => {
  const parts: Parts = {
    connection: null,
    records: null,
    broker: null,
    heartbeat: null,
    waitsFor: 'it starts',
  }
  const registry = createMetrics('carrier-adapter')
  const tracing = await openTracing(settings, { service: 'carrier-adapter', log, registry })
  const { tracer } = tracing
  const carriers = startCarriers(settings, {
    observer: {
      called: (call) => observer.called(call),
      circuitChanged: (change) => observer.circuitChanged(change),
    },
    countLeftOut: (...count) => metrics.countLeftOut(...count),
  })
  const { tpaga, bundles } = carriers
  const metrics = createAdapterMetrics(registry, callLabels, {
    carrierState: tpaga.state,
    countUnclear: () => parts.records?.countUnclear() ?? Promise.resolve(0),
  })
  const observer = createObserver(log, metrics, tracer)
  const checks = checksOf(parts)
  const http = createHttp({
    metrics: registry,
    checks,
    serviceToken: settings.SERVICE_TOKEN,
    carrierStates: carriers.states,
    reads: { bundles, readBalance: tpaga.readBalance },
  })
  const server = await listen(http, settings.PORT, settings.HOST)
  log.info('carrier-adapter is listening', { port: settings.PORT })
  const closeRest = async (timeoutMs: number) => {
    await closeServer(server, { timeoutMs })
    await carriers.close()
    await parts.connection?.close()
  }
  const opened = await open({
    ...{ settings, log, tracer, parts, checks, registry, metrics, carriers },
  }).catch(async (error: unknown) => {
    await parts.heartbeat?.stop()
    await parts.broker?.close(0)
    await closeRest(0)
    throw error
  })
  return {
    close: async () => {
      const limitMs = settings.SHUTDOWN_TIMEOUT_MS
      await opened.close(limitMs)
      await closeRest(limitMs / 16)
      await tracing.close(limitMs / 16)
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
  readonly tracer: Tracer | null
  readonly parts: Parts
  readonly checks: readonly ReadinessCheck[]
  readonly registry: Registry
  readonly metrics: AdapterMetrics
  readonly carriers: Carriers
}

/** Opens the database and the broker, waits until jobs can be told from those of an earlier database, and takes jobs. */
const open = async (
  opening: Opening,
): Promise<{ readonly close: (limitMs: number) => Promise<void> }> => {
  const { settings, log, tracer, parts, checks } = opening
  parts.connection = await connectMongo(settings.MONGODB_URI)
  const collections = await openCollections(parts.connection)
  const bornAt = await readBornAt(collections, new Date())
  const birth = { clockSkewMs: settings.CLOCK_SKEW_MS, aheadMsMax: settings.BORN_AHEAD_MAX_MS }
  requireBirth(bornAt, new Date(), birth)
  const records = createSaleStore(collections)
  parts.records = records
  const broker = await connectServiceBroker(settings, {
    name: 'carrier-adapter',
    topology: adapterTopology,
    log,
    tracer,
  })
  parts.broker = broker
  const heartbeat = runHeartbeat({
    service: 'carrier-adapter',
    checks,
    send: sendHeartbeat(broker),
  })
  parts.heartbeat = heartbeat
  await waitForBirth(bornAt, birth, (reason) => {
    parts.waitsFor = reason
    log.warn('no job is taken yet', { reason })
  })
  const jobs = await takeJobs({ ...opening, broker, records, bornAt })
  parts.waitsFor = null
  // The last heartbeat was not ready; a gateway refuses sales until the next one.
  heartbeat.wake()
  log.info('carrier-adapter takes jobs', { bornAt })
  return {
    close: async (limitMs) => {
      const heartbeatEnded = heartbeat.stop()
      await jobs.stop(limitMs)
      await broker.close(limitMs / 8)
      await heartbeatEnded
    },
  }
}
