import { dropDatabase } from '../runner/ledger-database.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { median, quantile, rounded, sortedOf, timed } from '../runner/statistics.ts'
import { watch } from '../runner/usage.ts'
import { expectStatus } from '../till/shop.ts'
import type { RawReadRun } from './peers/raw-read.ts'
import { runLedgerBench, runPeer } from './peer-process.ts'
import { pageRequests, pageRounds, spreadConnections } from './plan.ts'
import { printCells } from './print-results.ts'
import { measureInTurns, warm } from './rounds.ts'
import { together, type Bench } from './scenario.ts'
import { ledgerNameOf, startWholePath, type WholePath } from './whole-path.ts'

/** Medians of the rounds' own 95th percentiles. */
type PageFigures = {
  readonly grownP95Ms: number
  readonly emptyP95Ms: number
  readonly grownVsEmpty: number
}
type Pages = Readonly<Record<string, PageFigures>>
type Grown = { readonly seconds: number }

const sessionId = 1

/** Compares the same load on a ledger with a shop's history and on an empty one, and measures reading that history. */
export const compareGrown = ({ servers, plan }: Bench) => {
  const entries = plan.grownEntries
  const sales = Math.floor(entries / 2)
  return runScenario({
    stack: async () => {
      const uri = servers.databaseUri(ledgerNameOf('grown'))
      await dropDatabase(uri)
      say(`  storing ${entries} entries …`)
      const settings = { uri, sales }
      const { seconds } = await runLedgerBench<Grown>('grow', settings, (line) => say(`  ${line}`))
      const history = { sessionId, sales }
      const grown = await startWholePath(servers, { name: 'grown', history })
      const empty = await startWholePath(servers, { name: 'empty' })
      return { growSeconds: rounded(seconds), ...together({ grown, empty }) }
    },
    load: async ({ paths: { grown, empty } }) => {
      await warm(grown)
      await warm(empty)
      const turns = [
        { path: { ...grown, name: 'grown' }, connections: spreadConnections },
        { path: { ...empty, name: 'empty' }, connections: spreadConnections },
      ]
      const cells = await measureInTurns(turns, plan)
      const readingGrown = watch(grown.pids)
      const readingEmpty = watch(empty.pids)
      const pages = await readPages(grown, empty)
      /** Resources used while pages were read. */
      const reading = { grown: readingGrown(), empty: readingEmpty() }
      return { cells, pages, reading }
    },
    judge: async (found, { growSeconds, paths }) => {
      say('  verifying …')
      const grown = await paths.grown.prove()
      const empty = await paths.empty.prove()
      say('  reading the same documents …')
      const uri = paths.grown.system.administrationUri
      const raw = await runPeer<RawReadRun>('raw-read', { MONGODB_URI: uri })
      const { lines, linesPerSecond } = grown.proof
      return {
        figures: {
          entries,
          growSeconds,
          ...found,
          /** Posting lines of the whole ledger, and the same documents read by the bare driver: decoded, not checked. */
          verify: { lines, linesPerSecond, rawLinesPerSecond: raw.linesPerSecond },
        },
        ledgers: {
          grown: grown.verification,
          empty: empty.verification,
          'raw reading': {
            isVerified: raw.lines === lines,
            detail: `${raw.lines} posting lines read, ${lines} proven`,
          },
        },
      }
    },
    report: ({ cells, pages, verify }) => {
      printCells(`with ${entries} entries stored, and with none`, cells)
      console.table(pages)
      say(
        `  verify: ${verify.linesPerSecond} posting lines/s; the bare driver: ${verify.rawLinesPerSecond}`,
      )
    },
  })
}

const pagePaths = {
  saldos: '/recargas/operadoras/saldos',
  history: '/recargas/historial/clientes?limit=50',
  statement: '/operadoras/Tigo/extracto?limit=50',
  'session statement': `/cajas/sesion/${sessionId}/extracto?limit=50`,
} as const

/** Reads each page of both ledgers in turn, so that other work of the machine slows both alike. */
const readPages = async (grown: WholePath, empty: WholePath): Promise<Pages> => {
  const figures: Record<string, PageFigures> = {}
  for (const [name, path] of Object.entries(pagePaths)) {
    const p95: Record<'grown' | 'empty', number[]> = { grown: [], empty: [] }
    for (let round = 0; round < pageRounds; round += 1) {
      p95.grown.push(await readP95(grown, path))
      p95.empty.push(await readP95(empty, path))
    }
    const [grownP95Ms, emptyP95Ms] = [median(p95.grown), median(p95.empty)]
    figures[name] = {
      grownP95Ms: rounded(grownP95Ms),
      emptyP95Ms: rounded(emptyP95Ms),
      grownVsEmpty: rounded(grownP95Ms / emptyP95Ms),
    }
  }
  return figures
}

const readP95 = async ({ administrator }: WholePath, path: string): Promise<number> => {
  const took: number[] = []
  for (let asked = 0; asked < pageRequests; asked += 1) {
    took.push((await timed(() => expectStatus(200, administrator.get(path)))).ms)
  }
  return quantile(sortedOf(took), 0.95)
}
