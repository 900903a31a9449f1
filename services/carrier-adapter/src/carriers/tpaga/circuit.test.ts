import { afterEach, describe, expect, test } from '@jest/globals'
import { eventually } from '@recargas/runtime/testing'
import { classifyTopup } from './decision-table.ts'
import type { Evidence } from '../../domain/evidence.ts'
import type { CallResult } from '../../domain/call-result.ts'
import type { ProbeResult } from './calls.ts'
import { createCircuit, type Circuit, type CircuitPermit } from './circuit.ts'

const asked = { token: 't', number: '1', slug: 'tigo', amount: 1 }
const evidence = (callResult: CallResult): Evidence => classifyTopup(callResult, asked)
const answer = (httpStatus: number, value: object = {}, retryAfterMs?: number): Evidence =>
  evidence({
    kind: 'answer',
    httpStatus,
    body: { kind: 'json', value },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
const authorized = answer(200, { status: 'authorized' })
const inProgress = answer(200, { status: 'in_progress' })
const failed = answer(500)
const forbidden = answer(403)

const circuits: Circuit[] = []
afterEach(() => {
  for (const circuit of circuits.splice(0)) circuit.close()
})

type Probes = { answer: ProbeResult; count: number }
const aGate = (settings: { resetMs?: number; volume?: number } = {}) => {
  const probes: Probes = { answer: { kind: 'bad' }, count: 0 }
  const keyRefusals: string[] = []
  const changes: string[] = []
  const clock = { nowMs: 0 }
  const circuit = createCircuit({
    settings: {
      operation: 'topup',
      errorPercent: 50,
      volume: 2,
      windowMs: 10_000,
      resetMs: 15,
      ...settings,
    },
    probe: () => {
      probes.count += 1
      return Promise.resolve(probes.answer)
    },
    onCredentialsRefused: () => void keyRefusals.push('refused'),
    observer: { circuitChanged: ({ circuit }) => void changes.push(circuit) },
    now: () => clock.nowMs,
  })
  circuits.push(circuit)
  return { circuit, probes, clock, keyRefusals, changes }
}

const admitted = (circuit: Circuit): Extract<CircuitPermit, { kind: 'admitted' }> => {
  const pass = circuit.admit('sale')
  if (pass.kind === 'refused') throw new Error(`refused: ${pass.why}`)
  return pass
}
const sell = async (circuit: Circuit, result: Evidence) => {
  await admitted(circuit).run(() => Promise.resolve(result))
  // The seller gets the evidence first; the breaker hears of it in the same turn of the event loop.
  await new Promise(setImmediate)
}
const isRefused = (circuit: Circuit) => circuit.admit('sale').kind === 'refused'
const open = async (circuit: Circuit) => {
  await sell(circuit, failed)
  await sell(circuit, failed)
  expect(circuit.state().breaker).toBe('open')
}
const isAvailable = (circuit: Circuit) =>
  eventually(
    () => circuit.state().available,
    (available) => available,
  )

test('half of the calls may fail, more may not', async () => {
  const { circuit } = aGate({ volume: 4, resetMs: 60_000 })
  for (const each of [authorized, authorized, failed, failed]) await sell(circuit, each)
  expect(circuit.state().breaker).toBe('closed')
  await sell(circuit, failed)
  expect(circuit.state()).toEqual({
    available: false,
    reason: 'the carrier does not answer',
    breaker: 'open',
  })
})

test('each change of the circuit is told once, from open to the way back', async () => {
  const { circuit, probes, changes } = aGate()
  await open(circuit)
  expect(changes).toEqual(['open'])
  probes.answer = { kind: 'good' }
  await isAvailable(circuit)
  await sell(circuit, authorized)
  expect(changes.filter((circuit) => circuit !== 'half-open')).toEqual(['open', 'closed'])
  expect(changes.at(1)).toBe('half-open')
})

test('a refused configuration is told when it begins and when it is over, however often it is met', async () => {
  const { circuit, probes, changes } = aGate({ resetMs: 10 })
  await sell(circuit, forbidden)
  probes.answer = { kind: 'misconfigured', observed: '401 at the balance' }
  await eventually(
    () => probes.count,
    (count) => count >= 2,
  )
  expect(changes).toEqual(['misconfigured'])
  probes.answer = { kind: 'good' }
  await isAvailable(circuit)
  await sell(circuit, authorized)
  expect(changes).toEqual(['misconfigured', 'configured'])
})

test('a call admitted before it opened is not made after it', async () => {
  const { circuit } = aGate({ resetMs: 60_000 })
  const early = admitted(circuit)
  await open(circuit)
  let made = 0
  const result = await early.run(() => {
    made += 1
    return Promise.resolve(authorized)
  })
  expect([result, made]).toEqual(['breaker-open', 0])
})

test('an answer of a call from before neither closes nor opens it, but is given back', async () => {
  const { circuit, probes } = aGate({ resetMs: 30 })
  let finish: ((evidence: Evidence) => void) | undefined
  const late = admitted(circuit).run(() => new Promise((resolve) => (finish = resolve)))
  await open(circuit)
  probes.answer = { kind: 'good' }
  await isAvailable(circuit)
  finish?.(authorized)
  expect(await late).toBe(authorized)
  await new Promise(setImmediate)
  expect(circuit.state().breaker).toBe('half-open')
})

test('one call is let through on the way back; given back unused, it is another one', async () => {
  const { circuit, probes } = aGate()
  await open(circuit)
  probes.answer = { kind: 'good' }
  await isAvailable(circuit)
  const first = admitted(circuit)
  expect(isRefused(circuit)).toBe(true)
  first.release()
  const second = admitted(circuit)
  expect(isRefused(circuit)).toBe(true)
  await second.run(() => Promise.resolve(authorized))
  await new Promise(setImmediate)
  expect(circuit.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
})

test('a bug in the one call on the way back is told and does not bar the way', async () => {
  const { circuit, probes } = aGate()
  await open(circuit)
  probes.answer = { kind: 'good' }
  await isAvailable(circuit)
  await expect(admitted(circuit).run(() => Promise.reject(new Error('a bug')))).rejects.toThrow(
    'a bug',
  )
  await isAvailable(circuit)
  await sell(circuit, authorized)
  expect(circuit.state().breaker).toBe('closed')
})

describe('a refused configuration', () => {
  test('stops sales at once, whatever the breaker says', async () => {
    const { circuit } = aGate({ resetMs: 60_000 })
    await sell(circuit, forbidden)
    expect(circuit.state()).toEqual({
      available: false,
      reason: 'the carrier refuses our configuration: 403 no status',
      breaker: 'closed',
    })
    expect(circuit.admit('sale')).toEqual({ kind: 'refused', why: 'misconfigured' })
  })

  test('is over after a good probe and one clear sale, and not before', async () => {
    const { circuit, probes } = aGate()
    await sell(circuit, forbidden)
    await eventually(
      () => probes.count,
      (count) => count >= 2,
    )
    expect(isRefused(circuit)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(circuit)
    await sell(circuit, inProgress)
    expect(circuit.state().available).toBe(false)
    await isAvailable(circuit)
    await sell(circuit, authorized)
    expect(circuit.state().available).toBe(true)
    expect(isRefused(circuit)).toBe(false)
  })

  test('and a breaker that opens on the way back do not bar each other', async () => {
    const { circuit, probes } = aGate({ volume: 1 })
    await sell(circuit, forbidden)
    probes.answer = { kind: 'good' }
    for (let round = 0; round < 3; round += 1) {
      await isAvailable(circuit)
      await sell(circuit, failed)
      expect(circuit.state().available).toBe(false)
    }
    await isAvailable(circuit)
    await sell(circuit, authorized)
    expect(circuit.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
  })

  test('found by a probe is told as such', async () => {
    const { circuit, probes } = aGate()
    await open(circuit)
    probes.answer = { kind: 'misconfigured', observed: '401 at the balance' }
    await eventually(
      () => circuit.state().reason ?? '',
      (reason) => reason.includes('401 at the balance'),
    )
    probes.answer = { kind: 'good' }
    await isAvailable(circuit)
    await sell(circuit, authorized)
    expect(circuit.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
  })
})

describe('a key that another operation was refused for', () => {
  test.each([
    [401, 1],
    [403, 1],
    [404, 0],
  ])('is told of when the carrier says %i', async (status, told) => {
    const { circuit, keyRefusals } = aGate()
    await sell(circuit, answer(status))
    expect(circuit.state().available).toBe(false)
    expect(keyRefusals).toHaveLength(told)
  })

  test('makes this one misconfigured too once the balance refuses it, and a half-open trial leads back', async () => {
    const { circuit, probes } = aGate()
    probes.answer = { kind: 'misconfigured', observed: '401 at the balance' }
    circuit.recheckCredentials()
    await eventually(
      () => circuit.state().reason ?? '',
      (reason) => reason.includes('401 at the balance'),
    )
    expect(isRefused(circuit)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(circuit)
    await sell(circuit, authorized)
    expect(isRefused(circuit)).toBe(false)
  })

  test.each(['good', 'bad'] as const)(
    'leaves this one open when the balance is %s: only the right to the other is missing',
    async (kind) => {
      const { circuit, probes } = aGate()
      probes.answer = { kind }
      circuit.recheckCredentials()
      await new Promise(setImmediate)
      expect(probes.count).toBe(1)
      expect(circuit.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
    },
  )
})

describe('a repeat', () => {
  const isKeptBack = (circuit: Circuit) => circuit.admit('repeat').kind === 'refused'

  test('is admitted while the way is open', () => {
    expect(isKeptBack(aGate().circuit)).toBe(false)
  })

  test('is kept back while the way back is tried, and takes no turn of a sale', async () => {
    const { circuit, probes } = aGate()
    await open(circuit)
    expect(isKeptBack(circuit)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(circuit)
    expect(isKeptBack(circuit)).toBe(true)
    await sell(circuit, authorized)
    expect(isKeptBack(circuit)).toBe(false)
  })

  test('is kept back while the carrier refuses our configuration', async () => {
    const { circuit, probes } = aGate()
    await sell(circuit, forbidden)
    expect(isKeptBack(circuit)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(circuit)
    expect(isKeptBack(circuit)).toBe(true)
  })
})

test('a pause that was asked for holds until its end', async () => {
  const { circuit, clock } = aGate()
  await sell(circuit, answer(429, {}, 2_000))
  expect(circuit.admit('sale')).toEqual({ kind: 'refused', why: 'throttled' })
  clock.nowMs = 1_999
  expect(isRefused(circuit)).toBe(true)
  clock.nowMs = 2_000
  expect(isRefused(circuit)).toBe(false)
})
