import { dropDatabase } from '../peer-path.ts'
import { runLedgerBench } from '../peer-process.ts'
import { pageRequests, spreadConnections, warmUp } from '../plan.ts'
import { sellFor } from '../load.ts'
import { measureInTurns, type Cell } from '../rounds.ts'
import type { Bench, Outcome } from '../scenario.ts'
import { createPos } from '../../till/pos.ts'
import { median, quantile, rounded, sortedOf } from '../statistics.ts'
import { startWholePath, type WholePath } from '../whole-path.ts'

export type GrownFigures = {
  readonly entries: number
  readonly growSeconds: number
  readonly cells: readonly Cell[]
  /** Medians of the rounds' own 95th percentiles; null where a page is not served. */
  readonly pagesP95Ms: Readonly<Record<string, number | null>>
}

const sessionId = 1

/** The same load on a ledger that holds a shop's past, and on an empty one; and what reading that past costs. */
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
    const pagesP95Ms = await readPages(grown, plan.rounds)
    log(`  pages, p95 in ms: ${JSON.stringify(pagesP95Ms)}; verifying …`)
    const verified = { grown: await grown.verify(), empty: await empty.verify() }
    return { figures: { entries, growSeconds: rounded(growSeconds), cells, pagesP95Ms }, verified }
  } finally {
    await grown.stop()
    await empty.stop()
  }
}

const pages = {
  saldos: '/recargas/operadoras/saldos',
  history: '/recargas/historial/clientes?limit=50',
  statement: '/operadoras/Tigo/extracto?limit=50',
  'session statement': `/cajas/sesion/${sessionId}/extracto?limit=50`,
} as const

const readPages = async (
  { stack, shop }: WholePath,
  rounds: number,
): Promise<GrownFigures['pagesP95Ms']> => {
  const pos = createPos(() => stack.urls.gateway, shop.token)
  const p95: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, path] of Object.entries(pages)) {
      const took: number[] = []
      for (let asked = 0; asked < pageRequests; asked += 1) {
        const startedAt = performance.now()
        const { status } = await pos.get(path)
        if (status === 200) took.push(performance.now() - startedAt)
      }
      if (took.length === pageRequests) (p95[name] ??= []).push(quantile(sortedOf(took), 0.95))
    }
  }
  return Object.fromEntries(
    Object.keys(pages).map((name) => {
      const values = p95[name]
      return [name, values === undefined ? null : rounded(median(values))]
    }),
  )
}
