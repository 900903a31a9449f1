import { timingSafeEqual } from 'node:crypto'
import express, { type RequestHandler, type Router } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import { buildVersion } from './build-version.ts'
import { droppedLines } from './line-output.ts'

/** One dependency of a service, checked at each /ready; `reason` says where to look. */
export type ReadinessCheck = {
  readonly name: string
  readonly check: () =>
    | { readonly ready: boolean; readonly reason: string | null }
    | Promise<{ readonly ready: boolean; readonly reason: string | null }>
}

export const createMetrics = (service: string): Registry => {
  const registry = new Registry()
  registry.setDefaultLabels({ service })
  collectDefaultMetrics({ register: registry })
  countDroppedLines(registry)
  return registry
}

const countDroppedLines = (registry: Registry): void => {
  new Counter({
    name: 'log_lines_dropped_total',
    help: 'Log lines that could not be written: closed pipe, full disk, a slow reader',
    registers: [registry],
    collect() {
      this.reset()
      this.inc(droppedLines())
    },
  })
}

/** /live answers while the event loop turns; /ready asks each part; /metrics is for Prometheus. */
export const opsRoutes = (checks: readonly ReadinessCheck[], metrics: Registry): Router => {
  observeParts(checks, metrics)
  const probes = createProbes(checks)
  const router = express.Router()
  router.get('/live', (_request, response) => {
    response.json(probes.live())
  })
  router.get('/ready', async (_request, response) => {
    const body = await probes.ready()
    response.status(body.ready ? 200 : 503).json(body)
  })
  router.get('/metrics', async (_request, response) => {
    response.set('content-type', metrics.contentType)
    response.send(await metrics.metrics())
  })
  return router
}

type Part = { readonly name: string; readonly ready: boolean; readonly reason: string | null }
type Probes = {
  readonly live: () => { readonly live: true; readonly version: string }
  readonly ready: () => Promise<{ readonly ready: boolean; readonly parts: readonly Part[] }>
}

/** The bodies of `/live` and `/ready`, also for a service that looks at itself. The version is that of the process's start. */
export const createProbes = (checks: readonly ReadinessCheck[]): Probes => {
  const version = buildVersion()
  return {
    live: () => ({ live: true, version }),
    ready: async () => {
      const parts = await Promise.all(
        checks.map(async ({ name, check }) => ({ name, ...(await check()) })),
      )
      return { ready: parts.every(({ ready }) => ready), parts }
    },
  }
}

/** The same answers as a figure, so that an alert can name the part that is away. */
const observeParts = (checks: readonly ReadinessCheck[], metrics: Registry): void => {
  new Gauge({
    name: 'service_part_ready',
    help: '1 while that part of the service works, as /ready says',
    labelNames: ['part'],
    registers: [metrics],
    async collect() {
      await Promise.all(
        checks.map(async ({ name, check }) => {
          const isReady = await Promise.resolve()
            .then(check)
            .then(({ ready }) => ready)
            .catch(() => false)
          this.set({ part: name }, isReady ? 1 : 0)
        }),
      )
    },
  })
}

/** Admits only callers with the service token; the comparison takes the same time for every wrong one. */
export const requireServiceToken = (serviceToken: string): RequestHandler => {
  const expected = Buffer.from(`Bearer ${serviceToken}`)
  return (request, response, next) => {
    const given = Buffer.from(request.headers.authorization ?? '')
    if (given.length === expected.length && timingSafeEqual(given, expected)) {
      next()
      return
    }
    response.status(401).json({ code: 'UNAUTHORIZED' })
  }
}
