import { accepts } from '@recargas/stack/ports'
import type { Rabbitmq } from '@recargas/stack/rabbitmq'
import { quorumQueues, runningNodes } from '@recargas/stack/rabbitmq-management'
import type { ReplicaSet } from '../replica-set.ts'
import type { MemberPlace } from './network.ts'

/** One broker node, or one mongod. */
export type Member = {
  readonly name: string
  readonly pid: () => number | null
  /** @param env for this start */
  readonly start: (env?: NodeJS.ProcessEnv) => Promise<void>
  /** A clean end. */
  readonly end: () => Promise<void>
  readonly kill: () => Promise<void>
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
  /** null: it is on loopback and cannot be cut. */
  readonly network: MemberPlace | null
  /** True when the bench reaches it. */
  readonly isReached: () => Promise<boolean>
}

/** The members of one server, of which a majority serves. */
export type Group = {
  readonly members: readonly Member[]
  /** Through which sales go now: the leader of the shop's queue, or the primary; null while there is none. */
  readonly lead: () => Promise<Member | null>
  /** Members that are in order, as that one sees it. */
  readonly inOrder: (seenBy: Member) => Promise<readonly Member[]>
}

/** @param queue the quorum queue whose leader leads here */
export const brokerGroup = (
  servers: readonly Rabbitmq[],
  networks: readonly (MemberPlace | null)[],
  queue: string,
): Group => {
  const brokers = servers.map((server, index) => {
    const network = networks[index] ?? null
    const { hostname } = new URL(server.managementUrl)
    const { pid, start, stop, kill, signal } = server
    const member: Member = {
      name: `broker ${index + 1}`,
      ...{ pid, start, end: stop, kill, signal, network },
      isReached: () => accepts(server.ports.amqp, hostname),
    }
    return { member, server }
  })
  const serverOf = (wanted: Member) => brokers.find(({ member }) => member === wanted)?.server
  /** Nodes are named after their place, from 1. */
  const memberOf = (node: string): Member | null =>
    brokers[Number(/^recargas-(\d+)@/.exec(node)?.[1]) - 1]?.member ?? null
  const askAny = async () => {
    for (const { server } of brokers) {
      const queues = await quorumQueues(server.managementUrl).catch(() => null)
      if (queues !== null) return queues
    }
    return []
  }
  return {
    members: brokers.map(({ member }) => member),
    lead: async () => {
      const leader = (await askAny()).find(({ name }) => name === queue)?.leader
      return leader === undefined ? null : memberOf(leader)
    },
    inOrder: async (seenBy) => {
      const managementUrl = serverOf(seenBy)?.managementUrl ?? ''
      const nodes = await runningNodes(managementUrl)
      const queues = await quorumQueues(managementUrl)
      return nodes
        .filter((node) => queues.every(({ online = [] }) => online.includes(node)))
        .flatMap((node) => memberOf(node) ?? [])
    },
  }
}

export const databaseGroup = (
  set: ReplicaSet,
  networks: readonly (MemberPlace | null)[],
): Group => {
  const databases = set.members.map((mongod, index) => {
    const { pid, host, port } = mongod
    const member: Member = {
      name: `mongod ${index + 1}`,
      pid,
      start: (env) => set.start(mongod, env),
      end: () => set.end(mongod),
      kill: () => set.kill(mongod),
      signal: (signal) => set.signal(mongod, signal),
      network: networks[index] ?? null,
      isReached: () => accepts(port, host),
    }
    return { member, mongod }
  })
  return {
    members: databases.map(({ member }) => member),
    lead: async () => {
      const primary = await set.primary()
      return databases.find(({ mongod }) => mongod === primary)?.member ?? null
    },
    inOrder: async (seenBy) => {
      const asked = databases.find(({ member }) => member === seenBy)?.mongod
      if (asked === undefined) return []
      const found = await set.inOrder(asked)
      return databases.flatMap(({ member, mongod }) => (found.includes(mongod) ? [member] : []))
    },
  }
}
