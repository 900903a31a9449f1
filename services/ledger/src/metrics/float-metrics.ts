import { Gauge, type Registry } from 'prom-client'

type FloatLabels = { readonly merchant: string; readonly operator: string }
export type FloatMetrics = {
  readonly onFloat: (
    labels: FloatLabels,
    state: { readonly runwayMinutes: number | null; readonly isLow: boolean },
  ) => void
}

const secondsPerMinute = 60

/**
 * Gauges of the whole database, not of this process: every instance exports the same value, so a dashboard takes the maximum.
 */
export const createFloatMetrics = (registry: Registry): FloatMetrics => {
  const labelNames = ['merchant', 'operator']
  const runway = new Gauge({
    name: 'ledger_float_runway_seconds',
    help: 'Time that a float lasts at the pace of the last hour; no series without spending',
    labelNames,
    registers: [registry],
  })
  const low = new Gauge({
    name: 'ledger_float_low',
    help: '1 while a float is below the limit of runway or amount',
    labelNames,
    registers: [registry],
  })
  return {
    onFloat: ({ merchant, operator }, { runwayMinutes, isLow }) => {
      const labels = { merchant, operator }
      low.set(labels, isLow ? 1 : 0)
      if (runwayMinutes === null) runway.remove(labels)
      else runway.set(labels, runwayMinutes * secondsPerMinute)
    },
  }
}
