import type { PulsingService, ServicePulse } from '@recargas/contracts'

type Settings = {
  readonly monotonicMs: () => number
  /** An instance that sends no heartbeat for so long counts as down. */
  readonly silentAfterMs: number
}

export type ServiceHealth = {
  readonly hear: (pulse: ServicePulse) => void
  /** Ready while at least one instance reports so; else the reason. */
  readonly state: (service: PulsingService) => {
    readonly ready: boolean
    readonly reason: string | null
  }
}

type Heard = {
  readonly service: PulsingService
  readonly ready: boolean
  readonly reason: string | null
  readonly at: number
}

/** Bounds the memory; heartbeats of further instances are dropped. */
const instancesMax = 1_000

/** Tracks every service instance by its heartbeats. An instance that is silent for `silentAfterMs` counts as down. */
export const createServiceHealth = ({ monotonicMs, silentAfterMs }: Settings): ServiceHealth => {
  const heard = new Map<string, Heard>()
  const forgetSilent = (): void => {
    const since = monotonicMs() - silentAfterMs
    for (const [instance, { at }] of heard) if (at < since) heard.delete(instance)
  }
  return {
    hear: ({ data: { service, instance, ready, reason } }) => {
      forgetSilent()
      if (heard.size >= instancesMax && !heard.has(instance)) return
      heard.set(instance, { service, ready, reason, at: monotonicMs() })
    },
    state: (service) => {
      forgetSilent()
      const instances = [...heard.values()].filter((each) => each.service === service)
      if (instances.some(({ ready }) => ready)) return { ready: true, reason: null }
      const silence = `no ${service} has been heard for ${silentAfterMs} ms`
      return { ready: false, reason: instances[0]?.reason ?? silence }
    },
  }
}
