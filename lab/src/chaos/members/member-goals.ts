import { sumOf } from '../../runner/statistics.ts'
import { waitMsMax } from '../judge-member-faults.ts'
import type { Report } from '../report.ts'
import { made, type Goal } from '../sum.ts'
import { memberFaultNames } from './plan-members.ts'

const upgradeSalesMin = 5_000

export const goalsOfMembers = (reports: readonly Report[]): readonly Goal[] => {
  const faults = reports.flatMap(({ members }) => members?.faults ?? [])
  const upgrades = faults.filter(({ name }) => name === 'upgrade' || name === 'downgrade')
  const goesOn = faults.filter(({ selling }) => selling === 'goes on')
  return [
    {
      name: 'kinds of faults',
      is: memberFaultNames.filter((name) => made(reports, name) >= reports.length).length,
      least: memberFaultNames.length,
    },
    {
      name: 'sales amid upgrades',
      is: sumOf(upgrades.map(({ sold }) => sold)),
      least: upgradeSalesMin,
    },
    {
      name: 'failed where selling goes on',
      is: sumOf(goesOn.map(({ failed }) => failed)),
      most: 0,
    },
    {
      name: 'longest time without a sale, ms',
      is: Math.max(...faults.map(({ waitedMs }) => waitedMs ?? Infinity)),
      most: waitMsMax,
    },
  ]
}
