/** The amount of load to measure. Durations are chosen so that the whole run ends in time on two cores. */
export type Plan = {
  readonly rounds: number
  readonly seconds: number
  readonly connections: {
    readonly whole: readonly number[]
    readonly bare: readonly number[]
    readonly trio: readonly number[]
  }
  readonly writerSales: number
  readonly mediciSeconds: number
  /** Shares of the maximum at which requests are sent. */
  readonly rateShares: readonly number[]
  readonly rateSeconds: number
  /** null: not measured. */
  readonly grownEntries: number | null
  readonly waitingMessages: number
  readonly withInstances: boolean
  /** null: not measured. */
  readonly takeover: TakeoverPlan | null
  /** Time limit of a run. */
  readonly limitMinutes: number
}

/** The past of a partition that new owners take over; all entries are of sales, two each. */
export type TakeoverPlan = {
  readonly entries: number
  readonly blocks: number
  /** Sales without an outcome. */
  readonly held: number
}
/** The past that the two seconds of a takeover are stated for. */
export const statedTakeover: TakeoverPlan = { entries: 2_000_000, blocks: 100_000, held: 20_000 }

export const fullPlan: Plan = {
  rounds: 5,
  seconds: 8,
  connections: { whole: [1, 64, 256, 512], bare: [1, 64, 256, 512], trio: [1, 64, 256, 512] },
  writerSales: 12_000,
  mediciSeconds: 8,
  rateShares: [0.25, 0.5, 0.75, 0.9],
  rateSeconds: 15,
  grownEntries: 2_000_000,
  waitingMessages: 100_000,
  withInstances: true,
  takeover: null,
  limitMinutes: 40,
}

export const quickPlan: Plan = {
  rounds: 3,
  seconds: 4,
  connections: { whole: [1, 64, 256, 512], bare: [1, 256, 512], trio: [256] },
  writerSales: 8_000,
  mediciSeconds: 5,
  rateShares: [0.25, 0.5, 0.75],
  rateSeconds: 8,
  grownEntries: null,
  waitingMessages: 100_000,
  withInstances: false,
  takeover: null,
  limitMinutes: 10,
}

export const spreadConnections = 256
/** Shops of the scenario `spread`. */
export const spreadMerchants = 1_000
export const tenFloatsPath = 'ten floats'
export const zipfPath = `Zipf ${spreadMerchants}`
export const oneLedgerPath = 'one ledger'
export const twoLedgersPath = 'two ledgers'
export const warmUp = { connections: 32, seconds: 4 } as const
/** Batch size of the writer and of the raw limit alike. */
export const batchSize = 400
export const mediciClients = 64
export const rssLimitMb = 220
export const slowestMsMax = 2_000
export const pageRequests = 100
export const pageRounds = 5
