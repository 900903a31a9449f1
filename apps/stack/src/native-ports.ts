import { freePorts } from './ports.ts'
import type { RabbitPorts } from './rabbitmq.ts'
import type { NodeCount } from './server-versions.ts'

/** Ports of one MongoDB and one RabbitMQ. */
export type NativePorts = { readonly mongodb: number } & RabbitPorts

export const anyPorts = async (): Promise<NativePorts> => {
  const [mongodb = 0, ...broker] = await freePorts(6)
  const [amqp = 0, management = 0, distribution = 0, epmd = 0, prometheus = 0] = broker
  return { mongodb, amqp, management, distribution, epmd, prometheus }
}

/** Fixed ports of each member: the given ones, and those ten and twenty above. */
export const memberPorts = (first: NativePorts, nodes: NodeCount): readonly NativePorts[] =>
  Array.from({ length: nodes }, (_, index) => {
    const offset = index * 10
    return {
      mongodb: first.mongodb + offset,
      amqp: first.amqp + offset,
      management: first.management + offset,
      prometheus: first.prometheus + offset,
      distribution: first.distribution + offset,
      epmd: first.epmd + offset,
    }
  })
