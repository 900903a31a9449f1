import { randomUUID } from 'node:crypto'
import type { PulsingService, ServicePulse } from '@recargas/contracts'
import type { ReadinessCheck } from './ops-routes.ts'
import { runRounds } from './rounds.ts'

type Settings = {
  readonly service: PulsingService
  readonly checks: readonly ReadinessCheck[]
  /** Sends it to every gateway. Never rejects, and is bounded in time: the next pulse waits for it. */
  readonly send: (pulse: ServicePulse) => Promise<unknown>
  readonly everyMs?: number
  /** The name of this process, for one that listens to its own pulses too. */
  readonly instance?: string
}

/** Half of the shortest silence that a gateway may take for an end. */
const pulseEveryMs = 1_000
const reasonLengthMax = 1_000

/** Tells the gateways, again and again, what /ready says: who is silent is away, whatever the cause. */
export const runPulse = ({
  service,
  checks,
  send,
  everyMs = pulseEveryMs,
  instance = randomUUID(),
}: Settings) => {
  let count = 0
  const pulse = async (): Promise<void> => {
    const reason = await reasonOf(checks)
    count += 1
    const id = `${instance}:${count}`
    await send({
      specversion: '1.0',
      id,
      source: service,
      type: 'ServicePulse.v1',
      subject: instance,
      time: new Date().toISOString(),
      correlationid: id,
      data: { service, instance, ready: reason === null, reason },
    })
  }
  // One that fails is one that is missed: to be missed is its meaning.
  return runRounds(pulse, { everyMs, begin: 'at-once', onFailure: () => undefined })
}

/** What keeps the service from its work, by part; null when nothing does. */
const reasonOf = async (checks: readonly ReadinessCheck[]): Promise<string | null> => {
  const parts = await Promise.all(
    checks.map(async ({ name, check }) => {
      const { ready, reason } = await check()
      return ready ? [] : [`${name}: ${reason ?? 'not ready'}`]
    }),
  )
  const reasons = parts.flat()
  return reasons.length === 0 ? null : reasons.join('; ').slice(0, reasonLengthMax)
}
