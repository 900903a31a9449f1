import { describe, expect, test } from '@jest/globals'
import { askedOf, links, networkFaults, planOf, profiles, randomBy } from './plan.ts'

const fullPlan = (seed: number) => planOf(profiles.full, randomBy(seed))
const smokeAsked = (seed: number) => askedOf(planOf(profiles.smoke, randomBy(seed)))
const sumOf = (counts: Readonly<Record<string, number>>, ...names: string[]) =>
  names.reduce((sum, name) => sum + (counts[name] ?? 0), 0)

describe('a plan', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(fullPlan(7)).toEqual(fullPlan(7))
    expect(fullPlan(7)).not.toEqual(fullPlan(8))
  })

  test('asks in the full profile for enough faults to reach the goals in three seeds', () => {
    const asked = askedOf(fullPlan(1))
    expect(sumOf(asked, 'kill gateway', 'kill ledger', 'kill adapter')).toBe(100)
    expect([asked['kill mongod'], asked['kill broker'], asked['wipe broker']]).toEqual([7, 7, 1])
    for (const link of links) {
      for (const kind of networkFaults) expect(asked[`${kind} ${link}`]).toBe(1)
    }
  })

  test('has every server fault, every service and every link in the smoke profile', () => {
    const asked = smokeAsked(1)
    for (const name of [
      ...['kill gateway', 'kill ledger', 'kill adapter', 'pause ledger'],
      ...['kill mongod', 'kill broker', 'wipe broker', 'alarm broker', 'step down mongod'],
      ...['duplicate messages', 'reorder messages', 'poison unbound', 'kill ledgers in hand'],
    ]) {
      expect([name, asked[name]]).toEqual([name, 1])
    }
    for (const link of links) {
      expect(sumOf(asked, ...networkFaults.map((kind) => `${kind} ${link}`))).toBe(1)
    }
  })
})
