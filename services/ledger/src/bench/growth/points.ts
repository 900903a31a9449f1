import { simulate, type Simulated } from './simulate.ts'
import type { Point } from './world.ts'

/** The measured runs: 256 connections on two cores, everything on one machine. */
const measured = {
  partitions: 16,
  ledgers: 1,
  machines: 1,
  shards: 1,
  gateways: 1,
  heard: 'by all',
  coresPerMachine: 2,
  choice: 'in turn',
  load: { connections: 256 },
  seconds: 4,
  seed: 4,
} as const

const perSecondOfEach = 40

/** Machines of two cores with a ledger, an adapter and a broker each, a shard for each two, and the same load on each. */
const grown = (machines: number, gateways: number, given: Partial<Point> = {}) => ({
  ...measured,
  // Two for each ledger of a hundred.
  partitions: 200,
  ledgers: machines,
  machines,
  shards: Math.ceil(machines / 2),
  gateways,
  load: { perSecond: perSecondOfEach * machines },
  seconds: machines > 10 ? 1 : 3,
  ...given,
})

/** More cores of one machine, with one ledger or two. */
const wider = (coresPerMachine: number, ledgers: number) => ({
  ...measured,
  shops: 200,
  coresPerMachine,
  ledgers,
  gateways: ledgers,
})

const points: Readonly<Record<string, Point>> = {
  hot: { ...measured, shops: 1 },
  ten: { ...measured, shops: 10 },
  'Zipf 1000': { ...measured, shops: 1_000, choice: 'zipf' },
  'one ledger': { ...measured, shops: 200 },
  'two ledgers': { ...measured, shops: 200, ledgers: 2 },
  '10 shops, 1 ledger': { ...grown(1, 1), shops: 10 },
  '100 shops, 1 ledger': { ...grown(1, 1), shops: 100 },
  '100 shops, 1 ledger, 16 partitions': { ...grown(1, 1, { partitions: 16 }), shops: 100 },
  '100 shops, 2 ledgers': { ...grown(2, 1), shops: 100 },
  '1,000 shops, 1 ledger': { ...grown(1, 1), shops: 1_000 },
  '1,000 shops, 10 ledgers': { ...grown(10, 1), shops: 1_000 },
  '1,000 shops by Zipf, 10 ledgers': { ...grown(10, 1, { choice: 'zipf' }), shops: 1_000 },
  '1,000 shops, 10 ledgers, 5 gateways': { ...grown(10, 5), shops: 1_000 },
  '1,000 shops, 10 ledgers, 10 shards': { ...grown(10, 1, { shards: 10 }), shops: 1_000 },
  '10,000 shops, 100 ledgers': { ...grown(100, 10), shops: 10_000 },
  '10,000 shops by Zipf, 100 ledgers': { ...grown(100, 10, { choice: 'zipf' }), shops: 10_000 },
  '10,000 shops, 100 ledgers, each event to one gateway': {
    ...grown(100, 10, { heard: 'by who asked' }),
    shops: 10_000,
  },
  '1 ledger, 2 cores': wider(2, 1),
  '2 ledgers and gateways, 2 cores': wider(2, 2),
  '1 ledger, 4 cores': wider(4, 1),
  '2 ledgers and gateways, 4 cores': wider(4, 2),
  '1 ledger, 8 cores': wider(8, 1),
  '2 ledgers and gateways, 8 cores': wider(8, 2),
}

/** Simulates each point, one after the other. */
export const simulateGrowth = async (onDone: (name: string) => void) => {
  const found: Record<string, { readonly point: Point; readonly figures: Simulated }> = {}
  for (const [name, point] of Object.entries(points)) {
    found[name] = { point, figures: await simulate(point) }
    onDone(name)
  }
  return found
}
