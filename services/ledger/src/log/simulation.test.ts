import { describe, expect, test } from '@jest/globals'
import { policy } from '../testing/builders.ts'
import { simulatedLog, type SimulatedLogOptions } from '../testing/simulated-log.ts'
import { playStory } from '../testing/simulated-story.ts'
import { storyFaults } from '../testing/story-faults.ts'
import { expiredUntilOf } from '../accounting/entry.ts'

/** A failing seed: `SIMULATION_SEED=<it> npx jest log/simulation` plays it again. */
const replayed = process.env['SIMULATION_SEED']
const seeds =
  replayed === undefined ? Array.from({ length: 1_000 }, (_, seed) => seed) : [Number(replayed)]

const clockSkewMs = 2_000
const options: SimulatedLogOptions = {
  // Shorter than many a sale waits for its outcome, so that the guard outlives it.
  policy: { ...policy, duplicateWindowMs: 4_000 },
  acceptWindowMs: 10_000,
  clockSkewMs,
}

/** A rule that throws stops its story at once: it is reported with its seed like any other fault. */
const play = (seed: number, broken?: SimulatedLogOptions['broken']) => {
  const ledger = simulatedLog({ ...options, ...(broken === undefined ? {} : { broken }) })
  try {
    const story = playStory(seed, ledger, {
      acceptMs: options.acceptWindowMs,
      clockSkewMs,
      gatewayAheadMs: 40_000,
    })
    return { ledger, faults: storyFaults(story) }
  } catch (error) {
    return { ledger, faults: [String(error)] }
  }
}

test('the books equal the carrier’s, whichever process dies at any step, with lagging projections and differing clocks', () => {
  const seen = { refusedByTime: 0, soldAfterwards: 0, takeovers: 0 }
  for (const seed of seeds) {
    const { ledger, faults } = play(seed)
    if (faults.length > 0) throw new Error(`seed ${seed}: ${faults.slice(0, 5).join(', ')}`)
    const refused = new Set<string>()
    for (const { entry, outcome } of ledger.journal()) {
      if (expiredUntilOf(outcome) !== null) refused.add(entry.id)
      else if (refused.has(entry.id)) seen.soldAfterwards += 1
    }
    seen.refusedByTime += refused.size
    seen.takeovers += ledger.blocks.filter(({ kind }) => kind === 'takeover').length
  }
  if (replayed !== undefined) return
  expect(seen.refusedByTime).toBeGreaterThan(seeds.length)
  expect(seen.soldAfterwards).toBeGreaterThan(10)
  expect(seen.takeovers).toBeGreaterThan(seeds.length)
}, 120_000)

describe('the simulation finds', () => {
  test.each([
    'memory-forgets-early',
    'refusals-by-time-are-forgotten',
    'refused-limits-are-not-looked-up',
  ] as const)(
    'a broken rule: %s',
    (broken) => {
      expect(seeds.some((seed) => play(seed, broken).faults.length > 0)).toBe(true)
    },
    60_000,
  )
})
