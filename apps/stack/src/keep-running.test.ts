import { expect, test } from '@jest/globals'
import { describeEvent, keepRunning, type KeeperEvent } from './keep-running.ts'

type Step = 'starts' | 'fails' | 'hangs'

/** A process with scripted starts, pauses that are over at once, and a manual clock. */
const withSteps = (...steps: Step[]) => {
  const events: KeeperEvent[] = []
  const state = { pid: 1 as number | null, nowMs: 0, stops: 0, running: 0, overlapped: false }
  const service = {
    name: 'ledger',
    start: async () => {
      state.running += 1
      state.overlapped ||= state.running > 1
      await Promise.resolve()
      state.running -= 1
      const step = steps.shift() ?? 'starts'
      state.pid = step === 'fails' ? null : 7
      if (step === 'fails') throw new Error('ledger ended:\nits last line')
      if (step === 'hangs') throw new Error('ledger is ready: not within 45000 ms')
    },
    stop: () => {
      state.stops += 1
      state.pid = null
      return Promise.resolve()
    },
    pid: () => state.pid,
  }
  const keeper = keepRunning(service, {
    report: (event) => events.push(event),
    pause: () => Promise.resolve(),
    nowMs: () => state.nowMs,
  })
  const die = () => {
    state.pid = null
    keeper.ended('ledger ended with signal SIGKILL:\nits last line')
  }
  return { keeper, events, state, die }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))
const pausesOf = (events: readonly KeeperEvent[]) =>
  events.flatMap((event) => (event.kind === 'ended' ? event.pauseMs : []))

test('restarts a service that ended by itself, and reports both', async () => {
  const { events, die } = withSteps('starts')
  die()
  await settled()
  expect(events.map(({ kind }) => kind)).toEqual(['ended', 'restarted'])
  expect(describeEvent('ledger', events[0] as KeeperEvent)).toBe(
    '✗ ledger ended with signal SIGKILL; starting it again in 0.5 s\n  its last line',
  )
})

test('waits longer before each failing start, up to a limit, and reports the count', async () => {
  const { events, die } = withSteps(...Array<Step>(8).fill('fails'), 'starts')
  die()
  await settled()
  const limitMs = 30_000
  expect(pausesOf(events)).toEqual([
    ...[500, 1_000, 2_000, 4_000, 8_000, 16_000],
    ...[limitMs, limitMs, limitMs],
  ])
  expect(events.at(-1)?.kind).toBe('restarted')
  expect(describeEvent('ledger', events[8] as KeeperEvent)).toContain('9 times now')
})

test('a crash loop after starts that succeed waits longer too; a steady run forgets it', async () => {
  const { events, state, die } = withSteps()
  for (let count = 0; count < 3; count += 1) {
    die()
    await settled()
  }
  state.nowMs += 60_000
  die()
  await settled()
  expect(pausesOf(events)).toEqual([500, 1_000, 2_000, 500])
})

test('a service that runs again without being ready is left to become so', async () => {
  const { events, die } = withSteps('hangs')
  die()
  await settled()
  expect(events.map(({ kind }) => kind)).toEqual(['ended', 'not-ready'])
})

test('starts new code at once, also of a service that waits for its next start', async () => {
  const { keeper, events, state, die } = withSteps('fails', 'fails', 'starts')
  die()
  await keeper.replace()
  await settled()
  expect(state).toMatchObject({ stops: 1, pid: 7, overlapped: false })
  expect(events.at(-1)?.kind).toBe('restarted')
})

test('starts nothing once it is stopped', async () => {
  const { keeper, events, state, die } = withSteps()
  keeper.stop()
  die()
  await keeper.replace()
  await settled()
  expect(events).toEqual([])
  expect(state.pid).toBe(null)
})

test('starts nothing that was on its way when it is stopped', async () => {
  const { keeper, events, state } = withSteps()
  const replaced = keeper.replace()
  await Promise.resolve()
  keeper.stop()
  await replaced
  expect(events).toEqual([])
  expect(state).toMatchObject({ stops: 1, pid: null })
})
