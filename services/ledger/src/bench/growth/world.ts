import { seeded } from '@recargas/runtime'
import { costs, waits } from './costs.ts'
import { createMachine, createVirtualTime, type Machine, type VirtualTime } from './virtual-time.ts'

/** Interval of the heartbeats of ledgers and other services. */
export const heartbeatMs = 1_000

/** One point of the simulation. */
export type Point = {
  readonly shops: number
  readonly partitions: number
  readonly ledgers: number
  /** Each has an adapter, and its share of the ledgers, gateways, brokers and shards. */
  readonly machines: number
  readonly shards: number
  readonly gateways: number
  /** The gateways that hear an event: all, as the ledger publishes, or the one that asked, as it does not. */
  readonly heard: 'by all' | 'by who asked'
  readonly coresPerMachine: number
  readonly choice: 'in turn' | 'zipf'
  /** Sales that are under way all the time, or sales that begin in a second; over all machines. */
  readonly load: { readonly connections: number } | { readonly perSecond: number }
  readonly seconds: number
  readonly seed: number
}

export type Counts = {
  commands: number
  documents: number
  bytes: number
  blocks: number
  entries: number
  appends: number
  messages: number
  deliveries: number
  /** Commands that no sale causes: heartbeats, and looks at the partitions. */
  idleCommands: number
}

export type World = Point & {
  readonly time: VirtualTime
  readonly machinesUsed: readonly Machine[]
  readonly counts: Counts
  readonly random: () => number
  readonly shardOf: (partition: number) => Machine
  readonly machineOf: (instance: number) => Machine
  /** A message to one queue: the publisher waits for its confirm. */
  readonly publish: (envelopes: number, deliveries: number) => Promise<void>
}

export const createWorld = (point: Point): World => {
  const time = createVirtualTime(1_750_000_000_000)
  const machinesUsed = Array.from({ length: point.machines }, () =>
    createMachine(time, point.coresPerMachine),
  )
  const machineOf = (instance: number): Machine => {
    const found = machinesUsed[instance % machinesUsed.length]
    if (found === undefined) throw new Error('a simulation needs a machine')
    return found
  }
  const counts: Counts = {
    commands: 0,
    documents: 0,
    bytes: 0,
    blocks: 0,
    entries: 0,
    appends: 0,
    messages: 0,
    deliveries: 0,
    idleCommands: 0,
  }
  let published = 0
  return {
    ...point,
    time,
    machinesUsed,
    counts,
    random: seeded(point.seed),
    // A zone is a range of partitions.
    shardOf: (partition) => {
      const shard = Math.floor((partition * point.shards) / point.partitions)
      return machineOf(Math.floor((shard * point.machines) / point.shards))
    },
    machineOf,
    publish: async (envelopes, deliveries) => {
      counts.messages += 1
      counts.deliveries += deliveries
      published += 1
      const { perEnvelope, perMessage, perDelivery } = costs.rabbitmq
      const ms = perEnvelope * envelopes + perMessage + perDelivery * deliveries
      await machineOf(published).use('rabbitmq', ms)
      await time.pause(waits.message)
    },
  }
}

/**
 * One command as the router sends it: to each shard that it names.
 * @param perDocument mongod's time for each document
 * @param partitions of each document
 */
export const command = async (
  { counts, shardOf, time }: World,
  [machine, name, ms]: readonly [Machine, string, number],
  perDocument: number,
  partitions: readonly number[],
): Promise<void> => {
  await machine.use(name, costs.ledger.perCommand + ms)
  const byShard = new Map<Machine, number>()
  for (const shard of partitions.map(shardOf)) {
    byShard.set(shard, (byShard.get(shard) ?? 0) + perDocument)
  }
  counts.documents += partitions.length
  counts.commands += byShard.size
  await Promise.all(
    [...byShard].map(([shard, own]) => shard.use('mongod', costs.mongod.perCommand + own)),
  )
  await time.pause(waits.flush)
}
