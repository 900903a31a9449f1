import { join } from 'node:path'
import { clusterSettings } from '@recargas/stack/cluster'
import { startOrClose, type Guard } from '@recargas/stack/guard'
import { nativePrograms } from '@recargas/stack/install'
import { anyPorts } from '@recargas/stack/native-ports'
import { startRabbitmqCluster } from '@recargas/stack/rabbitmq-cluster'
import { repository } from '@recargas/stack/service-process'
import { versionsAsked } from '@recargas/stack/server-versions'
import { say } from '../../runner/report.ts'
import { hotQueue } from '../../runner/shops.ts'
import { quickSettings, startTwoOfEach } from '../chaos-stack.ts'
import type { Instance } from '../instances.ts'
import type { Service } from '../plan.ts'
import { startReplicaSet } from '../replica-set.ts'
import { brokerGroup } from './broker-group.ts'
import { openNetworks, placesOf } from './network.ts'

/** Three members of each server and two of each service, as `STACK_NODES=3 npm start` starts them. */
export type MembersStack = Awaited<ReturnType<typeof startAll>>

type Options = {
  readonly seed: number
  /** The build of services at first. */
  readonly root: string
}

/** From 4.3 on RabbitMQ stores its own metadata by majority. */
export const membersPrograms = () => nativePrograms(say, { ...versionsAsked(), rabbitmq: '4.3' })

export const startMembersStack = (folder: string, options: Options) =>
  startOrClose((guard) => startAll(folder, guard, options))

/** Hosts of the two servers' members differ, so that each is cut alone. */
const firstHost = { rabbitmq: 11, mongod: 21 } as const

const startAll = async (folder: string, guard: Guard, { seed, root }: Options) => {
  const { mongod, ...brokerPrograms } = await membersPrograms()
  const create = await openNetworks(folder, guard)
  const threeFrom = async (host: number) => [
    await create(host),
    await create(host + 1),
    await create(host + 2),
  ]
  const brokerNetworks = await threeFrom(firstHost.rabbitmq)
  const brokerPlaces = placesOf(brokerNetworks)
  const ports = [await anyPorts(), await anyPorts(), await anyPorts()]
  const [mongodb, broker] = await Promise.all([
    startReplicaSet({
      binary: mongod,
      folder: join(folder, 'mongodb'),
      guard,
      networks: await threeFrom(firstHost.mongod),
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
  const selling = await startTwoOfEach({
    servers: { mongodb, broker, guard },
    stack: {
      folder,
      mongodbUri: mongodb.uri,
      amqpUrl: broker.amqpUrl,
      rootOf: (name) => (name === 'sandbox' ? repository : (roots.get(name) ?? root)),
      env: {
        sandbox: { SANDBOX_SEED: String(seed) },
        gateway: { ...quickSettings.gateway, ...clusterSettings.gateway },
        ledger: { ...quickSettings.ledger, ...clusterSettings.ledger, CLOCK_SKEW_MS: undefined },
        adapter: { ...quickSettings.adapter, ...clusterSettings.adapter, CLOCK_SKEW_MS: undefined },
      },
    },
    settingsOf: () => ({}),
  })
  return {
    ...selling,
    brokers: brokerGroup(broker.members, brokerNetworks, hotQueue),
    databases: mongodb,
    amqpUrls: broker.amqpUrl.split(','),
    /** The build that an instance starts from the next time. */
    use: ({ name }: Instance, build: string) => void roots.set(name, build),
  }
}

/** Services in the order in which an update replaces them: ledgers first, since gateways of a newer build may ask more of them. */
export const updateOrder: readonly Service[] = ['ledger', 'adapter', 'gateway']
