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

/** Each disturbance of each link, with its name. */
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

/** A fault's name in a report. */
export type FaultName =
  `${'kill' | 'pause'} ${Service}` | ServerFault | `${NetworkFault} ${Link}` | MessageFault

/** A planned fault. `instance` is the target among a service's instances, and 0 elsewhere. */
export type Fault = { readonly name: FaultName; readonly instance: number }

export const instancesOfEach = 2

export type Profile = {
  readonly name: 'smoke' | 'full'
  /** Accepted ones, at least. */
  readonly sales: number
  readonly salesPerSecond: number
  /** Customers served at once, at most. */
  readonly tills: number
  readonly serviceKills: number
  readonly pauses: readonly Service[]
  readonly mongodKills: number
  readonly brokerKills: number
  readonly wipes: number
  /** Also pauses of MongoDB and the broker. */
  readonly serverPauses: number
  readonly alarms: number
  readonly stepDowns: number
  /** Every kind on every link; otherwise one kind on each link. */
  readonly everyNetworkFault: boolean
  readonly messageFaults: number
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
    mongodKills: 1,
    brokerKills: 1,
    wipes: 1,
    serverPauses: 0,
    alarms: 1,
    stepDowns: 1,
    everyNetworkFault: false,
    messageFaults: 1,
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
    mongodKills: 7,
    brokerKills: 7,
    wipes: 1,
    serverPauses: 1,
    alarms: 2,
    stepDowns: 4,
    everyNetworkFault: true,
    messageFaults: 4,
    gapMs: 1_500,
    timeLimitMs: 840_000,
  },
}

/** Faults of services and of servers are injected side by side, so that a service may die while a server is away. */
export type Plan = {
  readonly services: readonly Fault[]
  /** While the databases are reached through a proxy that can be disturbed. */
  readonly serversProxied: readonly Fault[]
  /** While they are reached as the replica set they are. */
  readonly serversDirect: readonly Fault[]
}

/** The same seed makes the same plan. */
export const planOf = (profile: Profile, random: () => number): Plan => {
  const kills = repeat(profile.serviceKills, (index) =>
    atService(`kill ${services[index % services.length] ?? 'ledger'}`, random),
  )
  const pauses = profile.pauses.map((target) => atService(`pause ${target}`, random))
  const some = (name: FaultName, count: number): Fault[] =>
    repeat(count, () => ({ name, instance: 0 }))
  const half = Math.floor(profile.brokerKills / 2)
  return {
    services: shuffled([...kills, ...pauses], random),
    serversProxied: shuffled(
      [
        ...networkPlan(profile, random),
        ...some('kill broker', profile.brokerKills - half),
        ...some('duplicate messages', profile.messageFaults),
        ...some('poison unbound', profile.messageFaults),
      ],
      random,
    ),
    serversDirect: shuffled(
      [
        ...some('kill broker', half),
        ...some('wipe broker', profile.wipes),
        ...some('alarm broker', profile.alarms),
        ...some('kill mongod', profile.mongodKills),
        ...some('step down mongod', profile.stepDowns),
        ...some('pause mongod', profile.serverPauses),
        ...some('pause broker', profile.serverPauses),
        ...some('reorder messages', profile.messageFaults),
        ...some('kill ledgers in hand', profile.messageFaults),
      ],
      random,
    ),
  }
}

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

export const countNames = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const name of names) addOne(counts, name)
  return counts
}

export const addOne = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1
}

/** The same items in an order of that chance. */
export const shuffled = <Item>(items: readonly Item[], random: () => number): Item[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)

/** Tommy Ettinger's mulberry32: small, fast and repeatable, which is all that is asked of it here. */
export const randomBy = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
