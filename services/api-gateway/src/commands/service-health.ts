import type { TrackedService, ServiceHeartbeat } from '@recargas/contracts'

export type ServiceHealthSettings = {
  readonly monotonicMs: () => number
  /** An instance that sends no heartbeat for so long counts as down. */
  readonly silentAfterMs: number
}

export type ServiceHealth = {
  readonly receive: (heartbeat: ServiceHeartbeat) => void
  /** Ready while at least one instance reports so; else the reason. */
  readonly state: (service: TrackedService) => {
    readonly ready: boolean
    readonly reason: string | null
  }
  /** Instances that send heartbeats, and those of them that are ready. */
  readonly count: (service: TrackedService) => { readonly alive: number; readonly ready: number }
}

type Received = {
  readonly service: TrackedService
  readonly ready: boolean
  readonly reason: string | null
  readonly at: number
}

/** Bounds the memory; heartbeats of further instances are dropped. */
const instancesMax = 1_000

/** Tracks every service instance by its heartbeats. An instance that is silent for `silentAfterMs` counts as down. */
export const createServiceHealth = ({
  monotonicMs,
  silentAfterMs,
}: ServiceHealthSettings): ServiceHealth => {
  const received = new Map<string, Received>()
  const forgetSilent = (): void => {
    const since = monotonicMs() - silentAfterMs
    for (const [instance, { at }] of received) if (at < since) received.delete(instance)
  }
  const instancesOf = (service: TrackedService): readonly Received[] => {
    forgetSilent()
    return [...received.values()].filter((each) => each.service === service)
  }
  return {
    receive: ({ data: { service, instance, ready, reason } }) => {
      forgetSilent()
      if (received.size >= instancesMax && !received.has(instance)) return
      received.set(instance, { service, ready, reason, at: monotonicMs() })
    },
    state: (service) => {
      const instances = instancesOf(service)
      if (instances.some(({ ready }) => ready)) return { ready: true, reason: null }
      const silence = `no ${service} has been heard for ${silentAfterMs} ms`
      return { ready: false, reason: instances[0]?.reason ?? silence }
    },
    count: (service) => {
      const instances = instancesOf(service)
      return { alive: instances.length, ready: instances.filter(({ ready }) => ready).length }
    },
  }
}
