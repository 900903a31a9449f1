import { dropDatabase } from '../measure/peer-path.ts'
import { runLedgerBench } from '../measure/peer-process.ts'
import type { TakeoverPlan } from '../measure/plan.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { median } from '../measure/statistics.ts'

export type TakeoverFigures = TakeoverPlan & {
  readonly blocks: number
  /** ms of each owner, from the start of its takeover until its first command was appended; the first one's code is cold. */
  readonly servedMs: readonly number[]
  readonly servedMsMedian: number
  readonly servedMsMax: number
}
type Grown = { readonly entries: number; readonly blocks: number }
type Taken = {
  readonly servedMs: readonly number[]
  readonly entries: number
  readonly isVerified: boolean
}

/** A partition with a long past and many sales without an outcome, taken over by one new owner after the other. */
export const measureTakeover = async (
  { servers, log }: Bench,
  plan: TakeoverPlan,
): Promise<Outcome<TakeoverFigures>> => {
  const database = 'recargas_ledger_bench_takeover'
  await dropDatabase(servers, database)
  const uri = servers.databaseUri(database)
  const perBlock = Math.max(1, Math.floor(plan.entries / 2 / plan.blocks))
  log(`  storing ${plan.entries} entries in ${plan.blocks} blocks …`)
  const history = ['--sales', plan.entries / 2, '--per-block', perBlock, '--held', plan.held]
  const { blocks } = await runLedgerBench<Grown>(
    ['grow', '--uri', uri, ...history.map(String)],
    (line) => log(`  ${line}`),
  )
  const taken = await runLedgerBench<Taken>(['takeover', '--uri', uri])
  const { servedMs, isVerified } = taken
  log(`  served after ${servedMs.join(', ')} ms`)
  return {
    figures: {
      ...plan,
      blocks,
      servedMs,
      servedMsMedian: median(servedMs),
      servedMsMax: Math.max(...servedMs),
    },
    verified: { takeover: { isVerified, detail: `${taken.entries} entries` } },
  }
}
