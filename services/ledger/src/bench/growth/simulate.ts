import { MerchantId, partitionOf } from '@recargas/contracts'
import type { Birth } from '../../log/block.ts'
import { workloadOf } from '../workload.ts'
import { costs } from './costs.ts'
import { createLedger, type Ledger } from './ledger-instance.ts'
import { createSales } from './sales.ts'
import { shareOut } from './share-out.ts'
import { createWorld, heartbeatMs, type Point, type World } from './world.ts'

export type Simulated = {
  readonly sold: number
  readonly salesPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly perSale: Readonly<Record<string, number>>
  readonly cpuMsPerSale: Readonly<Record<string, number>>
  readonly cpuMsPerSaleAll: number
  readonly partitionsOfLedgersMax: number
  /** Heartbeats until no ledger had more partitions than its share. */
  readonly sharedAfterHeartbeats: number
}

const openedForMs = 60_000
const warmMs = 500

/** The next shop that sells: each in turn, or the n-th n times less often than the first. */
const chooserOf = ({ shops, choice }: Point, random: () => number): (() => number) => {
  if (choice === 'in turn') {
    let next = -1
    return () => (next = (next + 1) % shops)
  }
  const sums: number[] = []
  for (let rank = 1; rank <= shops; rank += 1) sums.push((sums.at(-1) ?? 0) + 1 / rank)
  return () => {
    const drawn = random() * (sums.at(-1) ?? 1)
    let [from, to] = [0, shops - 1]
    while (from < to) {
      const middle = (from + to) >> 1
      if ((sums[middle] ?? 0) < drawn) from = middle + 1
      else to = middle
    }
    return from
  }
}

export const simulate = async (point: Point): Promise<Simulated> => {
  const world = createWorld(point)
  const { time, counts, random } = world
  const { owned, passes } = await shareOut(point, random)
  const birth: Birth = { id: 'b', namespace: 'n', partitions: point.partitions, at: time.now() }
  const shops = openedShops(point, time.now())
  const sales = createSales(world, (partition) => ledgerOf(partition))
  const ledgers = owned.map((_, instance) => createLedger(world, instance, birth, sales.send))
  const ownerOf = new Map<number, Ledger>()
  owned.forEach((partitions, instance) => {
    const ledger = ledgers[instance]
    if (ledger === undefined) return
    for (const partition of partitions) ownerOf.set(partition, ledger)
  })
  const ledgerOf = (partition: number): Ledger => {
    const found = ownerOf.get(partition)
    if (found === undefined) throw new Error(`partition ${partition} has no owner`)
    return found
  }
  for (const { workload, partition } of shops) {
    const writer = ledgerOf(partition).own(partition)
    for (const inbound of workload.opening) void writer.enqueue(inbound, 1)
  }
  await time.runUntil(time.now() + openedForMs)
  startBackground(world, owned)
  const choose = chooserOf(point, random)
  const sell = () => {
    const shop = shops[choose()]
    if (shop === undefined) throw new Error('no shop')
    return sales.sell(shop.workload, shop.partition)
  }
  startLoad(world, sell)
  await time.runUntil(time.now() + warmMs)
  sales.waits.length = 0
  const before = { ...counts }
  const usedBefore = usedByKind(world)
  await time.runUntil(time.now() + point.seconds * 1_000)
  const part = figuresOf(point, sales.waits, differenceOf(before, counts))
  const used = differenceOf(usedBefore, usedByKind(world))
  return {
    ...part,
    ...cpuOf(part.sold, used),
    partitionsOfLedgersMax: Math.max(...owned.map(({ size }) => size)),
    sharedAfterHeartbeats: passes,
  }
}

const openedShops = ({ shops, partitions }: Point, now: number) =>
  Array.from({ length: shops }, (_, number) => {
    const merchant = MerchantId.parse(number === 0 ? 'principal' : `tienda-${number}`)
    return { workload: workloadOf(merchant, now), partition: partitionOf(merchant, partitions) }
  })

const startLoad = ({ load, time, random }: World, sell: () => Promise<void>): void => {
  if ('connections' in load) {
    const connection = async (): Promise<void> => {
      await sell()
      time.at(0, () => void connection())
    }
    for (let each = 0; each < load.connections; each += 1) {
      time.at(random() * 50, () => void connection())
    }
    return
  }
  const next = (): void => {
    void sell()
    time.at((-Math.log(1 - random()) * 1_000) / load.perSecond, next)
  }
  next()
}

/** The work that no sale causes: each ledger reads the heartbeats of all and looks at its own partitions. */
const startBackground = (world: World, owned: readonly ReadonlySet<number>[]): void => {
  const { time, counts, ledgers, machines, gateways, machineOf, random, publish } = world
  const beat = (instance: number): void => {
    const commands = 3 + 2 * (owned[instance]?.size ?? 0)
    counts.idleCommands += commands
    void machineOf(instance).use(`ledger ${instance}`, commands * costs.ledger.perCommand)
    // A read takes no flush; each heartbeat of another is a document.
    const ms = 3 * costs.mongod.perCommand + (commands + ledgers) * costs.mongod.perRead
    void machineOf(instance).use('mongod', ms)
    time.at(heartbeatMs, () => beat(instance))
  }
  for (let instance = 0; instance < ledgers; instance += 1) {
    time.at(random() * heartbeatMs, () => beat(instance))
  }
  // Each service's heartbeat goes to every gateway.
  const announce = (): void => {
    void publish(1, gateways)
    for (let gateway = 0; gateway < gateways; gateway += 1) {
      void machineOf(gateway).use(`gateway ${gateway}`, costs.gateway.perEvent)
    }
    time.at(heartbeatMs, announce)
  }
  for (let service = 0; service < ledgers + machines; service += 1) {
    time.at(random() * heartbeatMs, announce)
  }
}

const usedByKind = ({ machinesUsed }: World): Record<string, number> => {
  const used: Record<string, number> = {}
  for (const machine of machinesUsed) {
    for (const [process, ms] of machine.usedMs()) {
      const [kind = process] = process.split(' ')
      used[kind] = (used[kind] ?? 0) + ms
    }
  }
  return used
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000

type Amounts = Readonly<Record<string, number>>

const differenceOf = (before: Amounts, after: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]),
  )

const eachOf = (sold: number, amounts: Amounts): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, rounded(value / sold)]))

const figuresOf = ({ seconds }: Point, latencies: readonly number[], counted: Amounts) => {
  const sold = latencies.length
  const sorted = latencies.toSorted((one, other) => one - other)
  const quantile = (part: number) => Math.round(sorted[Math.floor(part * (sold - 1))] ?? 0)
  return {
    sold,
    salesPerSecond: Math.round(sold / seconds),
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    perSale: eachOf(sold, counted),
  }
}

const cpuOf = (sold: number, used: Amounts) => ({
  cpuMsPerSale: eachOf(sold, used),
  cpuMsPerSaleAll: rounded(Object.values(used).reduce((sum, ms) => sum + ms, 0) / sold),
})
