import { sellFor } from '../measure/load.ts'
import { startPeerPath, dropDatabase, withDatabase } from '../measure/peer-path.ts'
import { warmUp } from '../measure/plan.ts'
import { measureInTurns, type Cell } from '../measure/rounds.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { quantile, sortedOf, spreadOf, type Spread } from '../measure/statistics.ts'
import { startWholePath } from '../measure/whole-path.ts'

export type PathFigures = {
  readonly cells: readonly Cell[]
  /** Median of one write that a majority has in its journal, nothing else running. */
  readonly writeP50Ms: Spread
}

const writes = 200
const trioRampSeconds = 6

/** (a) our whole path, (b) the bare path, (c) the plain trio, on one hot float. */
export const comparePaths = async ({
  servers,
  plan,
  log,
}: Bench): Promise<Outcome<PathFigures>> => {
  const whole = await startWholePath(servers, { name: 'whole' })
  const bare = await startPeerPath(servers, 'bare')
  const trio = await startPeerPath(servers, 'trio')
  const paths = [whole, bare, trio]
  try {
    for (const path of paths) {
      await sellFor(path.target, warmUp)
      await path.settle()
    }
    const writeMs: number[] = []
    const turns = [
      ...plan.connections.whole.map((connections) => ({ path: whole, connections })),
      ...plan.connections.bare.map((connections) => ({ path: bare, connections })),
      ...plan.connections.trio.map((connections) => ({
        path: trio,
        connections,
        rampSeconds: connections > 1 ? trioRampSeconds : 1,
      })),
    ].toSorted((one, other) => one.connections - other.connections)
    const [first, ...rest] = turns
    if (first === undefined) throw new Error('the plan names no connections')
    const measureWrites = async () => {
      writeMs.push(await majorityWriteMs(servers.databaseUri('bench_write')))
    }
    const cells = await measureInTurns([{ ...first, prepare: measureWrites }, ...rest], {
      ...plan,
      log,
    })
    const verified = {
      whole: await whole.verify(),
      bare: await bare.verify(),
      trio: await trio.verify(),
    }
    return { figures: { cells, writeP50Ms: spreadOf(writeMs) }, verified }
  } finally {
    for (const path of paths) await path.stop()
    await dropDatabase(servers, 'bench_write')
  }
}

const majorityWriteMs = (uri: string): Promise<number> =>
  withDatabase(uri, async (db) => {
    const took: number[] = []
    for (let write = 0; write < writes; write += 1) {
      const startedAt = performance.now()
      await db.collection('writes').insertOne({ a: write })
      took.push(performance.now() - startedAt)
    }
    return quantile(sortedOf(took), 0.5)
  })
