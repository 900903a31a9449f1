import { join } from 'node:path'
import type { RunningServer } from './child.ts'
import type { Guard } from './guard.ts'
import { nativePrograms } from './install.ts'
import { describeEvent, keepRunning, type Keeper } from './keep-running.ts'
import { startMongodMembers, type MongodMember } from './mongod-members.ts'
import { anyPorts, memberPorts, type NativePorts } from './native-ports.ts'
import type { Rabbitmq } from './rabbitmq.ts'
import { startRabbitmqCluster } from './rabbitmq-cluster.ts'
import { versionsAsked } from './server-versions.ts'
import { timed } from './readiness.ts'

/** Three members of MongoDB and of RabbitMQ each, on one machine. */
export type Cluster = {
  readonly mongodbUri: string
  readonly amqpUrl: string
  readonly managementUrl: string
  readonly members: {
    readonly mongod: readonly MongodMember[]
    readonly rabbitmq: readonly Rabbitmq[]
  }
  readonly stop: (how: 'stop' | 'kill') => Promise<void>
}

/** A member that is gone without a goodbye is noticed after four seconds: two heartbeats, which are the ledger's own default. */
const atOnce = { AMQP_RECONNECT_MS_MAX: '500' }
const noticed = { AMQP_HEARTBEAT_SECONDS: '2', ...atOnce }

/** Settings of services on a cluster, so that selling goes on within ten seconds of a member's death; docs/operating.md. */
export const clusterSettings = {
  gateway: noticed,
  // A command to a primary that stands still is given up early, and sent to the next one.
  ledger: { ...atOnce, MONGODB_TIMEOUT_MS: '2500' },
  adapter: noticed,
} as const

type Options = {
  readonly folder: string
  readonly guard: Guard
  readonly log: (line: string) => void
  readonly onReady: ((name: string, tookMs: number) => void) | undefined
  /** Those of the first members; free ones otherwise. */
  readonly ports: NativePorts | undefined
}

/**
 * Starts both clusters. A member that ends by itself is started again, and the others go on meanwhile. Brokers are of 4.3, which
 * keeps its own records by majority: an older one would need a choice of what each side of a partition does.
 */
export const startCluster = async (options: Options): Promise<Cluster> => {
  const { folder, guard, log } = options
  const programs = await nativePrograms(log, { ...versionsAsked(), rabbitmq: '4.3' })
  const ports = options.ports
    ? memberPorts(options.ports, 3)
    : [await anyPorts(), await anyPorts(), await anyPorts()]
  const keepers = new Map<string, Keeper>()
  const onDeath = (server: string) => (index: number, cause: string) => {
    keepers.get(memberName(server, index))?.ended(cause)
  }
  const [mongod, rabbitmq] = await Promise.all([
    timed('mongod, 3 members', options.onReady, () =>
      startMongodMembers({
        binary: programs.mongod,
        folder: join(folder, 'mongodb'),
        ports: ports.map(({ mongodb }) => mongodb),
        guard,
        onDeath: onDeath('mongod'),
      }),
    ),
    timed('rabbitmq, 3 members', options.onReady, () =>
      startRabbitmqCluster({
        ...programs,
        folder: join(folder, 'rabbitmq'),
        ports,
        guard,
        onDeath: onDeath('rabbitmq'),
      }),
    ),
  ])
  const keep = (server: string, members: readonly Member[]) => {
    for (const [index, member] of members.entries()) {
      const name = memberName(server, index)
      const report = (event: Parameters<typeof describeEvent>[1]) => log(describeEvent(name, event))
      keepers.set(name, keepRunning({ ...member, name }, { report }))
    }
  }
  keep('mongod', mongod.members)
  keep('rabbitmq', rabbitmq.members)
  return {
    mongodbUri: mongod.uri,
    amqpUrl: rabbitmq.amqpUrl,
    managementUrl: rabbitmq.managementUrl,
    members: { mongod: mongod.members, rabbitmq: rabbitmq.members },
    stop: async (how) => {
      for (const keeper of keepers.values()) keeper.stop()
      await Promise.all([...mongod.members.map((member) => member[how]()), rabbitmq[how]()])
    },
  }
}

type Member = Pick<RunningServer, 'pid' | 'start' | 'stop'>

const memberName = (server: string, index: number): string => `${server} ${index + 1}`
