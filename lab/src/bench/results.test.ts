import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { memoryOf, ratiosOf, type Results } from './results.ts'
import type { Cell } from './rounds.ts'

type Figures<Name extends keyof Results> = NonNullable<Results[Name]>

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
const selling = (path: string, salesPerSecond: number): Cell =>
  cell(path, 256, { salesPerSecond: always(salesPerSecond) })
const nothing: Results = {
  paths: null,
  spread: null,
  writer: null,
  rates: null,
  waiting: null,
  instances: null,
  takeover: null,
  members: null,
  grown: null,
}
const spent = (rssPeakMb: Readonly<Record<string, number>>) => ({ cpuPercent: {}, rssPeakMb })
const rates = {
  maximum: spent({ gateway: 170 }),
  rates: [spent({ gateway: 150 })],
  projectionLagP99Ms: 180,
  half: { p50Ms: 40, p99Ms: 100 },
} as unknown as Figures<'rates'>
const waiting = (fixedShare: number): Figures<'waiting'> => ({
  ...spent({ ledger: 200 }),
  messages: 100_000,
  settledSeconds: 70,
  salesPerSecond: 1_400,
  disk: {
    sales: 100_001,
    bytesPerSale: 1_600.4,
    collectionBytesPerSale: 700,
    indexBytesPerSale: 900.4,
    dataBytesPerSale: 3_200,
    fixedShare,
    bytesPerSaleOf: {},
  },
})
const grown: Figures<'grown'> = {
  entries: 2_000_000,
  growSeconds: 60,
  cells: [selling('grown', 90), selling('empty', 100)],
  pages: {},
  reading: { grown: spent({ ledger: 210 }), empty: spent({ ledger: 160 }) },
  verify: { lines: 4_000_000, linesPerSecond: 66_600, rawLinesPerSecond: 120_000 },
}

test('a ratio compares our sales with the peer at the same number of connections', () => {
  const cells = [
    selling('whole', 600),
    selling('bare', 800),
    cell('bare', 512, { salesPerSecond: always(1) }),
    selling('trio', 60),
  ]
  const ratios = ratiosOf({ ...nothing, paths: { cells, writeP50Ms: always(4) } })
  expect(ratios).toMatchObject({ wholeVsBare256: 0.75, wholeVsBare512: null, wholeVsTrio256: 10 })
  const more = [cell('whole', 512), cell('bare', 512, { salesPerSecond: always(125) })]
  const at512 = ratiosOf({ ...nothing, paths: { cells: more, writeP50Ms: always(4) } })
  expect(at512).toMatchObject({ wholeVsBare256: null, wholeVsBare512: 0.8 })
})

test('the extra time of a sale is counted in durable writes of the same run', () => {
  const cells = [cell('whole', 1, { p50Ms: always(26) }), cell('bare', 1, { p50Ms: always(14) })]
  const ratios = ratiosOf({ ...nothing, paths: { cells, writeP50Ms: always(4) } })
  expect(ratios.p50Excess1).toBe(3)
})

test('many floats are compared with the one hot float of the same scenario', () => {
  const cells = [selling('whole', 1_000), selling('ten floats', 580), selling('Zipf 1000', 480)]
  const paths = { cells: [selling('whole', 1)], writeP50Ms: always(4) }
  const ratios = ratiosOf({ ...nothing, paths, spread: { cells } })
  expect(ratios).toMatchObject({ zipfVsHot256: 0.48, tenVsHot256: 0.58 })
})

test('the writer is compared entry for entry by its own scenario', () => {
  const writer = { writerVsRaw: 0.7, writerVsMedici: 50 } as Figures<'writer'>
  expect(ratiosOf({ ...nothing, writer })).toMatchObject({ writerVsRaw: 0.7, writerVsMedici: 50 })
})

test('the tail of latencies is that at half of the maximum', () => {
  expect(ratiosOf({ ...nothing, rates }).p99VsP50Half).toBe(2.5)
})

test('the lag of the projections is that of the closed loop at the maximum', () => {
  expect(ratiosOf({ ...nothing, rates }).projectionLagP99Ms).toBe(180)
})

test('two ledgers are compared with one', () => {
  const cells = [selling('two ledgers', 351), selling('one ledger', 450)]
  expect(ratiosOf({ ...nothing, instances: { cells } }).twoLedgersVsOne).toBe(0.78)
})

test('a grown ledger is compared with an empty one, and gives the speed of its proof', () => {
  const ratios = ratiosOf({ ...nothing, grown })
  expect(ratios).toMatchObject({ grownVsEmpty: 0.9, verifyLinesPerSecond: 66_600 })
})

test('disk for each sale is given only where the empty ledger is less than a hundredth of it', () => {
  expect(ratiosOf({ ...nothing, waiting: waiting(0.004) }).bytesPerSale).toBe(1_600)
  expect(ratiosOf({ ...nothing, waiting: waiting(0.01) }).bytesPerSale).toBeNull()
})

test('the most memory is that of any service in any scenario, also between the loads', () => {
  const most = (changed: Partial<Results>) => ratiosOf({ ...nothing, ...changed }).memoryMbMax
  expect(most({ rates })).toBe(170)
  expect(most({ rates, waiting: waiting(0) })).toBe(200)
  expect(most({ rates, waiting: waiting(0), grown })).toBe(210)
  const cells = [cell('two ledgers', 256, { rssPeakMb: { 'second ledger': 230, mongod: 900 } })]
  expect(most({ grown, instances: { cells } })).toBe(230)
})

test('an unmeasured value is null and never a number', () => {
  expect(new Set(Object.values(ratiosOf(nothing)))).toEqual(new Set([null]))
  const unsold = { cells: [selling('whole', 0), selling('ten floats', 5)] }
  expect(ratiosOf({ ...nothing, spread: unsold })).toMatchObject({
    tenVsHot256: null,
    zipfVsHot256: null,
  })
})

test('the memory of our services is held against the limit, that of the peers only shown', () => {
  const cells = [
    cell('whole', 1, { rssPeakMb: { ledger: 150, mongod: 900 } }),
    cell('whole', 256, { rssPeakMb: { ledger: 219 } }),
    cell('bare', 256, { rssPeakMb: { ledger: 400, mongod: 900 } }),
  ]
  const within = memoryOf({ ...nothing, paths: { cells, writeP50Ms: always(4) } })
  expect(within).toMatchObject({ peaksMb: { paths: { ledger: 219 } }, isWithinLimit: true })
  expect(within.peersMb).toEqual({ bare: { ledger: 400 } })
  const spread = { cells: [cell('whole', 256, { rssPeakMb: { gateway: 221 } })] }
  expect(memoryOf({ ...nothing, spread }).isWithinLimit).toBe(false)
})

test('docs/performance.md defines each ratio, and none besides', () => {
  const document = readFileSync(new URL('../../../docs/performance.md', import.meta.url), 'utf8')
  const table = document.split('## ').find((section) => section.startsWith('The comparison\n'))
  const defined = [...(table ?? '').matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)
  expect(defined).toEqual(Object.keys(ratiosOf(nothing)))
})
