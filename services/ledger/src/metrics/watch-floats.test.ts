import { expect, it } from '@jest/globals'
import { eventSchemas, type FloatLowEvent } from '@recargas/contracts'
import { Registry } from 'prom-client'
import { merchant, start, tigo } from '../testing/builders.ts'
import { createFloatMetrics } from './float-metrics.ts'
import { lowFloatLimits } from '../float/runway.ts'
import { createFloatWatch, type WatchedFloat } from './watch-floats.ts'

const hourMs = 3_600_000

const watched = () => {
  const registry = new Registry()
  const published: FloatLowEvent[] = []
  const world = { at: start, available: 50_000, spentLastHour: 6_000, brokerIsAway: false }
  const float = (): WatchedFloat => ({
    merchant,
    operator: tigo,
    currency: 'BOB',
    available: world.available,
    spentLastHour: world.spentLastHour,
  })
  const watch = createFloatWatch({
    floats: () => Promise.resolve([float()]),
    publish: (event) => {
      if (!world.brokerIsAway) published.push(event)
      return Promise.resolve(!world.brokerIsAway)
    },
    limits: lowFloatLimits(120, '0'),
    metrics: createFloatMetrics(registry),
    now: () => world.at,
  })
  return { world, published, watch, registry }
}

it('a float that becomes low is published once, and again only after it recovered', async () => {
  const { world, published, watch } = watched()
  await watch.look()
  expect(published).toEqual([])
  world.available = 9_000
  await watch.look()
  await watch.look()
  expect(published).toHaveLength(1)
  expect(eventSchemas.FloatLow.parse(published[0]).data).toEqual({
    merchant,
    operator: tigo,
    currency: 'BOB',
    available: 9_000,
    spentLastHour: 6_000,
    runwayMinutes: 90,
  })
  world.available = 50_000
  await watch.look()
  world.available = 8_000
  world.at += hourMs
  await watch.look()
  expect(published).toHaveLength(2)
})

it('two ledgers publish it under one id, and another hour has another', async () => {
  const [one, other, later] = [watched(), watched(), watched()]
  later.world.at += hourMs
  for (const { world, watch } of [one, other, later]) {
    world.available = 0
    await watch.look()
  }
  const ids = [one, other, later].map(({ published }) => published[0]?.id)
  expect(ids[0]).toBe(ids[1])
  expect(ids[2]).not.toBe(ids[0])
})

it('an unconfirmed event is published at the next look', async () => {
  const { world, published, watch } = watched()
  world.available = 0
  world.brokerIsAway = true
  await watch.look()
  world.brokerIsAway = false
  await watch.look()
  expect(published).toHaveLength(1)
})

it('the figures follow, and a float that rests has no runway', async () => {
  const { world, watch, registry } = watched()
  world.available = 9_000
  await watch.look()
  expect(await registry.metrics()).toContain(
    'ledger_float_runway_seconds{merchant="principal",operator="Tigo"} 5400',
  )
  world.spentLastHour = 0
  await watch.look()
  const text = await registry.metrics()
  expect(text).not.toContain('ledger_float_runway_seconds{')
  expect(text).toContain('ledger_float_low{merchant="principal",operator="Tigo"} 0')
})
