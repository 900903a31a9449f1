import { watch, type Spent } from '../measure/measured-path.ts'
import { dropDatabase } from '../measure/peer-path.ts'
import { runLedgerBench, runPeer } from '../measure/peer-process.ts'
import { pageRequests, pageRounds, spreadConnections, warmUp } from '../measure/plan.ts'
import { sellFor } from '../measure/load.ts'
import { measureInTurns, type Cell } from '../measure/rounds.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { createPos } from '../../till/pos.ts'
import { median, quantile, rounded, sortedOf } from '../measure/statistics.ts'
import { startWholePath, type WholePath } from '../measure/whole-path.ts'

export type GrownFigures = {
  readonly entries: number
  readonly growSeconds: number
  readonly cells: readonly Cell[]
  readonly pages: Readonly<Record<string, PageFigures>>
  /** Spent while pages were read. */
  readonly reading: { readonly grown: Spent; readonly empty: Spent }
  readonly verify: VerifyFigures
}
/** The proof of the ledger with a past, once the load has ended. */
type VerifyFigures = {
  /** Posting lines of the whole ledger. */
  readonly lines: number
  readonly linesPerSecond: number
  /** The same documents read by the bare driver right afterwards: decoded, not checked. */
  readonly rawLinesPerSecond: number
}
/** Medians of the rounds' own 95th percentiles. */
type PageFigures = {
  readonly grownP95Ms: number
  readonly emptyP95Ms: number
  readonly grownVsEmpty: number
}

type RawRead = { readonly lines: number; readonly linesPerSecond: number }
const sessionId = 1

/** Compares the same load on a ledger with a shop's history and on an empty one, and measures reading that history. */
export const compareGrown = async (
  { servers, plan, log }: Bench,
  entries: number,
): Promise<Outcome<GrownFigures>> => {
  const sales = Math.floor(entries / 2)
  const database = 'recargas_ledger_bench_grown'
  await dropDatabase(servers, database)
  log(`  storing ${entries} entries …`)
  const { seconds: growSeconds } = await runLedgerBench<{ readonly seconds: number }>(
    ['grow', '--uri', servers.databaseUri(database), '--sales', String(sales)],
    (line) => log(`  ${line}`),
  )
  const history = { sessionId, sales }
  const grown = await startWholePath(servers, { name: 'grown', history })
  const empty = await startWholePath(servers, { name: 'empty' })
  try {
    for (const path of [grown, empty]) {
      await sellFor(path.target, warmUp)
      await path.settle()
    }
    const turns = [
      { path: { ...grown, name: 'grown' }, connections: spreadConnections },
      { path: { ...empty, name: 'empty' }, connections: spreadConnections },
    ]
    const cells = await measureInTurns(turns, { ...plan, log })
    const readingGrown = watch(grown.pids)
    const readingEmpty = watch(empty.pids)
    const pages = await readPages(grown, empty)
    const reading = { grown: readingGrown(), empty: readingEmpty() }
    log('  verifying …')
    const proven = { grown: await grown.prove(), empty: await empty.prove() }
    log('  reading the same documents …')
    const raw = await runPeer<RawRead>('raw-read', { MONGODB_URI: grown.ledgerUri })
    const { lines, linesPerSecond } = proven.grown.proof
    return {
      figures: {
        entries,
        growSeconds: rounded(growSeconds),
        cells,
        pages,
        reading,
        verify: { lines, linesPerSecond, rawLinesPerSecond: raw.linesPerSecond },
      },
      verified: {
        grown: proven.grown.verification,
        empty: proven.empty.verification,
        'raw reading': {
          isVerified: raw.lines === lines,
          detail: `${raw.lines} posting lines read, ${lines} proven`,
        },
      },
    }
  } finally {
    await grown.stop()
    await empty.stop()
  }
}

const paths = {
  saldos: '/recargas/operadoras/saldos',
  history: '/recargas/historial/clientes?limit=50',
  statement: '/operadoras/Tigo/extracto?limit=50',
  'session statement': `/cajas/sesion/${sessionId}/extracto?limit=50`,
} as const

/** Each page of one ledger, then of the other, again and again: only the same moment compares. */
const readPages = async (grown: WholePath, empty: WholePath): Promise<GrownFigures['pages']> => {
  const figures: Record<string, PageFigures> = {}
  for (const [name, path] of Object.entries(paths)) {
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

const readP95 = async ({ stack, shop }: WholePath, path: string): Promise<number> => {
  const pos = createPos(() => stack.urls.gateway, shop.token)
  const took: number[] = []
  for (let asked = 0; asked < pageRequests; asked += 1) {
    const startedAt = performance.now()
    const { status } = await pos.get(path)
    if (status !== 200) throw new Error(`${path} answered ${status}`)
    took.push(performance.now() - startedAt)
  }
  return quantile(sortedOf(took), 0.95)
}
