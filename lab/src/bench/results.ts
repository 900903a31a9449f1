import type { Verification } from './measure/measured-path.ts'
import {
  oneLedgerPath,
  rssLimitMb,
  tenFloatsPath,
  twoLedgersPath,
  zipfPath,
} from './measure/plan.ts'
import { cellAt, type Cell } from './measure/rounds.ts'
import type { GrownFigures } from './scenarios/grown.ts'
import type { InstanceFigures } from './scenarios/instances.ts'
import type { PathFigures } from './scenarios/paths.ts'
import type { RateFigures } from './scenarios/rates.ts'
import type { SpreadFigures } from './scenarios/spread.ts'
import type { TakeoverFigures } from './scenarios/takeover.ts'
import type { WaitingFigures } from './scenarios/waiting.ts'
import type { WriterFigures } from './scenarios/writer.ts'
import { rounded } from './measure/statistics.ts'

/** The figures of each scenario; null: not run. */
export type Results = {
  readonly paths: PathFigures | null
  readonly spread: SpreadFigures | null
  readonly writer: WriterFigures | null
  readonly rates: RateFigures | null
  readonly waiting: WaitingFigures | null
  readonly instances: InstanceFigures | null
  readonly grown: GrownFigures | null
  readonly takeover: TakeoverFigures | null
}
export type ScenarioName = keyof Results
export const scenarioNames = [
  'paths',
  'spread',
  'writer',
  'rates',
  'waiting',
  'instances',
  'grown',
  'takeover',
] as const satisfies readonly ScenarioName[]

export type Verified = Readonly<Record<string, Verification>>

/**
 * The figures that a change of the product is judged by. Throughputs are medians of the rounds of one run, in sales a
 * second, and a quotient of two is ours to the other's: more is better unless it says otherwise. Each is null where
 * the run did not measure it. The quick run has all but `twoLedgersVsOne`, `grownVsEmpty` and `verifyLinesPerSecond`.
 */
export type Ratios = {
  /** Scenario `paths`, one hot float: throughput of the whole path to that of the bare path, 256 connections. */
  readonly wholeVsBare256: number | null
  /** The same with 512 connections. */
  readonly wholeVsBare512: number | null
  /** Scenario `paths`: throughput of the whole path to that of the plain trio, 256 connections. */
  readonly wholeVsTrio256: number | null
  /**
   * Scenario `paths`, one connection: median latency of the whole path less that of the bare path, counted in
   * majority-journaled writes, each as long as the median of such writes in the same run. Less is better.
   */
  readonly p50Excess1: number | null
  /** Scenario `spread`: throughput of a thousand shops by Zipf to that of one hot float, 256 connections. */
  readonly zipfVsHot256: number | null
  /** Scenario `spread`: throughput of ten floats to that of one hot float, 256 connections. */
  readonly tenVsHot256: number | null
  /** Scenario `writer`: entries a second of the writer alone to those of medici, guarded. */
  readonly writerVsMedici: number | null
  /**
   * Scenario `writer`: entries a second of the writer alone, until all is projected, to those of the bare driver doing the
   * same appends and projections. Redefined with the log: before, the same documents in the same transactions.
   */
  readonly writerVsRaw: number | null
  /** Scenario `rates`, requests at half of the maximum: 99th percentile of the latency to its median. Less is better. */
  readonly p99VsP50Half: number | null
  /**
   * MB: the largest resident memory of any of our services in any scenario of the run, from its start on; scenario
   * `waiting` with its 100,000 commands included, `writer` not, which runs no service. Less is better.
   */
  readonly memoryMbMax: number | null
  /**
   * ms, scenario `rates`, 512 connections: 99th percentile of the time from a block's append to all projections showing it.
   * Less is better.
   */
  readonly projectionLagP99Ms: number | null
  /** Scenario `instances`: throughput of two ledgers to that of one, 200 shops in turn, 256 connections, one mongod. */
  readonly twoLedgersVsOne: number | null
  /** Scenario `grown`: throughput with the grown ledger's entries stored to that with none, 256 connections. */
  readonly grownVsEmpty: number | null
  /** Scenario `grown`: posting lines a second of `verify` over the grown ledger, without load. */
  readonly verifyLinesPerSecond: number | null
  /**
   * Bytes, scenario `waiting`: storage of all collections and indexes of both of the ledger's databases after a checkpoint, for
   * each of its sales. Null where there were too few sales: the empty ledger's storage is 1 % of it or more. Less is better.
   */
  readonly bytesPerSale: number | null
}

export const ratiosOf = (results: Results): Ratios => {
  const { paths, spread, writer, rates, waiting, instances, grown } = results
  const against = (peer: string, connections: number) =>
    quotient(
      cellAt(paths?.cells ?? [], 'whole', connections),
      cellAt(paths?.cells ?? [], peer, connections),
    )
  const hot = cellNamed(spread, 'whole')
  return {
    wholeVsBare256: against('bare', 256),
    wholeVsBare512: against('bare', 512),
    wholeVsTrio256: against('trio', 256),
    p50Excess1: paths === null ? null : excessOf(paths),
    zipfVsHot256: quotient(cellNamed(spread, zipfPath), hot),
    tenVsHot256: quotient(cellNamed(spread, tenFloatsPath), hot),
    writerVsMedici: writer?.writerVsMedici ?? null,
    writerVsRaw: writer?.writerVsRaw ?? null,
    p99VsP50Half: tailOf(rates),
    memoryMbMax: mostOf(memoryOf(results)),
    projectionLagP99Ms: rates?.projectionLagP99Ms ?? null,
    twoLedgersVsOne: quotient(
      cellNamed(instances, twoLedgersPath),
      cellNamed(instances, oneLedgerPath),
    ),
    grownVsEmpty: quotient(cellNamed(grown, 'grown'), cellNamed(grown, 'empty')),
    verifyLinesPerSecond: grown?.verify.linesPerSecond ?? null,
    bytesPerSale: waiting === null ? null : bytesPerSaleOf(waiting),
  }
}

const cellNamed = (
  scenario: { readonly cells: readonly Cell[] } | null,
  path: string,
): Cell | undefined => scenario?.cells.find((cell) => cell.path === path)

const tailOf = (rates: RateFigures | null): number | null =>
  rates === null || rates.half.p50Ms === 0 ? null : rounded(rates.half.p99Ms / rates.half.p50Ms)

const fixedShareMax = 0.01

const bytesPerSaleOf = ({ disk }: WaitingFigures): number | null =>
  disk.fixedShare < fixedShareMax ? Math.round(disk.bytesPerSale) : null

const quotient = (ours: Cell | undefined, theirs: Cell | undefined): number | null =>
  ours === undefined || theirs === undefined || theirs.salesPerSecond.median === 0
    ? null
    : rounded(ours.salesPerSecond.median / theirs.salesPerSecond.median)

const excessOf = ({ cells, writeP50Ms }: PathFigures): number | null => {
  const whole = cellAt(cells, 'whole', 1)
  const bare = cellAt(cells, 'bare', 1)
  return whole === undefined || bare === undefined
    ? null
    : rounded((whole.p50Ms.median - bare.p50Ms.median) / writeP50Ms.median)
}

const services = ['gateway', 'ledger', 'adapter', 'second ledger']
const peers = ['bare', 'trio']
const isPeer = ({ path }: Cell): boolean => peers.includes(path)

type Peaks = Readonly<Record<string, number>>

export type Memory = {
  readonly limitMb: number
  /** The most that each of our services held in each scenario. */
  readonly peaksMb: Readonly<Record<string, Peaks>>
  /** The same of the plain programs that stand in our services' places, by path, to compare. */
  readonly peersMb: Readonly<Record<string, Peaks>>
  readonly isWithinLimit: boolean
}

export const memoryOf = (results: Results): Memory => {
  const { paths, spread, rates, waiting, instances, grown } = results
  const peaksMb = peaksByName({
    paths: paths?.cells.filter((cell) => !isPeer(cell)),
    spread: spread?.cells,
    rates: rates === null ? undefined : [rates.maximum, ...rates.rates],
    waiting: waiting === null ? undefined : [waiting],
    instances: instances?.cells,
    grown: grown === null ? undefined : [...grown.cells, grown.reading.grown, grown.reading.empty],
  })
  const peersMb = peaksByName(
    Object.fromEntries(
      peers.map((peer) => [peer, paths?.cells.filter(({ path }) => path === peer)] as const),
    ),
  )
  const isWithinLimit = allOf(peaksMb).every((peak) => peak <= rssLimitMb)
  return { limitMb: rssLimitMb, peaksMb, peersMb, isWithinLimit }
}

const allOf = (peaksMb: Memory['peaksMb']): readonly number[] =>
  Object.values(peaksMb).flatMap((peaks) => Object.values(peaks))

const mostOf = ({ peaksMb }: Memory): number | null => {
  const peaks = allOf(peaksMb)
  return peaks.length === 0 ? null : Math.max(...peaks)
}

type Run = { readonly rssPeakMb: Peaks }

const peaksByName = (
  measured: Readonly<Record<string, readonly Run[] | undefined>>,
): Readonly<Record<string, Peaks>> =>
  Object.fromEntries(
    Object.entries(measured).flatMap(([name, runs = []]) =>
      runs.length === 0 ? [] : [[name, peaksOf(runs)]],
    ),
  )

const peaksOf = (runs: readonly Run[]): Peaks =>
  Object.fromEntries(
    services.flatMap((name) => {
      const peaks = runs.flatMap((run) => run.rssPeakMb[name] ?? [])
      return peaks.length === 0 ? [] : [[name, Math.max(...peaks)]]
    }),
  )
