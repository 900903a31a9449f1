import { setTimeout as pause } from 'node:timers/promises'
import { messageFaults } from './break-messages.ts'
import { serverFaults } from './break-servers.ts'
import {
  counted,
  killAndStart,
  missed,
  standStill,
  type Break,
  type FaultContext,
  type Outcome,
} from './break.ts'
import { isLive, type Instance } from './instances.ts'
import { linkFaultNames, services } from './plan.ts'
import type { FaultName, Link, NetworkFault, Service } from './plan.ts'
import { isHealthy, seesEffect } from './probe.ts'

/** Longer than two heartbeats, after which the broker gives a connection up. */
const servicePauseMs = 6_000
/** Duration of a link's disturbance, including the probes. */
const linkHoldMs = 3_500

const onService =
  (service: Service, use: (instance: Instance) => Promise<Outcome>): Break =>
  ({ stack }, index) => {
    const instance = stack.of(service)[index]
    if (instance === undefined) return Promise.resolve(missed('no such instance'))
    return instance.alone(async () => {
      const isAlive = await isLive(instance.process.url)
      const outcome = isAlive ? await use(instance) : missed('it was not alive')
      await instance.revive()
      return outcome
    })
  }

const kill = ({ process, revive: start }: Instance): Promise<Outcome> =>
  killAndStart({ ...process, start, signal: (signal) => void process.kill(signal) })

const stopAndContinue = ({ process }: Instance): Promise<Outcome> =>
  standStill({ ...process, signal: (signal) => void process.kill(signal) }, servicePauseMs, () =>
    isLive(process.url),
  )

const breakLink = async (
  { stack: { proxies, followPrimary } }: FaultContext,
  kind: NetworkFault,
  target: Link,
): Promise<Outcome> => {
  if (proxies === null) return missed('no toxiproxy')
  if (target === 'mongodb') await followPrimary()
  const port = proxies.port(target)
  if (!(await isHealthy(target, port))) {
    // Removes toxics that an earlier try left behind because the proxy was slow.
    await proxies.heal()
    return missed('the link was not healthy before')
  }
  const startedAt = performance.now()
  try {
    await proxies.disturb(target, kind)
    const isSeen = await seesEffect(kind, target, port)
    await pause(Math.max(0, linkHoldMs - (performance.now() - startedAt)))
    return isSeen ? counted : missed('its effect was not seen')
  } finally {
    await proxies.heal()
  }
}

const serviceFaults = Object.fromEntries(
  services.flatMap((service) => [
    [`kill ${service}`, onService(service, kill)],
    [`pause ${service}`, onService(service, stopAndContinue)],
  ]),
) as Readonly<Record<`${'kill' | 'pause'} ${Service}`, Break>>

const linkFaults = Object.fromEntries(
  linkFaultNames.map(({ kind, link, name }): [string, Break] => [
    name,
    (context) => breakLink(context, kind, link),
  ]),
) as Readonly<Record<`${NetworkFault} ${Link}`, Break>>

export const faults: Readonly<Record<FaultName, Break>> = {
  ...serviceFaults,
  ...serverFaults,
  ...linkFaults,
  ...messageFaults,
}
