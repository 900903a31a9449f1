import { dropDatabase } from '../runner/ledger-database.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { median } from '../runner/statistics.ts'
import { runLedgerBench } from './peer-process.ts'
import { takeoverPlan } from './plan.ts'
import { noSystem, type Bench } from './scenario.ts'
import { ledgerNameOf } from './whole-path.ts'

type Grown = { readonly blocks: number }
type Taken = {
  readonly servedMs: readonly number[]
  readonly entries: number
  readonly isVerified: boolean
}

/** A partition with a long history and many sales without an outcome, taken over by several new owners in turn. */
export const measureTakeover = ({ servers }: Bench) => {
  const uri = servers.databaseUri(ledgerNameOf('takeover'))
  const { entries, blocks: wanted, held } = takeoverPlan
  return runScenario({
    stack: noSystem,
    load: async () => {
      await dropDatabase(uri)
      say(`  storing ${entries} entries in ${wanted} blocks …`)
      const sales = entries / 2
      const perBlock = Math.max(1, Math.floor(sales / wanted))
      const settings = { uri, sales, 'per-block': perBlock, held }
      const { blocks } = await runLedgerBench<Grown>('grow', settings, (line) => say(`  ${line}`))
      return { blocks, taken: await runLedgerBench<Taken>('takeover', { uri }) }
    },
    judge: ({ blocks, taken: { servedMs, isVerified, ...taken } }) => ({
      figures: {
        ...takeoverPlan,
        blocks,
        /** ms of each owner, from the start of its takeover until its first command was appended; the first one's code is cold. */
        servedMs,
        servedMsMedian: median(servedMs),
        servedMsMax: Math.max(...servedMs),
      },
      ledgers: { takeover: { isVerified, detail: `${taken.entries} entries` } },
    }),
    report: ({ servedMs }) =>
      say(`  ${entries} entries, ${held} held: served after ${servedMs.join(', ')} ms`),
  })
}
