import { join } from 'node:path'
import { clusterSettings } from '@recargas/stack/cluster'
import { startOrClose, type Guard } from '@recargas/stack/guard'
import { nativePrograms } from '@recargas/stack/install'
import { anyPorts } from '@recargas/stack/native-ports'
import { startRabbitmqCluster } from '@recargas/stack/rabbitmq-cluster'
import { repository } from '@recargas/stack/service-process'
import { versionsAsked } from '@recargas/stack/server-versions'
import { databaseOf, stackDatabases } from '@recargas/stack/stack-access'
import { startStack } from '@recargas/stack/supervisor'
import { merchantQueue } from '../broker-messages.ts'
import { quickSettings, startInstances } from '../chaos-stack.ts'
import type { Instance } from '../instances.ts'
import type { Service } from '../plan.ts'
import { startReplicaSet, type ReplicaSet } from '../replica-set.ts'
import type { SellingStack } from '../selling.ts'
import { brokerGroup, databaseGroup, type Group } from './groups.ts'
import { openNetworks, placesOf } from './network.ts'

/** Three members of each server and two of each service, as `STACK_NODES=3 npm start` starts them. */
export type MembersStack = SellingStack & {
  readonly of: (service: Service) => readonly Instance[]
  readonly brokers: Group
  readonly databases: Group
  readonly mongodb: ReplicaSet
  /** The build that an instance starts from the next time. */
  readonly use: (instance: Instance, root: string) => void
  readonly stop: () => Promise<void>
}

type Options = {
  readonly seed: number
  readonly say: (line: string) => void
  readonly merchant: string
  /** The build of services at first. */
  readonly root: string
}

/** RabbitMQ keeps its own records by majority from 4.3 on. */
export const membersPrograms = (say: (line: string) => void) =>
  nativePrograms(say, { ...versionsAsked(), rabbitmq: '4.3' })

export const startMembersStack = async (folder: string, options: Options): Promise<MembersStack> =>
  startOrClose((guard) => startAll(folder, guard, options))

const numbers = [1, 2, 3] as const
/** Hosts of the two servers' members differ, so that each is cut alone. */
const firstHost = { rabbitmq: 10, mongod: 20 } as const

const startAll = async (
  folder: string,
  guard: Guard,
  { seed, say, merchant, root }: Options,
): Promise<MembersStack> => {
  const { mongod, ...brokerPrograms } = await membersPrograms(say)
  const networks = await openNetworks(folder, guard)
  const placed = { rabbitmq: [], mongod: [] } as Record<
    keyof typeof firstHost,
    Awaited<ReturnType<typeof networks.create>>[]
  >
  for (const number of numbers) {
    placed.rabbitmq.push(await networks.create(firstHost.rabbitmq + number))
    placed.mongod.push(await networks.create(firstHost.mongod + number))
  }
  const ports = [await anyPorts(), await anyPorts(), await anyPorts()]
  const brokerPlaces = placesOf(placed.rabbitmq)
  const [mongodb, cluster] = await Promise.all([
    startReplicaSet({
      binary: mongod,
      folder: join(folder, 'mongodb'),
      guard,
      places: placesOf(placed.mongod),
    }),
    startRabbitmqCluster({
      ...brokerPrograms,
      folder: join(folder, 'rabbitmq'),
      ports,
      guard,
      ...(brokerPlaces && { places: brokerPlaces }),
      onDeath: (index, cause) => say(`broker ${index + 1} ended by itself: ${cause}`),
    }),
  ])
  const roots = new Map<string, string>()
  const stack = await startStack({
    folder,
    guard,
    mongodbUri: mongodb.uri,
    amqpUrl: cluster.amqpUrl,
    readyTimeoutMs: 60_000,
    rootOf: (name) => (name === 'sandbox' ? repository : (roots.get(name) ?? root)),
    env: {
      sandbox: { SANDBOX_SEED: String(seed) },
      gateway: { ...quickSettings.gateway, ...clusterSettings.gateway },
      ledger: { ...quickSettings.ledger, ...clusterSettings.ledger, CLOCK_SKEW_MS: undefined },
      adapter: { ...quickSettings.adapter, ...clusterSettings.adapter, CLOCK_SKEW_MS: undefined },
    },
  })
  const instances = await startInstances(stack, () => ({}))
  const of = (service: Service) => instances.filter((instance) => instance.service === service)
  return {
    instances,
    of,
    brokers: brokerGroup(cluster.members, placed.rabbitmq, merchantQueue(merchant)),
    databases: databaseGroup(mongodb, placed.mongod),
    mongodb,
    amqpUrls: cluster.amqpUrl.split(','),
    sandboxUrl: stack.urls.sandbox,
    jwtSecret: stack.jwtSecret,
    ledgerUri: databaseOf(mongodb.uri, stackDatabases().ledger),
    gatewayUrls: of('gateway').map(({ process }) => process.url),
    use: ({ name }, build) => void roots.set(name, build),
    stop: async () => {
      // Their data are not read again, so clean ends are not needed.
      await Promise.all(instances.map(({ process }) => process.kill('SIGKILL')))
      await stack.stop()
      await Promise.all([mongodb.stop(), cluster.kill()])
      await guard.close()
    },
  }
}

/** Services in the order in which an update replaces them: ledgers first, since gateways of a newer build may ask more of them. */
export const updateOrder: readonly Service[] = ['ledger', 'adapter', 'gateway']
