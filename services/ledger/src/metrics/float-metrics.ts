import { Gauge, type Registry } from 'prom-client'

type FloatLabels = { readonly merchant: string; readonly operator: string }
export type FloatMetrics = {
  readonly onFloat: (
    labels: FloatLabels,
    state: { readonly runwayMinutes: number | null; readonly isLow: boolean },
  ) => void
}

const secondsPerMinute = 60

/** Of the whole database, not of this process: every instance says the same, so a dashboard takes the largest. */
export const createFloatMetrics = (registry: Registry): FloatMetrics => {
  const labelNames = ['merchant', 'operator']
  const runway = new Gauge({
    name: 'ledger_float_runway_seconds',
    help: 'How long a float lasts at the pace of the last hour; no figure where nothing was spent',
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
