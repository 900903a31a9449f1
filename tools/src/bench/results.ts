import type { Verification } from './measured-path.ts'
import { rssLimitMb } from './plan.ts'
import { cellAt, type Cell } from './rounds.ts'
import type { GrownFigures } from './scenarios/grown.ts'
import type { InstanceFigures } from './scenarios/instances.ts'
import type { PathFigures } from './scenarios/paths.ts'
import type { RateFigures } from './scenarios/rates.ts'
import type { SpreadFigures } from './scenarios/spread.ts'
import type { WaitingFigures } from './scenarios/waiting.ts'
import type { WriterFigures } from './scenarios/writer.ts'
import { rounded } from './statistics.ts'

/** What each scenario found; null: not run. */
export type Results = {
  readonly paths: PathFigures | null
  readonly spread: SpreadFigures | null
  readonly writer: WriterFigures | null
  readonly rates: RateFigures | null
  readonly waiting: WaitingFigures | null
  readonly instances: InstanceFigures | null
  readonly grown: GrownFigures | null
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
] as const satisfies readonly ScenarioName[]

export type Verified = Readonly<Record<string, Verification>>

/** Every one of them null where it was not measured. */
export type Ratios = {
  readonly wholeVsBare256: number | null
  readonly wholeVsBare512: number | null
  readonly wholeVsTrio256: number | null
  /** What one sale alone takes longer than on the bare path, in majority-journaled writes. */
  readonly p50Excess1: number | null
  readonly writerVsRaw: number | null
  readonly writerVsMedici: number | null
  readonly grownVsEmpty: number | null
}

export const ratiosOf = (results: Pick<Results, 'paths' | 'writer' | 'grown'>): Ratios => {
  const cells = results.paths?.cells ?? []
  const against = (peer: string, connections: number) =>
    quotient(cellAt(cells, 'whole', connections), cellAt(cells, peer, connections))
  return {
    wholeVsBare256: against('bare', 256),
    wholeVsBare512: against('bare', 512),
    wholeVsTrio256: against('trio', 256),
    p50Excess1: results.paths === null ? null : excessOf(results.paths),
    writerVsRaw: results.writer?.writerVsRaw ?? null,
    writerVsMedici: results.writer?.writerVsMedici ?? null,
    grownVsEmpty:
      results.grown === null
        ? null
        : quotient(
            results.grown.cells.find(({ path }) => path === 'grown'),
            results.grown.cells.find(({ path }) => path === 'empty'),
          ),
  }
}

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
const ourPaths = (cell: Cell): boolean => cell.path !== 'bare' && cell.path !== 'trio'

export type Memory = {
  readonly limitMb: number
  /** The most that each of our services held in each scenario. */
  readonly peaksMb: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly isWithinLimit: boolean
}

export const memoryOf = (results: Results): Memory => {
  const { paths, spread, rates, waiting, instances, grown } = results
  const measured = {
    paths: paths?.cells.filter(ourPaths),
    spread: spread?.cells,
    rates: rates?.rates,
    waiting: waiting === null ? undefined : [waiting],
    instances: instances?.cells,
    grown: grown?.cells,
  }
  const peaksMb = Object.fromEntries(
    Object.entries(measured).flatMap(([scenario, runs = []]) =>
      runs.length === 0 ? [] : [[scenario, peaksOf(runs)]],
    ),
  )
  const isWithinLimit = Object.values(peaksMb)
    .flatMap((peaks) => Object.values(peaks))
    .every((peak) => peak <= rssLimitMb)
  return { limitMb: rssLimitMb, peaksMb, isWithinLimit }
}

const peaksOf = (runs: readonly { readonly rssPeakMb: Readonly<Record<string, number>> }[]) =>
  Object.fromEntries(
    services.flatMap((name) => {
      const peaks = runs.flatMap((run) => run.rssPeakMb[name] ?? [])
      return peaks.length === 0 ? [] : [[name, Math.max(...peaks)]]
    }),
  )
