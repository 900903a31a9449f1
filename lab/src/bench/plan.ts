export const scenarioNames = [
  'paths',
  'writer',
  'spread',
  'rates',
  'waiting',
  'instances',
  'grown',
  'takeover',
  'members',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

/** The amount of load to measure. Durations are chosen so that the whole run ends in time on two cores. */
export type Plan = {
  readonly scenarios: readonly ScenarioName[]
  readonly rounds: number
  readonly seconds: number
  readonly connections: Readonly<Record<'whole' | 'bare' | 'trio', readonly number[]>>
  readonly writerSales: number
  readonly mediciSeconds: number
  /** Shares of the maximum at which requests are sent. */
  readonly rateShares: readonly number[]
  readonly rateSeconds: number
  readonly grownEntries: number
  readonly waitingMessages: number
  readonly limitMinutes: number
}

/** These take too long for every run. */
const onlyNamed: readonly ScenarioName[] = ['takeover', 'members']
const notQuick: readonly ScenarioName[] = ['instances', 'grown', ...onlyNamed]

export const fullPlan: Plan = {
  scenarios: scenarioNames.filter((name) => !onlyNamed.includes(name)),
  rounds: 5,
  seconds: 8,
  connections: { whole: [1, 64, 256, 512], bare: [1, 64, 256, 512], trio: [1, 64, 256, 512] },
  writerSales: 12_000,
  mediciSeconds: 8,
  rateShares: [0.25, 0.5, 0.75, 0.9],
  rateSeconds: 15,
  grownEntries: 2_000_000,
  waitingMessages: 100_000,
  limitMinutes: 40,
}

export const quickPlan: Plan = {
  ...fullPlan,
  scenarios: scenarioNames.filter((name) => !notQuick.includes(name)),
  rounds: 3,
  seconds: 4,
  connections: { whole: [1, 64, 256, 512], bare: [1, 256, 512], trio: [256] },
  writerSales: 8_000,
  mediciSeconds: 5,
  rateShares: [0.25, 0.5, 0.75],
  rateSeconds: 8,
  limitMinutes: 10,
}

/** The stored history for which a takeover within two seconds is stated; `held` counts sales without an outcome. */
export const takeoverPlan = { entries: 2_000_000, blocks: 100_000, held: 20_000 } as const

export const spreadConnections = 256
export const spreadMerchants = 1_000
export const tenFloatsPath = 'ten floats'
export const zipfPath = `Zipf ${spreadMerchants}`
export const oneLedgerPath = 'one ledger'
export const twoLedgersPath = 'two ledgers'
/** Paths of the scenario `members`: on one member of each server or on three, with one of each service or two. */
export const membersPaths = {
  hotOnOne: 'hot, 1 node',
  hotOnThree: 'hot, 3 nodes',
  oneOnOne: 'one of each, 1 node',
  twoOnOne: 'two of each, 1 node',
  oneOnThree: 'one of each, 3 nodes',
  twoOnThree: 'two of each, 3 nodes',
} as const
export const warmUp = { connections: 32, seconds: 4 } as const
/** Batch size of the writer and of the raw limit alike. */
export const batchSize = 400
export const mediciClients = 64
export const rssLimitMb = 220
export const slowestMsMax = 2_000
export const pageRequests = 100
export const pageRounds = 5
