import { join } from 'node:path'
import { clusterSettings, startCluster } from '@recargas/stack/cluster'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { placesOn, type LabServers } from '../runner/servers.ts'
import { rounded } from '../runner/statistics.ts'
import type { Pids } from '../runner/usage.ts'
import { membersPaths } from './plan.ts'
import { printCells } from './print-results.ts'
import { measureAlone, type Cell } from './rounds.ts'
import type { Bench } from './scenario.ts'
import { startShopsPath, type Doubled, type PathNames } from './shops-path.ts'

const everyService: readonly Doubled[] = ['gateway', 'ledger', 'adapter']

/** One member of each server and three, with one of each service and with two, which share the partitions. */
export const compareMembers = ({ servers, plan }: Bench) =>
  runScenario({
    stack: () => startClusterBeside(servers),
    load: (cluster) => {
      const { hotOnOne, hotOnThree, oneOnOne, twoOnOne, oneOnThree, twoOnThree } = membersPaths
      return measureAlone(
        {
          'one of each, 1 node': startOn(servers, [], { hot: hotOnOne, shops: oneOnOne }),
          'two of each, 1 node': startOn(servers, everyService, { shops: twoOnOne }),
          'one of each, 3 nodes': startOn(cluster, [], { shops: oneOnThree }),
          'two of each, 3 nodes': startOn(cluster, everyService, {
            hot: hotOnThree,
            shops: twoOnThree,
          }),
        },
        plan,
      )
    },
    judge: ({ cells, ledgers }) => ({
      figures: { cells, cpuMsPerSale: cells.map(cpuPerSale) },
      ledgers,
    }),
    report: ({ cells, cpuMsPerSale }) => {
      printCells('members of the servers, instances of the services', cells)
      console.table(cpuMsPerSale)
    },
  })

const startOn = (servers: LabServers, doubled: readonly Doubled[], paths: PathNames) => () =>
  startShopsPath(servers, {
    ...{ name: 'members', doubled, paths },
    ledgerEnv: clusterSettings.ledger,
    adapterEnv: clusterSettings.adapter,
    gatewayEnv: clusterSettings.gateway,
  })

/** Three members of each server, as `STACK_NODES=3 npm start` starts them. */
const startClusterBeside = async (servers: LabServers): Promise<LabServers> => {
  const { folder, guard } = servers
  const cluster = await startCluster({
    folder: join(folder, 'three-nodes'),
    ...{ guard, log: say, onReady: undefined, ports: undefined },
  })
  // The guard is that of the other servers, which close it.
  const stop = () => cluster.stop('kill')
  const { mongod, rabbitmq } = cluster.members
  return {
    ...placesOn({ ...servers, ...cluster, native: null, stop }, folder, guard),
    stop,
    pids: { ...numbered('mongod', mongod), ...numbered('rabbitmq', rabbitmq) },
  }
}

const numbered = (name: string, members: readonly { readonly pid: Pids[string] }[]): Pids =>
  Object.fromEntries(members.map(({ pid }, index) => [`${name} ${index + 1}`, pid]))

/** Milliseconds of a core that one sale needs of each process. */
const cpuPerSale = ({ path, salesPerSecond, cpuPercent }: Cell) => {
  const ofEach = Object.entries(cpuPercent).map(
    ([name, percent]) => [name, rounded((percent * 10) / salesPerSecond.median)] as const,
  )
  const total = rounded(ofEach.reduce((sum, [, ms]) => sum + ms, 0))
  return { path, total, ...Object.fromEntries(ofEach) }
}
