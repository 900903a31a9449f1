import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../accounting/ledger-view.ts'
import { aTopup, policy, start } from '../testing/builders.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { birthBlock, takeoverBlock } from './block.ts'
import { buildBlock } from './build-block.ts'
import { mayBeKnown } from './may-be-known.ts'
import { forgetProjected, memoryOf, remember } from './memory.ts'

const acceptWindowMs = 10_000
const clockSkewMs = 2_000
const at = (now: number) => ({ now, policy, acceptWindowMs, clockSkewMs, isClockTrusted: true })
const aPress = (acceptUntil: number, keyed = false) => ({
  ...inboundFor(aTopup({ keyed })),
  acceptUntil,
})
const owner = (since: number, refusedUntil = 0) => ({
  since,
  memory: memoryOf(emptyState(), { position: 0, refusedUntil }, 0),
})

describe('a press is looked up', () => {
  test('with a key, and once it is out of time in either direction', () => {
    const long = owner(start - 600_000)
    expect(mayBeKnown(aPress(start + 10_000), long, at(start))).toBe(false)
    expect(mayBeKnown(aPress(start + 10_000, true), long, at(start))).toBe(true)
    expect(mayBeKnown(aPress(start - 1), long, at(start))).toBe(true)
    expect(mayBeKnown(aPress(start + 12_001), long, at(start))).toBe(true)
  })

  test('where the owner of before may have accepted it, whatever the clock of its gateway', () => {
    // The other owner's clock is ahead by the skew and takes the latest possible limit; this owner's clock is behind by the
    // skew.
    const acceptUntil = start + clockSkewMs + acceptWindowMs + clockSkewMs
    const since = start - clockSkewMs
    expect(mayBeKnown(aPress(acceptUntil), owner(since), at(start + 6_000))).toBe(true)
    expect(mayBeKnown(aPress(acceptUntil + 1), owner(since), at(start + 6_000))).toBe(false)
  })

  test('up to the latest limit that was refused by time', () => {
    const long = owner(start - 600_000, start + 10_000)
    expect(mayBeKnown(aPress(start + 10_000), long, at(start))).toBe(true)
    expect(mayBeKnown(aPress(start + 10_001), long, at(start))).toBe(false)
  })
})

test('a press that was refused for a limit too far ahead is looked up when its copy comes in time, long forgotten', () => {
  const birth = birthBlock(3, { id: 'b', namespace: 'n', partitions: 16, at: start })
  const tip = takeoverBlock(birth, 'o', start)
  const press = aPress(start + 200_000)
  const memory = memoryOf(emptyState(), { position: 0, refusedUntil: 0 }, 0)
  const nothing = { operations: new Map(), topups: [], sessions: [] }
  const { block, entries } = buildBlock(tip, memory, nothing, [press], at(start))
  expect(block).toEqual(expect.objectContaining({ kind: 'batch' }))
  expect(entries.map(({ outcome }) => outcome)).toEqual([expect.stringContaining('EXPIRED')])
  remember(memory, { position: 2, at: start, entries })
  const now = start + 190_000
  forgetProjected(memory, {
    projected: 2,
    now,
    duplicateWindowMs: policy.duplicateWindowMs,
    operationsKeptMs: 16_000,
  })
  expect(memory.operations.size).toBe(0)
  expect(mayBeKnown(press, { since: start, memory }, at(now))).toBe(true)
})
