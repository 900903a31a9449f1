import { expect, it } from '@jest/globals'
import { documentedFigures, notFromTheStart, registeredFigures } from '@recargas/runtime/testing'
import { Registry } from 'prom-client'
import { createAdapterMetrics } from './metrics.ts'
import { callLabels } from './carriers/tpaga/calls.ts'

const ofService = (): Registry => {
  const registry = new Registry()
  createAdapterMetrics(registry, callLabels, {
    carrierState: () => ({
      available: true,
      breaker: 'closed',
      bundles: { available: true, reason: null, breaker: 'closed' },
    }),
    countUnclear: () => Promise.resolve(0),
  })
  return registry
}

it('docs/metrics.md lists every figure of this service with its type and labels, and no other', () => {
  expect([...registeredFigures(ofService())].sort()).toEqual(
    [...documentedFigures('carrier-adapter')].sort(),
  )
})

it('every figure that rises is there from the start, at 0', async () => {
  const { count, names } = await notFromTheStart(ofService())
  expect(count).toBeGreaterThan(0)
  expect(names).toEqual([])
})
