import { expect, it } from '@jest/globals'
import { noFindings, note } from './findings.ts'
import { createProofPace } from './proof-pace.ts'

const start = (share: number) => {
  const clock = { now: 0 }
  const rests: number[] = []
  const stopping = new AbortController()
  let workedMs = 0
  const pace = createProofPace({
    share,
    sliceMs: 10,
    entriesAtOnce: 48,
    nowMs: () => clock.now,
    sleep: (ms) => {
      rests.push(ms)
      clock.now += ms
      return Promise.resolve()
    },
    signal: stopping.signal,
    onWorked: (ms) => (workedMs += ms),
  })
  return { clock, rests, stopping, pace, worked: () => workedMs }
}

it.each([0.05, 0.1, 0.5])(
  'takes no more than %s of a core, however long each handful takes',
  async (share) => {
    const { clock, pace, worked } = start(share)
    const { pause } = pace.paceOf(() => false)
    for (const took of [1, 3, 9, 40, 0, 12, 7, 200, 4, 6]) {
      clock.now += took
      await pause(noFindings())
    }
    await pace.end()
    expect(worked()).toBe(282)
    expect(worked() / clock.now).toBeCloseTo(share)
  },
)

it('works a slice without a rest, and counts no time between two rounds', async () => {
  const { clock, rests, pace } = start(0.1)
  clock.now += 5_000
  pace.begin()
  clock.now += 9
  await pace.breathe()
  expect(rests).toEqual([])
  clock.now += 1
  await pace.breathe()
  expect(rests).toEqual([90])
})

it('ends a step at its first finding, when its time is over, and at a stop', async () => {
  const { stopping, pace } = start(0.1)
  const found = noFindings()
  note(found, { code: 'CHAIN', partition: 0, position: 1, entry: null, detail: 'cut' })
  await expect(pace.paceOf(() => false).pause(found)).rejects.toMatchObject({ reason: 'found' })
  await expect(pace.paceOf(() => true).pause(noFindings())).rejects.toMatchObject({
    reason: 'time',
  })
  stopping.abort()
  await expect(pace.breathe()).rejects.toMatchObject({ reason: 'stopped' })
})
