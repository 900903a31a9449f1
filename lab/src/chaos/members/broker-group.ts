import { accepts } from '@recargas/stack/ports'
import type { Rabbitmq } from '@recargas/stack/rabbitmq'
import { quorumQueues, runningNodes } from '@recargas/stack/rabbitmq-management'
import type { Group, MemberPlace } from '../group.ts'

/** @param queue the quorum queue whose leader leads here */
export const brokerGroup = (
  servers: readonly Rabbitmq[],
  networks: readonly (MemberPlace | null)[],
  queue: string,
): Group => {
  const members = servers.map((server, index) => ({
    ...server,
    name: `broker ${index + 1}`,
    end: server.stop,
    network: networks[index] ?? null,
    isReached: () => accepts(server.ports.amqp, new URL(server.managementUrl).hostname),
  }))
  /** Nodes are named after their place, from 1. */
  const memberOf = (node: string) => members[Number(/^recargas-(\d+)@/.exec(node)?.[1]) - 1] ?? null
  const askAny = async () => {
    for (const { managementUrl } of members) {
      const queues = await quorumQueues(managementUrl).catch(() => null)
      if (queues !== null) return queues
    }
    return []
  }
  return {
    members,
    lead: async () => {
      const leader = (await askAny()).find(({ name }) => name === queue)?.leader
      return leader === undefined ? null : memberOf(leader)
    },
    inOrder: async (seenBy) => {
      const managementUrl = members.find((member) => member === seenBy)?.managementUrl ?? ''
      const nodes = await runningNodes(managementUrl)
      const queues = await quorumQueues(managementUrl)
      return nodes
        .filter((node) => queues.every(({ online = [] }) => online.includes(node)))
        .flatMap((node) => memberOf(node) ?? [])
    },
  }
}
