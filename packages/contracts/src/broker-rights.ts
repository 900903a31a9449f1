import {
  adapterTopology,
  exchanges,
  floatLowKey,
  gatewayTopology,
  ledgerEventKey,
  ledgerTopology,
  heartbeatKey,
  retryDelays,
} from './topology.ts'
import type { Topology } from './topology.ts'

/** A broker user's rights on the names that match: RabbitMQ's three regular expressions. */
export type BrokerRights = {
  readonly configure: string
  readonly write: string
  readonly read: string
  /** Routing keys that it may publish to the event exchange. */
  readonly eventKeys: string
}

export const brokerUsers = ['gateway', 'ledger', 'adapter'] as const
export type BrokerUser = (typeof brokerUsers)[number]

/** The broker's name of the nameless exchange, through which a retried message returns to its queue. */
const defaultExchange = 'amq.default'

const oneOf = (names: readonly string[]): string => {
  const patterns = [...new Set(names)].map((name) => name.replaceAll('.', '\\.'))
  return `^(${patterns.join('|')})$`
}
const queuesOf = (topology: Topology) => topology.queues.map(({ name }) => name)
const exchangesOf = (topology: Topology) => topology.exchanges.map(({ name }) => name)
const boundFrom = (topology: Topology) => topology.bindings.map(({ exchange }) => exchange)

/**
 * A queue is declared with `configure` on it, bound with `write` on it and `read` on the exchange, and dead letters need `read`
 * on the queue and `write` on their exchange. So a service that declares a topology needs no more than this, and gets no queue
 * of another service.
 */
const declaring = (topology: Topology) => ({
  configure: [...exchangesOf(topology), ...queuesOf(topology)],
  write: [...exchangesOf(topology), ...queuesOf(topology)],
  read: [...queuesOf(topology), ...boundFrom(topology)],
})

const worker = (topology: Topology, eventKeys: readonly string[]): BrokerRights => {
  const { configure, write, read } = declaring(topology)
  return {
    configure: oneOf(configure),
    write: oneOf([...write, defaultExchange]),
    read: oneOf(read),
    eventKeys: oneOf(eventKeys),
  }
}

/** Topology of any instance: its queue's name carries the instance's id. */
const anyGateway = gatewayTopology('[0-9a-f-]+')

/** Least privilege: the gateway neither reads nor binds a queue of the others, nor one of these its neighbour's. */
export const brokerRights: Readonly<Record<BrokerUser, BrokerRights>> = {
  gateway: {
    configure: oneOf(declaring(anyGateway).configure),
    // The gateway forwards unreadable messages like the other services. Of events it publishes heartbeats alone, none in the
    // ledger's name.
    write: oneOf([
      ...queuesOf(anyGateway),
      exchanges.command,
      exchanges.event,
      exchanges.dead,
      ...retryDelays.map(({ name }) => name),
    ]),
    read: oneOf(declaring(anyGateway).read),
    eventKeys: oneOf([heartbeatKey]),
  },
  ledger: worker(ledgerTopology, [ledgerEventKey, floatLowKey, heartbeatKey]),
  adapter: worker(adapterTopology, [heartbeatKey]),
}
