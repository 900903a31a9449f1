import type CircuitBreaker from 'opossum'
import type { CarrierObserver } from '../../domain/carrier-calls.ts'
import type { CarrierClient } from './client.ts'

/** The failures that open an operation's breaker, and the time that it stays open. */
export type BreakerSettings = {
  readonly errorPercent: number
  readonly volume: number
  readonly windowMs: number
  readonly resetMs: number
}

/** The parts of an operation that is called behind a breaker of its own. */
export type BehindBreaker = {
  readonly client: Pick<CarrierClient, 'call'>
  readonly breaker: BreakerSettings
  readonly observer: CarrierObserver
}

/** The same settings for one operation's own breaker. */
export type CircuitSettings = BreakerSettings & { readonly operation: string }

/** The options that every breaker of the carrier's operations shares. */
export const breakerOptions = (settings: CircuitSettings): CircuitBreaker.Options => ({
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

/** Reports each change of a breaker's circuit. */
export const followCircuit = (
  breaker: Pick<CircuitBreaker, 'on'>,
  operation: string,
  { circuitChanged }: Pick<CarrierObserver, 'circuitChanged'>,
): void => {
  breaker.on('open', () => circuitChanged({ operation, circuit: 'open' }))
  breaker.on('halfOpen', () => circuitChanged({ operation, circuit: 'half-open' }))
  breaker.on('close', () => circuitChanged({ operation, circuit: 'closed' }))
}
