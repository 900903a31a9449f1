import Table from 'cli-table3'
import { checks } from './oracle-findings.ts'
import { linkFaultNames } from './plan.ts'
import { plain, type Report } from './report.ts'

/** The goals that the reports of several seeds must reach together. */
const goals = {
  seeds: 3,
  'kills of services': 300,
  'kills of mongod': 20,
  'kills of the broker': 20,
  'wiped brokers': 3,
  'network faults on links': linkFaultNames.length,
  'accepted sales': 15_000,
} as const
type Goal = keyof typeof goals

export type Sum = { readonly isReached: boolean; readonly table: string }

/** Adds reports up. Two of one seed count once, and one that did not pass spoils the sum. */
export const sumReports = (reports: readonly Report[]): Sum => {
  const bySeed = new Map(reports.map((report) => [report.seed, report]))
  const each = [...bySeed.values()]
  const total = (of: (report: Report) => number) =>
    each.reduce((sum, report) => sum + of(report), 0)
  const faults = (...names: string[]) =>
    total((report) => names.reduce((sum, name) => sum + (report.faults[name] ?? 0), 0))
  const reached: Readonly<Record<Goal, number>> = {
    seeds: each.length,
    'kills of services': faults('kill gateway', 'kill ledger', 'kill adapter'),
    'kills of mongod': faults('kill mongod'),
    'kills of the broker': faults('kill broker'),
    'wiped brokers': faults('wipe broker'),
    'network faults on links': linkFaultNames.filter(({ name }) => faults(name) > 0).length,
    'accepted sales': total(({ sales }) => sales.accepted),
  }
  const table = new Table({ head: ['summed over seeds', 'is', 'must be'], style: plain })
  let isReached = true
  const row = (name: string, is: number, mustBe: string, isGood: boolean) => {
    isReached &&= isGood
    table.push([name, is, `${mustBe}${isGood ? '' : '  NOT REACHED'}`])
  }
  for (const goal of Object.keys(goals) as Goal[]) {
    row(goal, reached[goal], `>= ${goals[goal]}`, reached[goal] >= goals[goal])
  }
  for (const check of checks) {
    const count = total((report) => report[check])
    row(check, count, '0', count === 0)
  }
  const passed = each.filter((report) => report.passed).length
  row('reports that passed', passed, String(each.length), passed === each.length)
  return { isReached, table: table.toString() }
}
