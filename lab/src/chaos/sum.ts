import Table from 'cli-table3'
import { sumOf } from '../runner/statistics.ts'
import { checks } from './oracle-findings.ts'
import { linkFaultNames } from './plan.ts'
import { plain, type Report } from './report.ts'

/** A goal that the reports of several seeds must reach together: at least, or at most, so much. */
export type Goal = {
  readonly name: string
  readonly is: number
  readonly least?: number
  readonly most?: number
}

const seedsMin = 3
const salesMin = 15_000

const total = (reports: readonly Report[], of: (report: Report) => number): number =>
  sumOf(reports.map(of))

export const made = (reports: readonly Report[], ...names: readonly string[]): number =>
  total(reports, ({ faults }) => sumOf(names.map((name) => faults[name] ?? 0)))

export const goalsOfServices = (reports: readonly Report[]): readonly Goal[] => [
  {
    name: 'kills of services',
    is: made(reports, 'kill gateway', 'kill ledger', 'kill adapter'),
    least: 300,
  },
  { name: 'kills of mongod', is: made(reports, 'kill mongod'), least: 20 },
  { name: 'kills of the broker', is: made(reports, 'kill broker'), least: 20 },
  { name: 'wiped brokers', is: made(reports, 'wipe broker'), least: 3 },
  {
    name: 'network faults on links',
    is: linkFaultNames.filter(({ name }) => made(reports, name) > 0).length,
    least: linkFaultNames.length,
  },
]

export type Sum = { readonly isReached: boolean; readonly table: string }

/** Adds reports of one profile up. Two of one seed count once, and one that did not pass spoils the sum. */
export const sumReports = (
  reports: readonly Report[],
  goalsOf: (reports: readonly Report[]) => readonly Goal[],
): Sum => {
  const each = [...new Map(reports.map((report) => [report.seed, report])).values()]
  const goals: readonly Goal[] = [
    { name: 'seeds', is: each.length, least: seedsMin },
    { name: 'accepted sales', is: total(each, ({ sales }) => sales.accepted), least: salesMin },
    ...goalsOf(each),
    ...checks.map((check) => ({
      name: check,
      is: total(each, (report) => report[check]),
      most: 0,
    })),
    {
      name: 'reports that passed',
      is: each.filter(({ passed }) => passed).length,
      least: each.length,
    },
  ]
  const table = new Table({ head: ['summed over seeds', 'is', 'must be'], style: plain })
  for (const goal of goals) {
    const { name, is, least, most } = goal
    const mustBe = least === undefined ? `<= ${most}` : `>= ${least}`
    table.push([name, is, `${mustBe}${isMet(goal) ? '' : '  NOT REACHED'}`])
  }
  return { isReached: goals.every(isMet), table: table.toString() }
}

const isMet = ({ is, least = -Infinity, most = Infinity }: Goal): boolean =>
  is >= least && is <= most
