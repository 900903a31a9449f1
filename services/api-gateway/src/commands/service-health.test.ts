import { expect, test } from '@jest/globals'
import type { TrackedService, ServiceHeartbeat } from '@recargas/contracts'
import { createServiceHealth } from './service-health.ts'

const clock = () => {
  let now = 1_000
  return { now: () => now, pass: (ms: number) => (now += ms) }
}

const heartbeatOf = (
  instance: string,
  reason: string | null = null,
  service: TrackedService = 'ledger',
): ServiceHeartbeat => ({
  specversion: '1.0',
  id: `${instance}:1`,
  source: service,
  type: 'ServicePulse.v1',
  subject: instance,
  time: new Date(0).toISOString(),
  correlationid: `${instance}:1`,
  data: { service, instance, ready: reason === null, reason },
})

const aServiceHealth = () => {
  const { now, pass } = clock()
  return { ...createServiceHealth({ monotonicMs: now, silentAfterMs: 6_000 }), pass }
}

test('a service without a heartbeat is down, and up with its first one', () => {
  const { receive, state } = aServiceHealth()
  expect(state('ledger')).toEqual({
    ready: false,
    reason: 'no ledger has been heard for 6000 ms',
  })
  receive(heartbeatOf('one'))
  expect(state('ledger')).toEqual({ ready: true, reason: null })
  expect(state('carrier-adapter').ready).toBe(false)
})

test('one that falls silent counts until the limit, and no longer', () => {
  const { receive, state, pass } = aServiceHealth()
  receive(heartbeatOf('one'))
  pass(6_000)
  expect(state('ledger').ready).toBe(true)
  pass(1)
  expect(state('ledger').ready).toBe(false)
})

test('one ready instance is enough; without one, its own reason is given', () => {
  const { receive, state, pass } = aServiceHealth()
  receive(heartbeatOf('one', 'database: MongoDB has no writable primary'))
  expect(state('ledger')).toEqual({
    ready: false,
    reason: 'database: MongoDB has no writable primary',
  })
  receive(heartbeatOf('two'))
  expect(state('ledger').ready).toBe(true)
  pass(5_000)
  receive(heartbeatOf('one', 'database: MongoDB has no writable primary'))
  pass(2_000)
  expect(state('ledger').ready).toBe(false)
})

test('instances that come and go leave nothing behind, and a flood of them is not kept', () => {
  const { receive, state, pass } = aServiceHealth()
  for (let flood = 0; flood < 2_000; flood += 1) receive(heartbeatOf(`i${flood}`, 'ill'))
  receive(heartbeatOf('one too many'))
  expect(state('ledger').ready).toBe(false)
  pass(6_001)
  receive(heartbeatOf('one'))
  expect(state('ledger').ready).toBe(true)
})
