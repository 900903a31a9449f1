import { partitionCount } from '@recargas/contracts'
import type { ServiceProcess } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { inTurn, sellOnConnections } from '../runner/load.ts'
import type { LabServers } from '../runner/servers.ts'
import { openShops } from '../runner/shops.ts'
import { readMetric } from '../till/metric.ts'
import { spreadConnections } from './plan.ts'
import type { SalePath, StartedSystem } from './rounds.ts'
import { startWholePath } from './whole-path.ts'

const shopsSelling = 200
const shareMsMax = 30_000
/** A service that has just started sells more slowly for some thousand sales, until its code is compiled. */
const warmingSales = 6_000
const warmingSeconds = 5
const warmingsMax = 24

export type Doubled = 'gateway' | 'ledger' | 'adapter'

/** The paths to measure, by their names: sales of all shops in turn, and those of the hot one where it has a name. */
export type PathNames = { readonly shops: string; readonly hot?: string }

type Options = Omit<Parameters<typeof startWholePath>[1], 'merchants' | 'history'> & {
  readonly doubled: readonly Doubled[]
  readonly paths: PathNames
}

/** Our services with many shops open, some of them with a second instance, all of them warm. */
export const startShopsPath = async (
  servers: LabServers,
  { doubled, paths: { shops, hot }, ...options }: Options,
): Promise<StartedSystem> => {
  const whole = await startWholePath(servers, { ...options, merchants: shopsSelling })
  // Shops open before the second ledger starts: while partitions are handed over, an opening may expire.
  const next = inTurn(await openShops(whole.system.gateway, shopsSelling))
  const second = new Map<Doubled, ServiceProcess>()
  for (const name of doubled) {
    const service = await whole.system.another(name, `second-${name}`)
    await service.start()
    second.set(name, service)
  }
  const ledger = second.get('ledger')
  if (ledger !== undefined) await partitionsAreShared(ledger)
  const gateway = second.get('gateway')
  const byAll = (path: SalePath): SalePath => ({
    ...path,
    target: {
      ...path.target,
      urls: [...path.target.urls, ...(gateway === undefined ? [] : [gateway.url])],
    },
    pids: {
      ...path.pids,
      ...Object.fromEntries([...second].map(([name, { pid }]) => [`second ${name}`, pid])),
    },
  })
  const ofShops = byAll(whole.selling(shops, next))
  await warmUp(ofShops)
  const paths = [...(hot === undefined ? [] : [byAll({ ...whole, name: hot })]), ofShops]
  return {
    turns: paths.map((path) => ({ path, connections: spreadConnections })),
    verify: whole.verify,
    stop: async () => {
      for (const service of second.values()) await service.stop()
      await whole.stop()
    },
  }
}

const warmUp = async ({ target, settle }: SalePath): Promise<void> => {
  const load = { connections: spreadConnections, seconds: warmingSeconds }
  for (let warmings = 0, sold = 0; sold < warmingSales && warmings < warmingsMax; warmings += 1) {
    sold += (await sellOnConnections(target, load)).sold
  }
  await settle()
}

/** The first ledger hands half of its partitions over. */
const partitionsAreShared = (ledger: ServiceProcess): Promise<void> =>
  waitUntil(
    'the partitions are shared',
    shareMsMax,
    async () => (await readMetric(ledger.url, 'ledger_partitions_served')) >= partitionCount / 2,
  )
