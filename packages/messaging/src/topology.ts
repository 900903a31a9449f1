import type { Topology } from '@recargas/contracts'
import type { Channel } from 'amqplib'

/** Declares all of it; safe to repeat. Fails where something of that name exists with other arguments. */
export const assertTopology = async (channel: Channel, topology: Topology): Promise<void> => {
  for (const { name, type } of topology.exchanges) {
    await channel.assertExchange(name, type, { durable: true, autoDelete: false })
  }
  for (const queue of topology.queues) {
    await channel.assertQueue(queue.name, {
      durable: queue.durable,
      exclusive: queue.exclusive,
      autoDelete: queue.autoDelete,
      arguments: queue.arguments,
    })
  }
  for (const { queue, exchange, routingKey } of topology.bindings) {
    await channel.bindQueue(queue, exchange, routingKey)
  }
}

/** An exclusive queue belongs to the connection that declares it: only the consuming one may. */
export const sharedPart = (topology: Topology): Topology => {
  const queues = topology.queues.filter(({ exclusive }) => !exclusive)
  const names = new Set(queues.map(({ name }) => name))
  return {
    exchanges: topology.exchanges,
    queues,
    bindings: topology.bindings.filter(({ queue }) => names.has(queue)),
  }
}

/** The name of a queue on one connection: that of an exclusive queue carries the connection's number. */
export const queueOfConnection = (topology: Topology, name: string, connection: number): string => {
  const isExclusive = topology.queues.some((queue) => queue.name === name && queue.exclusive)
  return isExclusive ? name.replace(/(\.v\d+)?$/, `-${connection}$1`) : name
}

/**
 * The topology as one connection declares it. A lost node of a cluster keeps its clients' exclusive queues, which stay locked until it
 * is back (RabbitMQ 4.2 and later, rabbitmq-server 14573): another connection cannot have them, so it declares new ones.
 */
export const topologyOfConnection = (topology: Topology, connection: number): Topology => {
  const named = (name: string) => queueOfConnection(topology, name, connection)
  return {
    exchanges: topology.exchanges,
    queues: topology.queues.map((queue) => ({ ...queue, name: named(queue.name) })),
    bindings: topology.bindings.map((binding) => ({ ...binding, queue: named(binding.queue) })),
  }
}
