import { countNames } from '../runner/statistics.ts'

/** The chance of a run. */
export { seeded as randomBy } from '@recargas/runtime'

export const services = ['gateway', 'ledger', 'adapter'] as const
export type Service = (typeof services)[number]

export const links = ['amqp', 'mongodb', 'carrier'] as const
export type Link = (typeof links)[number]

export const networkFaults = [
  'latency',
  'black hole',
  'reset',
  'slow close',
  'bandwidth',
  'slicing',
] as const
export type NetworkFault = (typeof networkFaults)[number]

export const linkFaultNames = links.flatMap((link) =>
  networkFaults.map((kind) => ({ kind, link, name: `${kind} ${link}` as const })),
)

type ServerFault =
  `${'kill' | 'pause' | 'step down'} mongod` | `${'kill' | 'pause' | 'wipe' | 'alarm'} broker`
type MessageFault =
  | 'duplicate messages'
  | 'reorder messages'
  /** No message of the system, while dead letters have nowhere to go. */
  | 'poison unbound'
  /** Every ledger dies while it holds commands that it cannot write. */
  | 'kill ledgers in hand'

export type FaultName =
  `${'kill' | 'pause'} ${Service}` | ServerFault | `${NetworkFault} ${Link}` | MessageFault

/** A planned fault. `instance` is the target among a service's instances, and 0 elsewhere. */
export type Fault = { readonly name: FaultName; readonly instance: number }

export const instancesOfEach = 2

type Counts = Partial<Readonly<Record<ServerFault | MessageFault, number>>>

export type Profile = {
  readonly name: 'smoke' | 'full'
  /** Accepted ones, at least. */
  readonly sales: number
  readonly salesPerSecond: number
  /** Customers served at once, at most. */
  readonly tills: number
  readonly serviceKills: number
  readonly pauses: readonly Service[]
  /** Faults of servers and messages while the databases are reached through a proxy that can be disturbed. */
  readonly proxied: Counts
  /** While they are reached as the replica set they are. */
  readonly direct: Counts
  /** Every kind on every link; otherwise one kind on each link. */
  readonly everyNetworkFault: boolean
  /** Between two faults of one lane. */
  readonly gapMs: number
  /** Time limit of the sales and faults; exceeding it fails the run. */
  readonly timeLimitMs: number
}

export const profiles: Readonly<Record<Profile['name'], Profile>> = {
  smoke: {
    name: 'smoke',
    sales: 200,
    salesPerSecond: 6,
    tills: 24,
    serviceKills: 3,
    pauses: ['ledger'],
    everyNetworkFault: false,
    proxied: { 'kill broker': 1, 'duplicate messages': 1, 'poison unbound': 1 },
    direct: {
      'wipe broker': 1,
      'alarm broker': 1,
      'kill mongod': 1,
      'step down mongod': 1,
      'reorder messages': 1,
      'kill ledgers in hand': 1,
    },
    gapMs: 1_000,
    timeLimitMs: 400_000,
  },
  full: {
    name: 'full',
    sales: 5_000,
    salesPerSecond: 12,
    tills: 64,
    serviceKills: 100,
    pauses: ['gateway', 'ledger', 'adapter', 'ledger', 'adapter', 'gateway'],
    everyNetworkFault: true,
    proxied: { 'kill broker': 4, 'duplicate messages': 4, 'poison unbound': 4 },
    direct: {
      'kill broker': 3,
      'wipe broker': 1,
      'alarm broker': 2,
      'kill mongod': 7,
      'step down mongod': 4,
      'pause mongod': 1,
      'pause broker': 1,
      'reorder messages': 4,
      'kill ledgers in hand': 4,
    },
    gapMs: 1_500,
    timeLimitMs: 840_000,
  },
}

/** Faults of services and of servers run side by side, so that a service may die while a server is away. */
export type Plan = {
  readonly services: readonly Fault[]
  readonly serversProxied: readonly Fault[]
  readonly serversDirect: readonly Fault[]
}

/** The same seed makes the same plan. */
export const planOf = (profile: Profile, random: () => number): Plan => {
  const kills = repeat(profile.serviceKills, (index) =>
    atService(`kill ${services[index % services.length] ?? 'ledger'}`, random),
  )
  const pauses = profile.pauses.map((target) => atService(`pause ${target}`, random))
  return {
    services: shuffled([...kills, ...pauses], random),
    serversProxied: shuffled(
      [...networkPlan(profile, random), ...countedFaults(profile.proxied)],
      random,
    ),
    serversDirect: shuffled(countedFaults(profile.direct), random),
  }
}

const countedFaults = (counts: Counts): readonly Fault[] =>
  Object.entries(counts).flatMap(([name, count]) =>
    repeat(count, () => ({ name: name as FaultName, instance: 0 })),
  )

const atService = (name: FaultName, random: () => number): Fault => ({
  name,
  instance: Math.floor(random() * instancesOfEach),
})

const networkPlan = ({ everyNetworkFault }: Profile, random: () => number): Fault[] => {
  if (everyNetworkFault) return linkFaultNames.map(({ name }) => ({ name, instance: 0 }))
  const kinds = shuffled(networkFaults, random)
  return links.map((link, index) => ({ name: `${kinds[index] ?? 'reset'} ${link}`, instance: 0 }))
}

const repeat = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** The number of requested faults of each name. */
export const askedOf = (plan: Plan): Readonly<Record<string, number>> =>
  countNames(
    [...plan.services, ...plan.serversProxied, ...plan.serversDirect].map(({ name }) => name),
  )

/** The same items in an order of that chance. */
export const shuffled = <Item>(items: readonly Item[], random: () => number): Item[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
