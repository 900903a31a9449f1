import { rounded } from '../runner/statistics.ts'
import {
  oneLedgerPath,
  rssLimitMb,
  tenFloatsPath,
  twoLedgersPath,
  zipfPath,
  membersPaths,
  type ScenarioName,
} from './plan.ts'
import type { Cell } from './rounds.ts'
import type { FiguresOf } from './scenario.ts'
import { compareGrown } from './grown.ts'
import { compareInstances } from './instances.ts'
import { compareMembers } from './members.ts'
import { comparePaths } from './paths.ts'
import { sweepRates } from './rates.ts'
import { spreadOverFloats } from './spread.ts'
import { measureTakeover } from './takeover.ts'
import { drainWaiting } from './waiting.ts'
import { compareWriters } from './writer.ts'

export const scenarios = {
  paths: comparePaths,
  writer: compareWriters,
  spread: spreadOverFloats,
  rates: sweepRates,
  waiting: drainWaiting,
  instances: compareInstances,
  grown: compareGrown,
  takeover: measureTakeover,
  members: compareMembers,
} as const satisfies Readonly<Record<ScenarioName, unknown>>

/** The figures of each scenario; null: not run. */
export type Results = {
  readonly [Name in ScenarioName]: FiguresOf<(typeof scenarios)[Name]> | null
}

/**
 * The figures that a change of the product is judged by; docs/performance.md defines each. Throughputs are medians of the rounds of
 * one run, and a quotient of two is ours to the other's. Each is null where the run did not measure it.
 */
export const ratiosOf = (results: Results) => {
  const { paths, spread, writer, rates, waiting, instances, grown, members } = results
  const whole = (connections: number) => cellOf(paths, 'whole', connections)
  const against = (peer: 'bare' | 'trio', connections: number) =>
    quotient(whole(connections), cellOf(paths, peer, connections))
  const hot = cellOf(spread, 'whole')
  return {
    wholeVsBare256: against('bare', 256),
    wholeVsBare512: against('bare', 512),
    wholeVsTrio256: against('trio', 256),
    p50Excess1: excessOf(whole(1), cellOf(paths, 'bare', 1), paths?.writeP50Ms.median),
    zipfVsHot256: quotient(cellOf(spread, zipfPath), hot),
    tenVsHot256: quotient(cellOf(spread, tenFloatsPath), hot),
    writerVsMedici: writer?.writerVsMedici ?? null,
    writerVsRaw: writer?.writerVsRaw ?? null,
    p99VsP50Half:
      rates === null || rates.half.p50Ms === 0
        ? null
        : rounded(rates.half.p99Ms / rates.half.p50Ms),
    memoryMbMax: mostOf(memoryOf(results)),
    projectionLagP99Ms: rates?.projectionLagP99Ms ?? null,
    twoLedgersVsOne: quotient(cellOf(instances, twoLedgersPath), cellOf(instances, oneLedgerPath)),
    threeNodesVsOne256: quotient(
      cellOf(members, membersPaths.hotOnThree),
      cellOf(members, membersPaths.hotOnOne),
    ),
    twoOfEachVsOne: quotient(
      cellOf(members, membersPaths.twoOnOne),
      cellOf(members, membersPaths.oneOnOne),
    ),
    twoOfEachVsOneOnThree: quotient(
      cellOf(members, membersPaths.twoOnThree),
      cellOf(members, membersPaths.oneOnThree),
    ),
    grownVsEmpty: quotient(cellOf(grown, 'grown'), cellOf(grown, 'empty')),
    verifyLinesPerSecond: grown?.verify.linesPerSecond ?? null,
    // With few sales the empty ledger's storage would count too much.
    bytesPerSale:
      waiting === null || waiting.disk.fixedShare >= fixedShareMax
        ? null
        : Math.round(waiting.disk.bytesPerSale),
  }
}

const fixedShareMax = 0.01

type Cells = { readonly cells: readonly Cell[] } | null

const cellOf = (found: Cells, path: string, connections?: number): Cell | undefined =>
  found?.cells.find(
    (cell) => cell.path === path && (connections ?? cell.connections) === cell.connections,
  )

const quotient = (ours: Cell | undefined, theirs: Cell | undefined): number | null =>
  ours === undefined || theirs === undefined || theirs.salesPerSecond.median === 0
    ? null
    : rounded(ours.salesPerSecond.median / theirs.salesPerSecond.median)

const excessOf = (
  whole: Cell | undefined,
  bare: Cell | undefined,
  writeMs: number | undefined,
): number | null =>
  whole === undefined || bare === undefined || writeMs === undefined
    ? null
    : rounded((whole.p50Ms.median - bare.p50Ms.median) / writeMs)

const services = ['gateway', 'ledger', 'adapter', 'second ledger']
const peers = ['bare', 'trio']

type Peaks = Readonly<Record<string, number>>
type Run = { readonly rssPeakMb: Peaks }

/** Peak memory of each service in each scenario, and of the plain programs that the services are compared with. */
export const memoryOf = (results: Results) => {
  const { paths, spread, rates, waiting, instances, grown } = results
  const ofPaths = (holds: (path: string) => boolean) =>
    paths?.cells.filter(({ path }) => holds(path)) ?? []
  const peaksMb = peaksByName({
    paths: ofPaths((path) => !peers.includes(path)),
    spread: spread?.cells ?? [],
    rates: rates === null ? [] : [rates.maximum, ...rates.rates],
    waiting: waiting === null ? [] : [waiting],
    instances: instances?.cells ?? [],
    grown: grown === null ? [] : [...grown.cells, grown.reading.grown, grown.reading.empty],
  })
  const ofPeers = peers.map((peer) => [peer, ofPaths((path) => path === peer)] as const)
  return {
    limitMb: rssLimitMb,
    peaksMb,
    peersMb: peaksByName(Object.fromEntries(ofPeers)),
    isWithinLimit: allOf(peaksMb).every((peak) => peak <= rssLimitMb),
  }
}

const allOf = (peaksMb: Readonly<Record<string, Peaks>>): readonly number[] =>
  Object.values(peaksMb).flatMap((peaks) => Object.values(peaks))

const mostOf = ({ peaksMb }: ReturnType<typeof memoryOf>): number | null => {
  const peaks = allOf(peaksMb)
  return peaks.length === 0 ? null : Math.max(...peaks)
}

const peaksByName = (measured: Readonly<Record<string, readonly Run[]>>) =>
  Object.fromEntries(
    Object.entries(measured).flatMap(([name, runs]) =>
      runs.length === 0 ? [] : [[name, peaksOf(runs)] as const],
    ),
  )

const peaksOf = (runs: readonly Run[]): Peaks =>
  Object.fromEntries(
    services.flatMap((name) => {
      const peaks = runs.flatMap((run) => run.rssPeakMb[name] ?? [])
      return peaks.length === 0 ? [] : [[name, Math.max(...peaks)]]
    }),
  )
