import { randomInt } from 'node:crypto'
import type { Topology } from '@recargas/contracts'
import type { Channel } from 'amqplib'
import type { MajorityQuestion } from './member-watch.ts'
import { within } from './timing.ts'

/**
 * One declaration. A member of a cluster does not answer one that it had handed to a leader which is gone; another member does, and
 * whatever was declared stays declared.
 */
const stepTimeoutMs = 3_000

/** Declares all of it; safe to repeat. Fails where something of that name exists with other arguments, or no answer comes. */
export const assertTopology = async (channel: Channel, topology: Topology): Promise<void> => {
  const step = (name: string, answer: Promise<unknown>) =>
    within(answer, stepTimeoutMs, `declaring ${name}`)
  for (const { name, type } of topology.exchanges) {
    await step(name, channel.assertExchange(name, type, { durable: true, autoDelete: false }))
  }
  for (const { name, durable, exclusive, autoDelete, arguments: given } of topology.queues) {
    const options = { durable, exclusive, autoDelete, arguments: given }
    await step(name, channel.assertQueue(name, options))
  }
  for (const { queue, exchange, routingKey } of topology.bindings) {
    await step(`a binding of ${queue}`, channel.bindQueue(queue, exchange, routingKey))
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

/** Above the numbers of connections. */
const questionNumbers = { min: 1_000_000, max: 1_000_000_000 } as const

/**
 * A change that a cluster records by majority, within the rights of the topology's user: a queue of its own that is deleted at once,
 * or else a binding that is there already. Null for a topology without either.
 */
export const majorityQuestionOf = (topology: Topology): MajorityQuestion | null => {
  const own = topology.queues.find(({ exclusive }) => exclusive)
  if (own !== undefined) {
    return async (channel) => {
      const number = randomInt(questionNumbers.min, questionNumbers.max)
      const name = queueOfConnection(topology, own.name, number)
      await channel.assertQueue(name, { exclusive: true, durable: false, autoDelete: true })
      await channel.deleteQueue(name)
    }
  }
  const [binding] = topology.bindings
  if (binding === undefined) return null
  const { queue, exchange, routingKey } = binding
  return (channel) => channel.bindQueue(queue, exchange, routingKey)
}
