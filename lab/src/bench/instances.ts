import { runScenario } from '../runner/scenario.ts'
import { startShopsPath, type Doubled } from './shops-path.ts'
import { oneLedgerPath, spreadConnections, twoLedgersPath } from './plan.ts'
import { printCells } from './print-results.ts'
import { measureAlone } from './rounds.ts'
import { noSystem, type Bench } from './scenario.ts'

/** Many shops with one ledger, and with two that share the partitions. */
export const compareInstances = ({ servers, plan }: Bench) =>
  runScenario({
    stack: noSystem,
    load: () => {
      const start = (name: string, doubled: readonly Doubled[]) => async () => {
        const system = await startShopsPath(servers, { name: 'instances', doubled })
        return { ...system, turns: [{ path: system.shops(name), connections: spreadConnections }] }
      }
      const starts = {
        one: start(oneLedgerPath, []),
        two: start(twoLedgersPath, ['ledger']),
      }
      return measureAlone(starts, plan)
    },
    judge: ({ cells, ledgers }) => ({ figures: { cells }, ledgers }),
    report: ({ cells }) => printCells('ledger instances, many shops', cells),
  })
