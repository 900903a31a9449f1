import { expect, it } from '@jest/globals'
import { documentedFigures, registeredFigures } from '@recargas/service/testing'
import { Registry } from 'prom-client'
import { createAdapterMetrics } from './metrics.ts'
import { carrierOperations, carrierResults } from './tpaga/calls.ts'

const ofService = (): Registry => {
  const registry = new Registry()
  createAdapterMetrics(
    registry,
    { operations: carrierOperations, results: carrierResults },
    {
      carrierState: () => ({
        available: true,
        breaker: 'closed',
        bundles: { available: true, reason: null, breaker: 'closed' },
      }),
      countUnclear: () => Promise.resolve(0),
    },
  )
  return registry
}

it('docs/metrics.md lists every figure of this service with its type and labels, and no other', () => {
  expect([...registeredFigures(ofService())].sort()).toEqual(
    [...documentedFigures('carrier-adapter')].sort(),
  )
})

it('every figure that rises is there from the start, at 0', async () => {
  const rising = (await ofService().getMetricsAsJSON()).filter(
    ({ type }) => String(type) !== 'gauge',
  )
  expect(rising.length).toBeGreaterThan(0)
  for (const { name, values } of rising) {
    expect({ name, atStart: values.length > 0 }).toEqual({ name, atStart: true })
    expect(values.every(({ value }) => value === 0)).toBe(true)
  }
})
