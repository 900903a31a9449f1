import type { ServicePulse } from '@recargas/contracts'
import { createClockWatch, type ClockWatch } from './clock-watch.ts'
import { createServiceHealth, type ServiceHealth } from './service-health.ts'

type Settings = Parameters<typeof createClockWatch>[0] & Parameters<typeof createServiceHealth>[0]

export type HeartbeatWatch = {
  readonly serviceHealth: ServiceHealth
  readonly clockWatch: ClockWatch
  readonly hear: (pulse: ServicePulse) => void
}

/** Reads the heartbeats of all services: the health of each, and this gateway's clock against the ledger's. */
export const createHeartbeatWatch = (settings: Settings): HeartbeatWatch => {
  const serviceHealth = createServiceHealth(settings)
  const clockWatch = createClockWatch(settings)
  return {
    serviceHealth,
    clockWatch,
    hear: (pulse) => {
      serviceHealth.hear(pulse)
      clockWatch.hear(pulse)
    },
  }
}
