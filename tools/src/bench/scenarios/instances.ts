import { sellFor } from '../load.ts'
import { spreadConnections, warmUp } from '../plan.ts'
import { measureInTurns, type Cell } from '../rounds.ts'
import type { Bench, Outcome } from '../scenario.ts'
import { inTurn, openShops } from '../shops.ts'
import { furtherLedger } from '../../stack/further-ledger.ts'
import { startWholePath } from '../whole-path.ts'

export type InstanceFigures = { readonly cells: readonly Cell[] }

const shopsSelling = 200

/** Many shops with one ledger, and with two that started together and so share the partitions. */
export const compareInstances = async ({
  servers,
  plan,
  log,
}: Bench): Promise<Outcome<InstanceFigures>> => {
  const name = 'instances'
  const whole = await startWholePath(servers, { name, merchants: shopsSelling })
  const second = await furtherLedger(whole.stack, `${name}-second-ledger`, {
    ...servers,
    amqpUrl: whole.amqpUrl,
  })
  try {
    const { stack } = whole
    const gateway = { url: stack.urls.gateway, jwtSecret: stack.jwtSecret }
    const next = inTurn(await openShops(gateway, shopsSelling))
    const one = whole.selling('one ledger', next)
    const pair = whole.selling('two ledgers', next)
    const two = { ...pair, pids: { ...pair.pids, 'second ledger': second.pid } }
    const warm = async () => {
      await sellFor(one.target, warmUp)
      await one.settle()
    }
    const turns = [
      {
        path: two,
        connections: spreadConnections,
        // Whoever subscribes first gets a partition: together, each gets some.
        prepare: async () => {
          await stack.processes.ledger.stop()
          await Promise.all([stack.processes.ledger.start(), second.start()])
          await stack.processes.gateway.waitReady()
          await warm()
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
