import { setTimeout as pause } from 'node:timers/promises'
import { isAlive, isStopped } from '../runner/usage.ts'
import { messageFaults } from './break-messages.ts'
import { serverFaults } from './break-servers.ts'
import { counted, missed, type Break, type Injection, type Outcome } from './injection.ts'
import { isLive, type Instance } from './instances.ts'
import { linkFaultNames, services } from './plan.ts'
import type { Fault, FaultName, Link, NetworkFault, Service } from './plan.ts'
import { isHealthy, seesEffect } from './probe.ts'

const inFlightLimitMs = 15_000
const triesMax = 5
const tryPauseMs = 1_000
/** Longer than two heartbeats, after which the broker gives a connection up. */
const servicePauseMs = 6_000
/** Duration of a link's disturbance, including the probes. */
const linkHoldMs = 3_500

/** Breaks and heals, again where its effect was not seen. */
export const inject = async (
  injection: Injection,
  fault: Fault,
  say: (line: string) => void,
): Promise<boolean> => {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const outcome = await breakOnce(injection, fault).catch((error: unknown) =>
      missed(String(error)),
    )
    if (outcome.kind === 'counted') return true
    say(`${fault.name} not counted: ${outcome.reason}`)
    await pause(tryPauseMs)
  }
  return false
}

const breakOnce = async (injection: Injection, { name, instance }: Fault): Promise<Outcome> =>
  (await waitInFlight(injection)) ? faults[name](injection, instance) : missed('no sale in flight')

/** Waits for a sale to be under way: a fault without any effect proves nothing. */
export const waitInFlight = async ({ inFlight }: Pick<Injection, 'inFlight'>): Promise<boolean> => {
  const deadline = performance.now() + inFlightLimitMs
  while (inFlight() === 0) {
    if (performance.now() > deadline) return false
    await pause(20)
  }
  return true
}

const onService =
  (service: Service, use: (instance: Instance, pid: number) => Promise<Outcome>): Break =>
  ({ stack }, index) => {
    const instance = stack.of(service)[index]
    if (instance === undefined) return Promise.resolve(missed('no such instance'))
    return instance.alone(async () => {
      const pid = instance.process.pid()
      if (pid !== null && (await isLive(instance.process.url))) return use(instance, pid)
      await instance.revive()
      return missed('it was not alive')
    })
  }

const kill = async ({ process, revive }: Instance, pid: number): Promise<Outcome> => {
  await process.kill('SIGKILL')
  const isGone = !isAlive(pid)
  await revive()
  return isGone && process.pid() !== pid ? counted : missed('its process is the same')
}

const stopAndContinue = async ({ process, revive }: Instance, pid: number): Promise<Outcome> => {
  try {
    await process.kill('SIGSTOP')
    await pause(servicePauseMs)
    if (!isStopped(pid) || (await isLive(process.url))) return missed('it was not stopped')
  } finally {
    await process.kill('SIGCONT')
  }
  await revive()
  return counted
}

const breakLink = async (
  { stack: { proxies, followPrimary } }: Injection,
  kind: NetworkFault,
  target: Link,
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
    await pause(Math.max(0, linkHoldMs - (performance.now() - startedAt)))
    return isSeen ? counted : missed('its effect was not seen')
  } finally {
    await proxies.heal(target)
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
    (injection) => breakLink(injection, kind, link),
  ]),
) as Readonly<Record<`${NetworkFault} ${Link}`, Break>>

/** Every way in which the stack is broken, by its name in a report. */
const faults: Readonly<Record<FaultName, Break>> = {
  ...serviceFaults,
  ...serverFaults,
  ...linkFaults,
  ...messageFaults,
}
