import { setTimeout as pause } from 'node:timers/promises'
import { counted, missed, type Injection, type Outcome } from './injection.ts'
import type { LinkFault } from './plan.ts'
import { isHealthy, seesEffect } from './probe.ts'

/** Duration of a link's disturbance, including the probes. */
const holdMs = 3_500

export const breakNetwork = async (
  { stack: { proxies, followPrimary } }: Injection,
  { kind, target }: LinkFault,
): Promise<Outcome> => {
  if (proxies === null) return missed('no toxiproxy')
  if (target === 'mongodb') await followPrimary()
  const port = proxies.port(target)
  if (!(await isHealthy(target, port))) {
    // Removes toxics that an earlier try left behind because the proxy was slow.
    await proxies.heal(target)
    return missed('the link was not healthy before')
  }
  const startedAt = performance.now()
  try {
    await proxies.disturb(target, kind)
    const isSeen = await seesEffect(kind, target, port)
    await pause(Math.max(0, holdMs - (performance.now() - startedAt)))
    return isSeen ? counted : missed('its effect was not seen')
  } finally {
    await proxies.heal(target)
  }
}
