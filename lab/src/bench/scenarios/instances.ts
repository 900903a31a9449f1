import { partitionCount } from '@recargas/contracts'
import { sellFor } from '../measure/load.ts'
import { oneLedgerPath, spreadConnections, twoLedgersPath, warmUp } from '../measure/plan.ts'
import { measureInTurns, type Cell } from '../measure/rounds.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { inTurn, openShops } from '../measure/shops.ts'
import { readMetric } from '../../till/metric.ts'
import { waitUntil } from '@recargas/stack/wait-until'
import { startWholePath } from '../measure/whole-path.ts'

export type InstanceFigures = { readonly cells: readonly Cell[] }

const shopsSelling = 200
const shareMsMax = 30_000

/** Many shops with one ledger, and with two that share the partitions. */
export const compareInstances = async ({
  servers,
  plan,
  log,
}: Bench): Promise<Outcome<InstanceFigures>> => {
  const name = 'instances'
  const whole = await startWholePath(servers, { name, merchants: shopsSelling })
  const second = await whole.stack.another('ledger', `${name}-second-ledger`)
  try {
    const { stack } = whole
    const gateway = { url: stack.urls.gateway, jwtSecret: stack.jwtSecret }
    const next = inTurn(await openShops(gateway, shopsSelling))
    const one = whole.selling(oneLedgerPath, next)
    const pair = whole.selling(twoLedgersPath, next)
    const two = { ...pair, pids: { ...pair.pids, 'second ledger': second.pid } }
    const warm = async () => {
      await sellFor(one.target, warmUp)
      await one.settle()
    }
    const turns = [
      {
        path: two,
        connections: spreadConnections,
        // The first hands half of its partitions over.
        prepare: async () => {
          await second.start()
          await warm()
          await waitUntil(
            'the partitions are shared',
            shareMsMax,
            async () =>
              (await readMetric(second.url, 'ledger_partitions_served')) >= partitionCount / 2,
          )
        },
      },
      {
        path: one,
        connections: spreadConnections,
        prepare: async () => {
          await second.stop()
          await warm()
        },
      },
    ]
    const cells = await measureInTurns(turns, { ...plan, log })
    return { figures: { cells }, verified: { whole: await whole.verify() } }
  } finally {
    await second.stop()
    await whole.stop()
  }
}
