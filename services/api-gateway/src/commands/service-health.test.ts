import { expect, test } from '@jest/globals'
import type { PulsingService, ServicePulse } from '@recargas/contracts'
import { createServiceHealth } from './service-health.ts'

const clock = () => {
  let now = 1_000
  return { now: () => now, pass: (ms: number) => (now += ms) }
}

const pulseOf = (
  instance: string,
  reason: string | null = null,
  service: PulsingService = 'ledger',
): ServicePulse => ({
  specversion: '1.0',
  id: `${instance}:1`,
  source: service,
  type: 'ServicePulse.v1',
  subject: instance,
  time: new Date(0).toISOString(),
  correlationid: `${instance}:1`,
  data: { service, instance, ready: reason === null, reason },
})

const aPresence = () => {
  const { now, pass } = clock()
  return { ...createServiceHealth({ monotonicMs: now, silentAfterMs: 6_000 }), pass }
}

test('a service nobody has heard is away, and comes with its first word', () => {
  const { hear, state } = aPresence()
  expect(state('ledger')).toEqual({
    ready: false,
    reason: 'no ledger has been heard for 6000 ms',
  })
  hear(pulseOf('one'))
  expect(state('ledger')).toEqual({ ready: true, reason: null })
  expect(state('carrier-adapter').ready).toBe(false)
})

test('one that falls silent counts until the limit, and no longer', () => {
  const { hear, state, pass } = aPresence()
  hear(pulseOf('one'))
  pass(6_000)
  expect(state('ledger').ready).toBe(true)
  pass(1)
  expect(state('ledger').ready).toBe(false)
})

test('one instance that works is enough; where none does, its own reason is told', () => {
  const { hear, state, pass } = aPresence()
  hear(pulseOf('one', 'database: MongoDB has no writable primary'))
  expect(state('ledger')).toEqual({
    ready: false,
    reason: 'database: MongoDB has no writable primary',
  })
  hear(pulseOf('two'))
  expect(state('ledger').ready).toBe(true)
  pass(5_000)
  hear(pulseOf('one', 'database: MongoDB has no writable primary'))
  pass(2_000)
  expect(state('ledger').ready).toBe(false)
})

test('instances that come and go leave nothing behind, and a flood of them is not kept', () => {
  const { hear, state, pass } = aPresence()
  for (let flood = 0; flood < 2_000; flood += 1) hear(pulseOf(`i${flood}`, 'ill'))
  hear(pulseOf('one too many'))
  expect(state('ledger').ready).toBe(false)
  pass(6_001)
  hear(pulseOf('one'))
  expect(state('ledger').ready).toBe(true)
})
