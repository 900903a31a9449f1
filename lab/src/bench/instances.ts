import { partitionCount } from '@recargas/contracts'
import { waitUntil } from '@recargas/stack/wait-until'
import { inTurn } from '../runner/load.ts'
import { nothingBroken, runScenario } from '../runner/scenario.ts'
import { openShops } from '../runner/shops.ts'
import { readMetric } from '../till/metric.ts'
import { oneLedgerPath, spreadConnections, twoLedgersPath } from './plan.ts'
import { printCells } from './print-results.ts'
import { measureInTurns, warm } from './rounds.ts'
import type { Bench } from './scenario.ts'
import { startWholePath } from './whole-path.ts'

const shopsSelling = 200
const shareMsMax = 30_000

/** Many shops with one ledger, and with two that share the partitions. */
export const compareInstances = ({ servers, plan }: Bench) =>
  runScenario({
    stack: async () => {
      const whole = await startWholePath(servers, { name: 'instances', merchants: shopsSelling })
      const second = await whole.system.another('ledger', 'second-ledger')
      const stop = async () => {
        await second.stop()
        await whole.stop()
      }
      return { whole, second, stop }
    },
    load: async ({ whole, second }) => {
      const next = inTurn(await openShops(whole.system.gateway, shopsSelling))
      const one = whole.selling(oneLedgerPath, next)
      const pair = whole.selling(twoLedgersPath, next)
      const two = { ...pair, pids: { ...pair.pids, 'second ledger': second.pid } }
      const partitionsAreShared = () =>
        waitUntil(
          'the partitions are shared',
          shareMsMax,
          async () =>
            (await readMetric(second.url, 'ledger_partitions_served')) >= partitionCount / 2,
        )
      const turns = [
        {
          path: two,
          connections: spreadConnections,
          // The first hands half of its partitions over.
          prepare: async () => {
            await second.start()
            await warm(one)
            await partitionsAreShared()
          },
        },
        {
          path: one,
          connections: spreadConnections,
          prepare: async () => {
            await second.stop()
            await warm(one)
          },
        },
      ]
      return { cells: await measureInTurns(turns, plan) }
    },
    faults: (load) => nothingBroken(load),
    judge: async (figures, { whole }) => ({
      figures,
      bounds: {},
      ledgers: { whole: await whole.verify() },
    }),
    report: ({ cells }) => printCells('ledger instances, many shops', cells),
  })
