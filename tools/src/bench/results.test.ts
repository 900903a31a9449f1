import { expect, test } from '@jest/globals'
import { memoryOf, ratiosOf, type Results } from './results.ts'
import type { Cell } from './rounds.ts'
import type { WriterFigures } from './scenarios/writer.ts'

const always = (value: number) => ({ median: value, min: value, max: value })
const cell = (path: string, connections: number, changed: Partial<Cell> = {}): Cell => ({
  path,
  connections,
  salesPerSecond: always(100),
  p50Ms: always(10),
  p99Ms: always(20),
  maxMs: 30,
  notSold: 0,
  cpuPercent: {},
  rssPeakMb: {},
  rounds: [],
  ...changed,
})
const nothing: Results = {
  paths: null,
  spread: null,
  writer: null,
  rates: null,
  waiting: null,
  instances: null,
  grown: null,
}

test('a ratio compares our sales with the peer at the same number of connections', () => {
  const cells = [
    cell('whole', 256, { salesPerSecond: always(600) }),
    cell('bare', 256, { salesPerSecond: always(800) }),
    cell('bare', 512, { salesPerSecond: always(1) }),
    cell('trio', 256, { salesPerSecond: always(60) }),
  ]
  const ratios = ratiosOf({ ...nothing, paths: { cells, writeP50Ms: always(4) } })
  expect(ratios).toMatchObject({ wholeVsBare256: 0.75, wholeVsBare512: null, wholeVsTrio256: 10 })
})

test('what one sale takes longer is counted in durable writes of the same run', () => {
  const cells = [cell('whole', 1, { p50Ms: always(26) }), cell('bare', 1, { p50Ms: always(14) })]
  const ratios = ratiosOf({ ...nothing, paths: { cells, writeP50Ms: always(4) } })
  expect(ratios.p50Excess1).toBe(3)
})

test('what was not measured is null and never a number', () => {
  expect(new Set(Object.values(ratiosOf(nothing)))).toEqual(new Set([null]))
  const writer = { writerVsRaw: 0.7, writerVsMedici: 50 } as WriterFigures
  expect(ratiosOf({ ...nothing, writer }).writerVsMedici).toBe(50)
})

test('the memory of our services is held against the limit, that of the peers is not', () => {
  const cells = [
    cell('whole', 1, { rssPeakMb: { ledger: 150, mongod: 900 } }),
    cell('whole', 256, { rssPeakMb: { ledger: 219 } }),
    cell('bare', 256, { rssPeakMb: { ledger: 400 } }),
  ]
  const within = memoryOf({ ...nothing, paths: { cells, writeP50Ms: always(4) } })
  expect(within).toMatchObject({ peaksMb: { paths: { ledger: 219 } }, isWithinLimit: true })
  const spread = { cells: [cell('whole', 256, { rssPeakMb: { gateway: 221 } })] }
  expect(memoryOf({ ...nothing, spread }).isWithinLimit).toBe(false)
})
