import { expect, test } from '@jest/globals'
import { simulate } from './simulate.ts'
import type { Point } from './world.ts'

const point: Point = {
  shops: 20,
  partitions: 8,
  ledgers: 2,
  machines: 2,
  shards: 2,
  gateways: 2,
  heard: 'by all',
  coresPerMachine: 2,
  choice: 'in turn',
  load: { perSecond: 60 },
  seconds: 0.4,
  seed: 4,
}

test('a simulation is repeatable, sells what is asked for, and appends two entries a sale', async () => {
  const found = await simulate(point)
  expect(await simulate(point)).toEqual(found)
  expect(found.partitionsOfLedgersMax).toBe(4)
  expect(found.salesPerSecond).toBeGreaterThan(20)
  expect(found.perSale['entries']).toBeCloseTo(2, 0)
  // An event reaches both gateways.
  expect(found.perSale['deliveries']).toBeGreaterThan(Number(found.perSale['messages']))
  const one = await simulate({ ...point, heard: 'by who asked' })
  expect(one.cpuMsPerSaleAll).toBeLessThan(found.cpuMsPerSaleAll)
})
