import { commandSchemas, type Command } from '@recargas/contracts'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { reportedOutcomes, type ReportedOutcome } from './operations/perform.ts'

export type GatewayMetrics = {
  readonly observeRequest: (
    labels: { readonly route: string; readonly method: string; readonly status: number },
    seconds: number,
  ) => void
  readonly countOutcome: (type: Command['type'], outcome: ReportedOutcome) => void
  readonly countRepublished: () => void
}

/** The gateway's own figures. Routes are labelled by their template, so that no client can invent a label. */
export const createGatewayMetrics = (
  registry: Registry,
  sources: { readonly countWaiting: () => number },
): GatewayMetrics => {
  const registers = [registry]
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by route, method and status, waits included',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30],
    registers,
  })
  const outcomes = new Counter({
    name: 'gateway_operation_total',
    help: 'Operations by type and by what the gateway could say of them',
    labelNames: ['type', 'outcome'],
    registers,
  })
  const republished = new Counter({
    name: 'gateway_republished_total',
    help: 'Commands published again because nobody knew them',
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
  // Every label set exists from the start, so that a first event shows as a rise.
  for (const schema of Object.values(commandSchemas)) {
    for (const outcome of reportedOutcomes) {
      outcomes.inc({ type: schema.shape.type.value, outcome }, 0)
    }
  }
  return {
    observeRequest: ({ route, method, status }, seconds) =>
      requests.observe({ route, method, status: String(status) }, seconds),
    countOutcome: (type, outcome) => outcomes.inc({ type, outcome }),
    countRepublished: () => republished.inc(),
  }
}
