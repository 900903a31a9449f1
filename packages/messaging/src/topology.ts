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
