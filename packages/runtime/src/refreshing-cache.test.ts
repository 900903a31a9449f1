import { describe, expect, test } from '@jest/globals'
import { createRefreshingCache, type CacheLimits } from './refreshing-cache.ts'

const limits = {
  freshMs: 300_000,
  staleMs: 86_400_000,
  firstWaitMs: 60_000,
  renewWaitMs: 60_000,
  pauseMs: 5_000,
} satisfies CacheLimits
/** A value of a carrier that answers as the test decides; a read ends when the test releases it. */
const aCopy = (changes: Partial<CacheLimits> = {}) => {
  const clock = { nowMs: 0 }
  const carrier: { answer: string | null; reads: number; hold: Promise<void> | null } = {
    answer: 'first',
    reads: 0,
    hold: null,
  }
  const { current, lastKnown } = createRefreshingCache({
    read: async () => {
      carrier.reads += 1
      await carrier.hold
      return carrier.answer
    },
    now: () => clock.nowMs,
    limits: { ...limits, ...changes },
  })
  return { current, lastKnown, clock, carrier }
}
const held = () => {
  let release: () => void = () => undefined
  const hold = new Promise<void>((resolve) => (release = resolve))
  return { hold, release: () => release() }
}

describe('a cached value', () => {
  test('is read when somebody asks, and not again while it is fresh', async () => {
    const { current, clock, carrier } = aCopy()
    expect(await current()).toEqual({ value: 'first', readAt: 0, ageMs: 0, isStale: false })
    clock.nowMs = 299_999
    expect(await current()).toEqual({ value: 'first', readAt: 0, ageMs: 299_999, isStale: false })
    expect(carrier.reads).toBe(1)
    carrier.answer = 'second'
    clock.nowMs = 300_000
    expect(await current()).toEqual({ value: 'second', readAt: 300_000, ageMs: 0, isStale: false })
  })

  test('is shown old, and said to be, while the carrier cannot be asked; then no more', async () => {
    const { current, clock, carrier } = aCopy()
    await current()
    carrier.answer = null
    clock.nowMs = 300_000
    expect(await current()).toEqual({ value: 'first', readAt: 0, ageMs: 300_000, isStale: true })
    clock.nowMs = 86_400_000
    expect(await current()).toMatchObject({ isStale: true })
    clock.nowMs = 86_400_001
    expect(await current()).toBeNull()
    carrier.answer = 'second'
    clock.nowMs += limits.pauseMs
    expect(await current()).toMatchObject({ value: 'second', isStale: false })
  })

  test('is never stale where it was read for this very question, even if nothing stays fresh', async () => {
    const { current, clock, carrier } = aCopy({ freshMs: 0 })
    expect(await current()).toMatchObject({ value: 'first', isStale: false })
    clock.nowMs = 1
    carrier.answer = 'second'
    expect(await current()).toMatchObject({ value: 'second', isStale: false })
    carrier.answer = null
    expect(await current()).toMatchObject({ value: 'second', isStale: true })
  })

  test('is nothing while the carrier has never told it, and the carrier is given a pause', async () => {
    const { current, clock, carrier } = aCopy()
    carrier.answer = null
    expect(await current()).toBeNull()
    clock.nowMs = limits.pauseMs - 1
    expect(await current()).toBeNull()
    expect(carrier.reads).toBe(1)
    clock.nowMs = limits.pauseMs
    await current()
    expect(carrier.reads).toBe(2)
  })

  test('is read once however many ask at the same time', async () => {
    const { current, carrier } = aCopy()
    const { hold, release } = held()
    carrier.hold = hold
    const asked = [current(), current(), current()]
    release()
    expect((await Promise.all(asked)).map((copy) => copy?.value)).toEqual(
      Array.from({ length: 3 }, () => 'first'),
    )
    expect(carrier.reads).toBe(1)
  })

  test('keeps nobody waiting for long: the old one is shown meanwhile, and the reading goes on', async () => {
    const { current, clock, carrier } = aCopy({ renewWaitMs: 1 })
    await current()
    const { hold, release } = held()
    carrier.hold = hold
    carrier.answer = 'second'
    clock.nowMs = 300_000
    expect(await current()).toMatchObject({ value: 'first', isStale: true })
    release()
    carrier.hold = null
    await new Promise(setImmediate)
    expect(await current()).toMatchObject({ value: 'second', isStale: false })
    expect(carrier.reads).toBe(2)
  })

  test('that was never known is not waited for longer than is allowed', async () => {
    const { current, carrier } = aCopy({ firstWaitMs: 1 })
    carrier.hold = held().hold
    expect(await current()).toBeNull()
  })

  test('is given at once to a reader that does not wait, and read again beside', async () => {
    const { lastKnown, clock, carrier } = aCopy()
    expect(await lastKnown()).toBe('first')
    const { hold, release } = held()
    carrier.hold = hold
    carrier.answer = 'second'
    clock.nowMs = 300_000
    expect(await lastKnown()).toBe('first')
    expect(carrier.reads).toBe(2)
    release()
    await new Promise(setImmediate)
    expect(await lastKnown()).toBe('second')
  })

  test('stands while its source rejects, and is null once it is too old', async () => {
    const clock = { nowMs: 0 }
    let isAway = false
    const { lastKnown } = createRefreshingCache({
      read: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve('word')),
      now: () => clock.nowMs,
      limits: { freshMs: 2_000, staleMs: 30_000 },
    })
    expect(await lastKnown()).toBe('word')
    isAway = true
    clock.nowMs = 30_000
    expect(await lastKnown()).toBe('word')
    clock.nowMs = 33_000
    expect(await lastKnown()).toBeNull()
    isAway = false
    clock.nowMs = 35_000
    expect(await lastKnown()).toBe('word')
  })
})
