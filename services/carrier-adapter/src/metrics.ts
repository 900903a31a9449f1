import { verdictKinds, type CarrierState, type VerdictKind } from '@recargas/contracts'
import { figuresOf } from '@recargas/runtime'
import type { Registry } from 'prom-client'
import type { CallCause } from './domain/cause.ts'
import { alerts, type Alert } from './domain/evidence.ts'

type CallLabels = {
  readonly operation: string
  readonly result: string
  readonly cause: CallCause
}

export type AdapterMetrics = {
  readonly observeCall: (call: CallLabels & { readonly seconds: number }) => void
  readonly countVerdict: (verdict: VerdictKind) => void
  readonly countAlert: (alert: Alert) => void
  readonly countLeftOut: (list: BundleList, count: number) => void
}

const bundleLists = ['providers', 'packages'] as const
type BundleList = (typeof bundleLists)[number]

type ReadState = () => Pick<CarrierState, 'available' | 'breaker' | 'bundles'>

const breakerValue = { closed: 0, 'half-open': 1, open: 2 } as const

/** The adapter's own figures. Every label set exists from the start, so that a first event shows as a rise. */
export const createAdapterMetrics = (
  registry: Registry,
  callLabels: readonly CallLabels[],
  sources: {
    readonly carrierState: ReadState
    readonly countUnclear: () => Promise<number>
  },
): AdapterMetrics => {
  const { counter, gauge, histogram } = figuresOf(registry)
  const calls = histogram(
    'carrier_request_seconds',
    'Calls to the carrier, by what they proved and how they ended',
    [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30],
    ['operation', 'result', 'cause'],
  )
  const verdicts = counter(
    'verdict_total',
    'Verdicts the ledger was told, repeated ones included',
    ['verdict'],
  )
  const alerted = counter(
    'carrier_alert_total',
    'Answers of the carrier that a person should look at',
    ['alert'],
  )
  const leftOut = counter(
    'bundle_entry_left_out_total',
    "Entries of the carrier's lists of packages that could not be read",
    ['list'],
  )
  observeOperations(registry, sources.carrierState)
  gauge(
    'carrier_unclear_count',
    'Sales that wait for a clear answer; the last known figure while the database is away',
    [],
    async function () {
      this.set(
        await sources
          .countUnclear()
          .catch(() => lastUnclear)
          .then(keepUnclear),
      )
    },
  )
  let lastUnclear = 0
  const keepUnclear = (count: number): number => (lastUnclear = count)

  for (const labels of callLabels) calls.zero(labels)
  for (const verdict of verdictKinds) verdicts.inc({ verdict }, 0)
  for (const list of bundleLists) leftOut.inc({ list }, 0)
  for (const alert of alerts) alerted.inc({ alert }, 0)
  return {
    observeCall: ({ seconds, ...labels }) => calls.observe(labels, seconds),
    countVerdict: (verdict) => verdicts.inc({ verdict }),
    countAlert: (alert) => alerted.inc({ alert }),
    countLeftOut: (list, count) => leftOut.inc({ list }, count),
  }
}

/** Gauges that read the state of each operation that sells whenever the figures are read. */
const observeOperations = (registry: Registry, read: ReadState): void => {
  const { gauge } = figuresOf(registry)
  gauge(
    'carrier_breaker_state',
    'Breaker of an operation that sells: 0 closed, 1 half-open, 2 open',
    ['operation'],
    function () {
      const { bundles, breaker } = read()
      this.set({ operation: 'topup' }, breakerValue[breaker])
      this.set({ operation: 'bundle' }, breakerValue[bundles.breaker])
    },
  )
  gauge(
    'carrier_available',
    '1 while that operation of the carrier can be sold through',
    ['operation'],
    function () {
      const { bundles, available } = read()
      this.set({ operation: 'topup' }, available ? 1 : 0)
      this.set({ operation: 'bundle' }, bundles.available ? 1 : 0)
    },
  )
}
