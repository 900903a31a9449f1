import type CircuitBreaker from 'opossum'
import type { CarrierObserver } from './calls.ts'

/** When the calls of an operation are stopped, and for how long. */
export type BreakerSettings = {
  readonly errorPercent: number
  readonly volume: number
  readonly windowMs: number
  readonly resetMs: number
}

/** The same settings for one operation's own breaker. */
export type GateSettings = BreakerSettings & { readonly operation: string }

/** What every breaker of the carrier's operations has in common. */
export const breakerOptions = (settings: GateSettings): CircuitBreaker.Options => ({
  name: settings.operation,
  // The call has its own time-out: opossum's would answer while the request still runs.
  timeout: false,
  errorThresholdPercentage: settings.errorPercent,
  volumeThreshold: settings.volume,
  rollingCountTimeout: settings.windowMs,
  resetTimeout: settings.resetMs,
  rollingPercentilesEnabled: false,
  enableSnapshots: false,
})

/** Tells each change of a breaker's circuit. */
export const followCircuit = (
  breaker: Pick<CircuitBreaker, 'on'>,
  operation: string,
  { circuitChanged }: Pick<CarrierObserver, 'circuitChanged'>,
): void => {
  breaker.on('open', () => circuitChanged({ operation, circuit: 'open' }))
  breaker.on('halfOpen', () => circuitChanged({ operation, circuit: 'half-open' }))
  breaker.on('close', () => circuitChanged({ operation, circuit: 'closed' }))
}
