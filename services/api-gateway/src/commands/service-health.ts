import type { PulsingService, ServicePulse } from '@recargas/contracts'

type Settings = {
  readonly monotonicMs: () => number
  /** A service of which no instance was heard for so long is away. */
  readonly silentAfterMs: number
}

export type Presence = {
  readonly hear: (pulse: ServicePulse) => void
  /** Ready: at least one instance said so lately; else why not. */
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

/** Far more than anybody runs; what is heard beyond it is not kept. */
const instancesMax = 1_000

/** Who lives, by what each says of itself: known of all instances, wherever they run, and for a silent end too. */
export const createPresence = ({ monotonicMs, silentAfterMs }: Settings): Presence => {
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
