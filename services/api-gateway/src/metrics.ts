import { commandTypes, type Command } from '@recargas/contracts'
import { figuresOf } from '@recargas/runtime'
import type { Registry } from 'prom-client'
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
  const { counter, gauge, histogram } = figuresOf(registry)
  const requests = counter(
    'http_requests_total',
    'Requests by route, method and class of status; gone: the client did not wait for the answer',
    ['route', 'method', 'status_class'],
  )
  const seconds = histogram(
    'http_request_duration_seconds',
    'Time from a request to its answer by route and method, waits included',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30],
    ['route', 'method'],
  )
  const outcomes = counter('gateway_operation_total', 'Operations by type and answered outcome', [
    'type',
    'outcome',
  ])
  const republished = counter(
    'gateway_republished_total',
    'Commands published again because the ledger did not know them',
  )
  const catalogueRefused = gauge(
    'gateway_catalogue_refused',
    '1 while the catalogue file is invalid and the previous one is in force',
  )
  gauge(
    'gateway_operations_waiting',
    'Requests of this process that wait for the ledger',
    [],
    function () {
      this.set(sources.countWaiting())
    },
  )
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
  const { counter, gauge } = figuresOf(registry)
  const dropped = counter(
    'gateway_event_streams_dropped_total',
    'Streams of /eventos that ended by the gateway or were refused: slow reader, none left, token not valid any more',
    ['reason'],
  )
  gauge('gateway_event_streams', 'Open streams of /eventos', [], function () {
    this.set(countStreams())
  })
  for (const reason of dropReasons) dropped.inc({ reason }, 0)
  return (reason) => dropped.inc({ reason })
}
