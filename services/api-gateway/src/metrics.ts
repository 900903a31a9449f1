import { commandTypes, type Command } from '@recargas/contracts'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Route } from './api/route.ts'
import { dropReasons, type DropReason } from './notifications/notification-streams.ts'
import { reportedOutcomes, type ReportedOutcome } from './commands/execute-command.ts'

export type GatewayMetrics = {
  readonly observeRequest: (
    labels: { readonly route: string; readonly method: string; readonly status: number },
    seconds: number,
  ) => void
  /** A route that exists: its figures are there, at 0, before its first request. */
  readonly expectRoutes: (routes: readonly Pick<Route, 'method' | 'path'>[]) => void
  readonly countOutcome: (type: Command['type'], outcome: ReportedOutcome) => void
  readonly countRepublished: () => void
  readonly countDroppedStream: (reason: DropReason) => void
  readonly noteCatalogue: (isTaken: boolean) => void
}

const statusClasses = ['2xx', '3xx', '4xx', '5xx', 'gone'] as const
const clientGone = 499

const classOf = (status: number): string =>
  status === clientGone ? 'gone' : `${Math.trunc(status / 100)}xx`

/** The gateway's own figures. Routes are labelled by their template, so that no client can invent a label. */
export const createGatewayMetrics = (
  registry: Registry,
  sources: { readonly countWaiting: () => number; readonly countStreams: () => number },
): GatewayMetrics => {
  const registers = [registry]
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests by route, method and class of status; gone: the client did not wait for the answer',
    labelNames: ['route', 'method', 'status_class'],
    registers,
  })
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to its answer by route and method, waits included',
    labelNames: ['route', 'method'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30],
    registers,
  })
  const outcomes = new Counter({
    name: 'gateway_operation_total',
    help: 'Operations by type and answered outcome',
    labelNames: ['type', 'outcome'],
    registers,
  })
  const republished = new Counter({
    name: 'gateway_republished_total',
    help: 'Commands published again because the ledger did not know them',
    registers,
  })
  const catalogueRefused = new Gauge({
    name: 'gateway_catalogue_refused',
    help: '1 while the catalogue file is invalid and the previous one is in force',
    registers,
  })
  new Gauge({
    name: 'gateway_operations_waiting',
    help: 'Requests of this process that wait for the ledger',
    registers,
    collect() {
      this.set(sources.countWaiting())
    },
  })
  const countDroppedStream = createStreamMetrics(registry, sources.countStreams)
  // Every label set exists from the start, so that a first event shows as a rise.
  for (const type of commandTypes) {
    for (const outcome of reportedOutcomes) outcomes.inc({ type, outcome }, 0)
  }
  return {
    observeRequest: ({ route, method, status }, took) => {
      requests.inc({ route, method, status_class: classOf(status) })
      seconds.observe({ route, method }, took)
    },
    expectRoutes: (routes) => {
      for (const { method: word, path: route } of routes) {
        const method = word.toUpperCase()
        seconds.zero({ route, method })
        for (const status_class of statusClasses) requests.inc({ route, method, status_class }, 0)
      }
    },
    countOutcome: (type, outcome) => outcomes.inc({ type, outcome }),
    countRepublished: () => republished.inc(),
    countDroppedStream,
    noteCatalogue: (isTaken) => catalogueRefused.set(isTaken ? 0 : 1),
  }
}

const createStreamMetrics = (
  registry: Registry,
  countStreams: () => number,
): GatewayMetrics['countDroppedStream'] => {
  const registers = [registry]
  const dropped = new Counter({
    name: 'gateway_event_streams_dropped_total',
    help: 'Streams of /eventos that ended by the gateway or were refused: slow reader, none left, token not valid any more',
    labelNames: ['reason'],
    registers,
  })
  new Gauge({
    name: 'gateway_event_streams',
    help: 'Open streams of /eventos',
    registers,
    collect() {
      this.set(countStreams())
    },
  })
  for (const reason of dropReasons) dropped.inc({ reason }, 0)
  return (reason) => dropped.inc({ reason })
}
