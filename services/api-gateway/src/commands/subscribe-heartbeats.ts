import type { ServicePulse } from '@recargas/contracts'
import { createClockWatch, type ClockWatch } from './clock-watch.ts'
import { createPresence, type Presence } from './service-health.ts'

type Settings = Parameters<typeof createClockWatch>[0] & Parameters<typeof createPresence>[0]

export type FollowedPulses = {
  readonly presence: Presence
  readonly clockWatch: ClockWatch
  readonly hear: (pulse: ServicePulse) => void
}

/** Everything that a gateway reads from the pulses of the services. */
export const followPulses = (settings: Settings): FollowedPulses => {
  const presence = createPresence(settings)
  const clockWatch = createClockWatch(settings)
  return {
    presence,
    clockWatch,
    hear: (pulse) => {
      presence.hear(pulse)
      clockWatch.hear(pulse)
    },
  }
}
