import { randomUUID } from 'node:crypto'
import type { TrackedService, ServiceHeartbeat } from '@recargas/contracts'
import type { ReadinessCheck } from './ops-routes.ts'
import { runRounds } from './rounds.ts'

type Settings = {
  readonly service: TrackedService
  readonly checks: readonly ReadinessCheck[]
  /** Publishes the heartbeat to every gateway. Never rejects, and is bounded in time: the next heartbeat waits for it. */
  readonly send: (heartbeat: ServiceHeartbeat) => Promise<unknown>
  readonly everyMs?: number
  /** The name of this process, for one that consumes its own heartbeats too. */
  readonly instance?: string
}

/** Half of the shortest silence that a gateway may take for an end. */
const heartbeatEveryMs = 1_000
const reasonLengthMax = 1_000

/** Publishes the result of /ready to the gateways at intervals: a silent service counts as away, whatever the cause. */
export const runHeartbeat = ({
  service,
  checks,
  send,
  everyMs = heartbeatEveryMs,
  instance = randomUUID(),
}: Settings) => {
  let count = 0
  const heartbeat = async (): Promise<void> => {
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
  // A heartbeat that cannot be sent is dropped on purpose: the gap is the signal.
  return runRounds(heartbeat, { everyMs, begin: 'at-once', onFailure: () => undefined })
}

/** Reads the failing readiness checks, by part; null when none fails. */
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
