import { afterEach, describe, expect, test } from '@jest/globals'
import { classifyTopup, type Evidence, type Observation } from '../domain/verdict.ts'
import { eventually } from '../testing/jobs.ts'
import type { ProbeResult } from './calls.ts'
import { createGate, type Gate, type Pass } from './gate.ts'

const asked = { token: 't', number: '1', slug: 'tigo', amount: 1 }
const evidence = (observation: Observation): Evidence => classifyTopup(observation, asked)
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

const gates: Gate[] = []
afterEach(() => {
  for (const gate of gates.splice(0)) gate.close()
})

type Probes = { answer: ProbeResult; count: number }
const aGate = (settings: { resetMs?: number; volume?: number } = {}) => {
  const probes: Probes = { answer: { kind: 'bad' }, count: 0 }
  const keyRefusals: string[] = []
  const changes: string[] = []
  const clock = { nowMs: 0 }
  const gate = createGate({
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
    onKeyRefused: () => void keyRefusals.push('refused'),
    observer: { circuitChanged: ({ circuit }) => void changes.push(circuit) },
    now: () => clock.nowMs,
  })
  gates.push(gate)
  return { gate, probes, clock, keyRefusals, changes }
}

const admitted = (gate: Gate): Extract<Pass, { kind: 'admitted' }> => {
  const pass = gate.admit('sale')
  if (pass.kind === 'refused') throw new Error(`refused: ${pass.why}`)
  return pass
}
const sell = async (gate: Gate, result: Evidence) => {
  await admitted(gate).run(() => Promise.resolve(result))
  // The seller gets the evidence first; the breaker hears of it in the same turn of the event loop.
  await new Promise(setImmediate)
}
const isRefused = (gate: Gate) => gate.admit('sale').kind === 'refused'
const open = async (gate: Gate) => {
  await sell(gate, failed)
  await sell(gate, failed)
  expect(gate.state().breaker).toBe('open')
}
const isAvailable = (gate: Gate) =>
  eventually(
    () => gate.state().available,
    (available) => available,
  )

test('half of the calls may fail, more may not', async () => {
  const { gate } = aGate({ volume: 4, resetMs: 60_000 })
  for (const each of [authorized, authorized, failed, failed]) await sell(gate, each)
  expect(gate.state().breaker).toBe('closed')
  await sell(gate, failed)
  expect(gate.state()).toEqual({
    available: false,
    reason: 'the carrier does not answer',
    breaker: 'open',
  })
})

test('each change of the circuit is told once, from open to the way back', async () => {
  const { gate, probes, changes } = aGate()
  await open(gate)
  expect(changes).toEqual(['open'])
  probes.answer = { kind: 'good' }
  await isAvailable(gate)
  await sell(gate, authorized)
  expect(changes.filter((circuit) => circuit !== 'half-open')).toEqual(['open', 'closed'])
  expect(changes.at(1)).toBe('half-open')
})

test('a refused configuration is told when it begins and when it is over, however often it is met', async () => {
  const { gate, probes, changes } = aGate({ resetMs: 10 })
  await sell(gate, forbidden)
  probes.answer = { kind: 'misconfigured', observed: '401 at the balance' }
  await eventually(
    () => probes.count,
    (count) => count >= 2,
  )
  expect(changes).toEqual(['misconfigured'])
  probes.answer = { kind: 'good' }
  await isAvailable(gate)
  await sell(gate, authorized)
  expect(changes).toEqual(['misconfigured', 'configured'])
})

test('a call admitted before it opened is not made after it', async () => {
  const { gate } = aGate({ resetMs: 60_000 })
  const early = admitted(gate)
  await open(gate)
  let made = 0
  const result = await early.run(() => {
    made += 1
    return Promise.resolve(authorized)
  })
  expect([result, made]).toEqual(['breaker-open', 0])
})

test('an answer of a call from before neither closes nor opens it, but is given back', async () => {
  const { gate, probes } = aGate({ resetMs: 30 })
  let finish: ((evidence: Evidence) => void) | undefined
  const late = admitted(gate).run(() => new Promise((resolve) => (finish = resolve)))
  await open(gate)
  probes.answer = { kind: 'good' }
  await isAvailable(gate)
  finish?.(authorized)
  expect(await late).toBe(authorized)
  await new Promise(setImmediate)
  expect(gate.state().breaker).toBe('half-open')
})

test('one call is let through on the way back; given back unused, it is another one', async () => {
  const { gate, probes } = aGate()
  await open(gate)
  probes.answer = { kind: 'good' }
  await isAvailable(gate)
  const first = admitted(gate)
  expect(isRefused(gate)).toBe(true)
  first.release()
  const second = admitted(gate)
  expect(isRefused(gate)).toBe(true)
  await second.run(() => Promise.resolve(authorized))
  await new Promise(setImmediate)
  expect(gate.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
})

test('a bug in the one call on the way back is told and does not bar the way', async () => {
  const { gate, probes } = aGate()
  await open(gate)
  probes.answer = { kind: 'good' }
  await isAvailable(gate)
  await expect(admitted(gate).run(() => Promise.reject(new Error('a bug')))).rejects.toThrow(
    'a bug',
  )
  await isAvailable(gate)
  await sell(gate, authorized)
  expect(gate.state().breaker).toBe('closed')
})

describe('a refused configuration', () => {
  test('stops sales at once, whatever the breaker says', async () => {
    const { gate } = aGate({ resetMs: 60_000 })
    await sell(gate, forbidden)
    expect(gate.state()).toEqual({
      available: false,
      reason: 'the carrier refuses our configuration: 403 no status',
      breaker: 'closed',
    })
    expect(gate.admit('sale')).toEqual({ kind: 'refused', why: 'misconfigured' })
  })

  test('is over after a good probe and one clear sale, and not before', async () => {
    const { gate, probes } = aGate()
    await sell(gate, forbidden)
    await eventually(
      () => probes.count,
      (count) => count >= 2,
    )
    expect(isRefused(gate)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(gate)
    await sell(gate, inProgress)
    expect(gate.state().available).toBe(false)
    await isAvailable(gate)
    await sell(gate, authorized)
    expect(gate.state().available).toBe(true)
    expect(isRefused(gate)).toBe(false)
  })

  test('and a breaker that opens on the way back do not bar each other', async () => {
    const { gate, probes } = aGate({ volume: 1 })
    await sell(gate, forbidden)
    probes.answer = { kind: 'good' }
    for (let round = 0; round < 3; round += 1) {
      await isAvailable(gate)
      await sell(gate, failed)
      expect(gate.state().available).toBe(false)
    }
    await isAvailable(gate)
    await sell(gate, authorized)
    expect(gate.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
  })

  test('found by a probe is told as such', async () => {
    const { gate, probes } = aGate()
    await open(gate)
    probes.answer = { kind: 'misconfigured', observed: '401 at the balance' }
    await eventually(
      () => gate.state().reason ?? '',
      (reason) => reason.includes('401 at the balance'),
    )
    probes.answer = { kind: 'good' }
    await isAvailable(gate)
    await sell(gate, authorized)
    expect(gate.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
  })
})

describe('a key that another operation was refused for', () => {
  test.each([
    [401, 1],
    [403, 1],
    [404, 0],
  ])('is told of when the carrier says %i', async (status, told) => {
    const { gate, keyRefusals } = aGate()
    await sell(gate, answer(status))
    expect(gate.state().available).toBe(false)
    expect(keyRefusals).toHaveLength(told)
  })

  test('latches this one too once the balance refuses it, and the usual way leads back', async () => {
    const { gate, probes } = aGate()
    probes.answer = { kind: 'misconfigured', observed: '401 at the balance' }
    gate.suspectKey()
    await eventually(
      () => gate.state().reason ?? '',
      (reason) => reason.includes('401 at the balance'),
    )
    expect(isRefused(gate)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(gate)
    await sell(gate, authorized)
    expect(isRefused(gate)).toBe(false)
  })

  test.each(['good', 'bad'] as const)(
    'leaves this one open when the balance is %s: only the right to the other is missing',
    async (kind) => {
      const { gate, probes } = aGate()
      probes.answer = { kind }
      gate.suspectKey()
      await new Promise(setImmediate)
      expect(probes.count).toBe(1)
      expect(gate.state()).toEqual({ available: true, reason: null, breaker: 'closed' })
    },
  )
})

describe('a repeat', () => {
  const isKeptBack = (gate: Gate) => gate.admit('repeat').kind === 'refused'

  test('is admitted while the way is open', () => {
    expect(isKeptBack(aGate().gate)).toBe(false)
  })

  test('is kept back while the way back is tried, and takes no turn of a sale', async () => {
    const { gate, probes } = aGate()
    await open(gate)
    expect(isKeptBack(gate)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(gate)
    expect(isKeptBack(gate)).toBe(true)
    await sell(gate, authorized)
    expect(isKeptBack(gate)).toBe(false)
  })

  test('is kept back while the carrier refuses our configuration', async () => {
    const { gate, probes } = aGate()
    await sell(gate, forbidden)
    expect(isKeptBack(gate)).toBe(true)
    probes.answer = { kind: 'good' }
    await isAvailable(gate)
    expect(isKeptBack(gate)).toBe(true)
  })
})

test('a pause that was asked for holds until its end', async () => {
  const { gate, clock } = aGate()
  await sell(gate, answer(429, {}, 2_000))
  expect(gate.admit('sale')).toEqual({ kind: 'refused', why: 'throttled' })
  clock.nowMs = 1_999
  expect(isRefused(gate)).toBe(true)
  clock.nowMs = 2_000
  expect(isRefused(gate)).toBe(false)
})
