import { setTimeout as pause } from 'node:timers/promises'
import { counted, missed, type Injection, type Outcome } from './injection.ts'
import type { LinkFault } from './plan.ts'
import { isHealthy, seesEffect } from './probe.ts'

/** How long a link stays disturbed, what looking at it takes included. */
const holdMs = 3_500

export const breakNetwork = async (
  { stack: { proxies, followPrimary } }: Injection,
  { kind, target }: LinkFault,
): Promise<Outcome> => {
  if (proxies === null) return missed('no toxiproxy')
  if (target === 'mongodb') await followPrimary()
  const port = proxies.port(target)
  if (!(await isHealthy(target, port))) {
    // What an earlier try could not take away, the proxy being slow itself.
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
