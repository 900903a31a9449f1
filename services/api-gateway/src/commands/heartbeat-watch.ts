import type { ServiceHeartbeat } from '@recargas/contracts'
import { createClockWatch, type ClockWatch, type ClockWatchSettings } from './clock-watch.ts'
import {
  createServiceHealth,
  type ServiceHealth,
  type ServiceHealthSettings,
} from './service-health.ts'

export type HeartbeatWatch = {
  readonly serviceHealth: ServiceHealth
  readonly clockWatch: ClockWatch
  readonly receive: (heartbeat: ServiceHeartbeat) => void
}

/** Reads the heartbeats of all services: the health of each, and this gateway's clock against the ledger's. */
export const createHeartbeatWatch = (
  settings: ClockWatchSettings & ServiceHealthSettings,
): HeartbeatWatch => {
  const serviceHealth = createServiceHealth(settings)
  const clockWatch = createClockWatch(settings)
  return {
    serviceHealth,
    clockWatch,
    receive: (heartbeat) => {
      serviceHealth.receive(heartbeat)
      clockWatch.receive(heartbeat)
    },
  }
}
