import { expect, test } from '@jest/globals'
import { createChooser } from './chooser.ts'

const sale = { endpoint: 'sale' } as const
const drawMany = (chooser: ReturnType<typeof createChooser>, times: number) => {
  const counts: Record<string, number> = {}
  for (let draw = 0; draw < times; draw += 1) {
    const name = chooser.choose('topup_account')?.name ?? 'none'
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

test('draws nothing while nothing is active', () => {
  expect(createChooser(1).choose('topup_account')).toBeUndefined()
})

test('draws each scenario with its probability', () => {
  const chooser = createChooser(1)
  chooser.add({ scenario: 'error-500', probability: 0.1, match: sale })
  chooser.add({ scenario: 'error-502', probability: 0.3, match: sale })
  const counts = drawMany(chooser, 10_000)
  expect(counts['error-500']).toBeGreaterThan(850)
  expect(counts['error-500']).toBeLessThan(1_150)
  expect(counts['error-502']).toBeGreaterThan(2_750)
  expect(counts['error-502']).toBeLessThan(3_250)
})

test('takes probabilities that add up to more than 1 as weights', () => {
  const chooser = createChooser(1)
  chooser.add({ scenario: 'error-500', probability: 1, match: sale })
  chooser.add({ scenario: 'error-502', probability: 1, match: sale })
  const counts = drawMany(chooser, 1_000)
  expect(counts['none']).toBeUndefined()
  expect(counts['error-500']).toBeGreaterThan(400)
  expect(counts['error-502']).toBeGreaterThan(400)
})

test('takes the delay of the scenario unless another is given', () => {
  const chooser = createChooser(1)
  chooser.add({ scenario: 'slow-body', probability: 1, count: 1, match: sale })
  expect(chooser.choose('package_buy')?.delayMs).toBe(10_000)
  chooser.add({ scenario: 'slow-body', probability: 1, delayMs: 5, match: sale })
  expect(chooser.choose('package_buy')?.delayMs).toBe(5)
})
