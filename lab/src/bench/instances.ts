import { runScenario } from '../runner/scenario.ts'
import { startShopsPath, type Doubled } from './shops-path.ts'
import { oneLedgerPath, twoLedgersPath } from './plan.ts'
import { printCells } from './print-results.ts'
import { measureAlone } from './rounds.ts'
import { noSystem, type Bench } from './scenario.ts'

/** Many shops with one ledger, and with two that share the partitions. */
export const compareInstances = ({ servers, plan }: Bench) =>
  runScenario({
    stack: noSystem,
    load: () => {
      const start = (shops: string, doubled: readonly Doubled[]) => () =>
        startShopsPath(servers, { name: 'instances', doubled, paths: { shops } })
      const [one, two] = [start(oneLedgerPath, []), start(twoLedgersPath, ['ledger'])]
      return measureAlone({ one, two }, plan)
    },
    judge: ({ cells, ledgers }) => ({ figures: { cells }, ledgers }),
    report: ({ cells }) => printCells('ledger instances, many shops', cells),
  })
