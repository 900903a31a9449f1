import type CircuitBreaker from 'opossum'

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
