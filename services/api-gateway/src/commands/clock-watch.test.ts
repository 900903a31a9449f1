import { describe, expect, test } from '@jest/globals'
import type { ServiceHeartbeat } from '@recargas/contracts'
import { createClockWatch } from './clock-watch.ts'

const start = Date.parse('2026-01-01T12:00:00Z')

/** A gateway beside ledgers, each with a clock of its own and a way through the broker that may be slow. */
const aGateway = () => {
  const world = { ms: 0, gatewayAheadMs: 0 }
  const gatewayClock = () => start + world.ms + world.gatewayAheadMs
  const { receive, state } = createClockWatch({
    instance: 'me',
    now: gatewayClock,
    monotonicMs: () => world.ms,
    skewMsMax: 2_000,
  })
  const heartbeatOf = (
    service: 'ledger' | 'api-gateway' | 'carrier-adapter',
    instance: string,
    time: number,
  ): ServiceHeartbeat => ({
    specversion: '1.0',
    id: `${instance}:1`,
    source: service,
    type: 'ServicePulse.v1',
    subject: instance,
    time: new Date(time).toISOString(),
    correlationid: `${instance}:1`,
    data: { service, instance, ready: true, reason: null },
  })
  type Way = { readonly ledgerAheadMs?: number; readonly wayMs?: number; readonly ledger?: string }
  return {
    world,
    state,
    receive,
    heartbeatOf,
    /** The ledger's heartbeat and the gateway's own, as they arrive now. */
    second: ({ ledgerAheadMs = 0, wayMs = 5, ledger = 'one' }: Way = {}) => {
      world.ms += 1_000
      receive(heartbeatOf('ledger', ledger, start + world.ms - wayMs + ledgerAheadMs))
      receive(heartbeatOf('api-gateway', 'me', gatewayClock() - wayMs))
    },
  }
}
const seconds = (count: number, each: () => void) => {
  for (let second = 0; second < count; second += 1) each()
}

test('a gateway in step is ready, also before it has heard anything and at the edge of the skew', () => {
  for (const gatewayAheadMs of [0, 2_000, -1_990]) {
    const gateway = aGateway()
    expect(gateway.state()).toEqual({ ready: true, reason: null })
    gateway.world.gatewayAheadMs = gatewayAheadMs
    seconds(15, gateway.second)
    expect(gateway.state()).toEqual({ ready: true, reason: null })
  }
})

test('a gateway that is behind reports it at the first heartbeat, which cannot be early', () => {
  const gateway = aGateway()
  gateway.world.gatewayAheadMs = -3_000
  gateway.second()
  expect(gateway.state()).toEqual({
    ready: false,
    reason: "this gateway's clock is at least 3.0 s behind the ledger's, and 2 s are allowed",
  })
})

test('a gateway that is ahead reports it within seconds, and not by one late heartbeat', () => {
  const gateway = aGateway()
  gateway.world.gatewayAheadMs = 3_000
  gateway.second()
  expect(gateway.state().ready).toBe(true)
  seconds(5, gateway.second)
  expect(gateway.state()).toEqual({
    ready: false,
    reason: "this gateway's clock is at least 3.0 s ahead of the ledger's, and 2 s are allowed",
  })
})

describe('heartbeats that waited on their way', () => {
  test('prove nothing where all of them did: those of the gateway itself were as late', () => {
    const gateway = aGateway()
    seconds(20, () => gateway.second({ wayMs: 6_000 }))
    expect(gateway.state().ready).toBe(true)
  })

  test('prove nothing where they come together after the broker was blocked', () => {
    const gateway = aGateway()
    seconds(10, gateway.second)
    gateway.world.ms += 30_000
    for (let second = 30; second > 3; second -= 1) {
      gateway.receive(
        gateway.heartbeatOf('ledger', 'one', start + gateway.world.ms - second * 1_000),
      )
      expect(gateway.state().ready).toBe(true)
    }
  })

  test('do not hide that the gateway is behind by more than they are late', () => {
    const gateway = aGateway()
    gateway.world.gatewayAheadMs = -30_000
    gateway.second({ wayMs: 20_000 })
    expect(gateway.state().ready).toBe(false)
  })
})

test('the gateway is ready again once its clock is set right', () => {
  const gateway = aGateway()
  gateway.world.gatewayAheadMs = -60_000
  seconds(3, gateway.second)
  expect(gateway.state().ready).toBe(false)
  gateway.world.gatewayAheadMs = 0
  seconds(11, gateway.second)
  expect(gateway.state().ready).toBe(true)
})

test('one ledger that agrees is enough: the other ledger’s clock is wrong', () => {
  const gateway = aGateway()
  seconds(8, () => {
    gateway.second({ ledger: 'wrong', ledgerAheadMs: 60_000 })
    gateway.second({ ledger: 'right' })
  })
  expect(gateway.state().ready).toBe(true)
  seconds(12, () => gateway.second({ ledger: 'wrong', ledgerAheadMs: 60_000 }))
  expect(gateway.state().ready).toBe(false)
})

test('the heartbeats of adapters and of other gateways are no measure', () => {
  const gateway = aGateway()
  seconds(10, gateway.second)
  gateway.receive(gateway.heartbeatOf('carrier-adapter', 'a', start + 3_600_000))
  gateway.receive(gateway.heartbeatOf('api-gateway', 'another', start + 3_600_000))
  expect(gateway.state().ready).toBe(true)
})

test('a ledger that is silent since counts no longer, and a flood of instances is not kept', () => {
  const gateway = aGateway()
  gateway.world.gatewayAheadMs = -60_000
  gateway.second()
  gateway.world.ms += 10_001
  expect(gateway.state().ready).toBe(true)
  for (let flood = 0; flood < 1_000; flood += 1) {
    gateway.receive(
      gateway.heartbeatOf('ledger', `flood-${flood}`, start + gateway.world.ms - 60_000),
    )
  }
  expect(gateway.state().ready).toBe(true)
})
