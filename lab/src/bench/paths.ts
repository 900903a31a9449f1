import { dropDatabase, withDatabase } from '../runner/ledger-database.ts'
import { runScenario } from '../runner/scenario.ts'
import { median, spreadOf, timed } from '../runner/statistics.ts'
import { startPeerPath } from './peer-path.ts'
import { printCells, printSpread } from './print-results.ts'
import { measureInTurns, warm } from './rounds.ts'
import { together, type Bench } from './scenario.ts'
import { startWholePath } from './whole-path.ts'

const writes = 200
const trioRampSeconds = 6

/** (a) our whole path, (b) the bare path, (c) the plain trio, on one hot float. */
export const comparePaths = ({ servers, plan }: Bench) =>
  runScenario({
    stack: async () =>
      together({
        whole: await startWholePath(servers, { name: 'whole' }),
        bare: await startPeerPath(servers, 'bare'),
        trio: await startPeerPath(servers, 'trio'),
      }),
    load: async ({ paths }) => {
      for (const path of Object.values(paths)) await warm(path)
      const writeMs: number[] = []
      const turns = (['whole', 'bare', 'trio'] as const)
        .flatMap((name) =>
          plan.connections[name].map((connections) => ({
            path: paths[name],
            connections,
            ...(name === 'trio' && { rampSeconds: connections > 1 ? trioRampSeconds : 1 }),
          })),
        )
        .toSorted((one, other) => one.connections - other.connections)
      const [first, ...rest] = turns
      if (first === undefined) throw new Error('the plan names no connections')
      const prepare = async () => {
        writeMs.push(await majorityWriteMs(servers.databaseUri('bench_write')))
      }
      const cells = await measureInTurns([{ ...first, prepare }, ...rest], plan)
      await dropDatabase(servers.databaseUri('bench_write'))
      return {
        cells,
        /** Median time of one majority-journaled write while nothing else runs. */
        writeP50Ms: spreadOf(writeMs),
      }
    },
    judge: async (figures, { paths: { whole, bare, trio } }) => ({
      figures,
      ledgers: {
        whole: await whole.verify(),
        bare: await bare.verify(),
        trio: await trio.verify(),
      },
    }),
    report: ({ cells, writeP50Ms }) => {
      printCells('one hot float', cells)
      printSpread('one majority-journaled write, p50 ms', writeP50Ms)
    },
  })

const majorityWriteMs = (uri: string): Promise<number> =>
  withDatabase(uri, async (db) => {
    const took: number[] = []
    for (let write = 0; write < writes; write += 1) {
      took.push((await timed(() => db.collection('writes').insertOne({ a: write }))).ms)
    }
    return median(took)
  })
