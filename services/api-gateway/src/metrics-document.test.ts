import { expect, it } from '@jest/globals'
import { documentedFigures, notFromTheStart, registeredFigures } from '@recargas/runtime/testing'
import { Registry } from 'prom-client'
import { createGatewayMetrics } from './metrics.ts'

const ofService = (): Registry => {
  const registry = new Registry()
  const metrics = createGatewayMetrics(registry, {
    countWaiting: () => 0,
    countStreams: () => 0,
  })
  metrics.expectRoutes([{ method: 'post', path: '/recargas/cliente' }])
  return registry
}

it('docs/metrics.md lists every figure of this service with its type and labels, and no other', () => {
  expect([...registeredFigures(ofService())].sort()).toEqual(
    [...documentedFigures('api-gateway')].sort(),
  )
})

it('every figure that rises is there from the start, at 0', async () => {
  const { count, names } = await notFromTheStart(ofService())
  expect(count).toBeGreaterThan(0)
  expect(names).toEqual([])
})
