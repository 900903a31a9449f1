import { figuresOf } from '@recargas/runtime'
import type { Registry } from 'prom-client'

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
  const { gauge } = figuresOf(registry)
  const labelNames = ['merchant', 'operator']
  const runway = gauge(
    'ledger_float_runway_seconds',
    'Time that a float lasts at the pace of the last hour; no series without spending',
    labelNames,
  )
  const low = gauge(
    'ledger_float_low',
    '1 while a float is below the limit of runway or amount',
    labelNames,
  )
  return {
    onFloat: ({ merchant, operator }, { runwayMinutes, isLow }) => {
      const labels = { merchant, operator }
      low.set(labels, isLow ? 1 : 0)
      if (runwayMinutes === null) runway.remove(labels)
      else runway.set(labels, runwayMinutes * secondsPerMinute)
    },
  }
}
