import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '@recargas/stack/service-process'
import type { Experiment } from '../runner/experiment.ts'
import { runJson } from '../runner/programs.ts'
import { say } from '../runner/report.ts'

type Simulated = {
  readonly salesPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly perSale: Readonly<Record<string, number>>
  readonly cpuMsPerSale: Readonly<Record<string, number>>
  readonly cpuMsPerSaleAll: number
  readonly partitionsOfLedgersMax: number
  readonly sharedAfterHeartbeats: number
}
type Points = Readonly<Record<string, { readonly point: object; readonly figures: Simulated }>>

/** The measured runs, and the greatest deviation of the model from each; two of them gave its costs. */
const measuredRuns = [
  { name: 'hot', path: 'whole', scenario: 'spread', deviationMax: 0.15 },
  { name: 'one ledger', path: 'one ledger', scenario: 'instances', deviationMax: 0.15 },
  { name: 'ten', path: 'ten floats', scenario: 'spread', deviationMax: 0.15 },
  { name: 'Zipf 1000', path: 'Zipf 1000', scenario: 'spread', deviationMax: 0.15 },
  // Known to differ: the model has no cold code, no garbage collector's threads and no caches that two processes share.
  { name: 'two ledgers', path: 'two ledgers', scenario: 'instances', deviationMax: null },
] as const

type Cells = {
  readonly cells: readonly {
    readonly path: string
    readonly salesPerSecond: { readonly median: number }
  }[]
}

const figureOf = (points: Points, name: string): Simulated => {
  const found = points[name]
  if (found === undefined) throw new Error(`${name} was not simulated`)
  return found.figures
}

const validate = (points: Points) => {
  const file = join(repository, 'docs/figures/bench-spread.json')
  const bench = JSON.parse(readFileSync(file, 'utf8')) as Record<'spread' | 'instances', Cells>
  return measuredRuns.map(({ name, path, scenario, deviationMax }) => {
    const cell = bench[scenario].cells.find((each) => each.path === path)
    const measured = cell?.salesPerSecond.median ?? 0
    const { salesPerSecond: simulated } = figureOf(points, name)
    const deviation = Math.round(((simulated - measured) / measured) * 100) / 100
    return { name, measured, simulated, deviation, deviationMax }
  })
}

const costMax = 1.25
const base = '100 shops, 1 ledger'

const boundsOf = (points: Points, validated: ReturnType<typeof validate>) => {
  const costOf = (name: string) => figureOf(points, name).cpuMsPerSaleAll
  const isFlat = (name: string) => costOf(name) <= costMax * costOf(base)
  const rateOf = (name: string) => figureOf(points, name).salesPerSecond
  return {
    'the model meets each measured row that it claims to within 15 %': validated.every(
      ({ deviation, deviationMax }) => deviationMax === null || Math.abs(deviation) <= deviationMax,
    ),
    'a sale of 1,000 shops on 10 ledgers costs at most 1.25 of one of 100 shops on one':
      isFlat('1,000 shops, 10 ledgers'),
    'a sale of 10,000 shops on 100 ledgers costs at most 1.25 of one of 100 shops on one': isFlat(
      '10,000 shops, 100 ledgers',
    ),
    'a sale of 10,000 shops by Zipf costs at most 1.25 of one of 100 shops on one ledger': isFlat(
      '10,000 shops by Zipf, 100 ledgers',
    ),
    'two ledgers and gateways sell at least 0.95 of one of each on two cores':
      rateOf('2 ledgers and gateways, 2 cores') >= 0.95 * rateOf('1 ledger, 2 cores'),
  }
}

const row = ({ perSale, cpuMsPerSale, ...figures }: Simulated) => ({
  ...figures,
  ...perSale,
  ...cpuMsPerSale,
})

export const growth: Experiment = {
  description: 'the ledger’s own code in simulated time, up to 10,000 shops and 100 ledgers',
  onlyNamed: true,
  run: async () => {
    const points = await runJson<Points>({
      program: 'services/ledger/dist/bench/growth/main.js',
      onLine: (line) => say(`  ${line}`),
    })
    const validated = validate(points)
    console.table(validated)
    console.table(
      Object.fromEntries(Object.entries(points).map(([name, each]) => [name, row(each.figures)])),
    )
    return {
      figures: { runs: { validated, points }, proof: [] },
      bounds: boundsOf(points, validated),
      ledgers: {},
    }
  },
}
