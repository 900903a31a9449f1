import { verdictKinds, type CarrierState, type VerdictKind } from '@recargas/contracts'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import { alerts, type Alert } from './domain/verdict.ts'

type Names = {
  readonly operations: readonly string[]
  readonly results: readonly string[]
}

export type AdapterMetrics = {
  readonly observeCall: (operation: string, result: string, seconds: number) => void
  readonly countVerdict: (verdict: VerdictKind) => void
  readonly countAlert: (alert: Alert) => void
}

const breakerValue = { closed: 0, 'half-open': 1, open: 2 } as const

/** The adapter's own figures. Every label set exists from the start, so that a first event shows as a rise. */
export const createAdapterMetrics = (
  registry: Registry,
  { operations, results }: Names,
  sources: {
    readonly carrierState: () => Pick<CarrierState, 'available' | 'breaker'>
    readonly countUnclear: () => Promise<number>
  },
): AdapterMetrics => {
  const registers = [registry]
  const calls = new Histogram({
    name: 'carrier_request_seconds',
    help: 'Calls to the carrier, by what they proved',
    labelNames: ['operation', 'result'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30],
    registers,
  })
  const verdicts = new Counter({
    name: 'verdict_total',
    help: 'Verdicts the ledger was told, repeated ones included',
    labelNames: ['verdict'],
    registers,
  })
  const alerted = new Counter({
    name: 'carrier_alert_total',
    help: 'Answers of the carrier that a person should look at',
    labelNames: ['alert'],
    registers,
  })
  new Gauge({
    name: 'carrier_breaker_state',
    help: 'Breaker of the top-up operation: 0 closed, 1 half-open, 2 open',
    registers,
    collect() {
      this.set(breakerValue[sources.carrierState().breaker])
    },
  })
  new Gauge({
    name: 'carrier_available',
    help: '1 while the carrier can be sold through',
    registers,
    collect() {
      this.set(sources.carrierState().available ? 1 : 0)
    },
  })
  new Gauge({
    name: 'carrier_unclear_count',
    help: 'Top-ups that wait for a clear answer; the last known figure while the database is away',
    registers,
    async collect() {
      this.set(
        await sources
          .countUnclear()
          .catch(() => lastUnclear)
          .then(keepUnclear),
      )
    },
  })
  let lastUnclear = 0
  const keepUnclear = (count: number): number => (lastUnclear = count)

  for (const operation of operations) {
    for (const result of results) calls.zero({ operation, result })
  }
  for (const verdict of verdictKinds) verdicts.inc({ verdict }, 0)
  for (const alert of alerts) alerted.inc({ alert }, 0)
  return {
    observeCall: (operation, result, seconds) => calls.observe({ operation, result }, seconds),
    countVerdict: (verdict) => verdicts.inc({ verdict }),
    countAlert: (alert) => alerted.inc({ alert }),
  }
}
