import { parseArgs } from 'node:util'
import { MerchantId } from '@recargas/contracts'
import { checkBooks } from './check-books.ts'
import { growHistory, historyStart } from './grow-history.ts'
import { openLog, type BenchLog } from './open-log.ts'
import { workloadOf } from './workload.ts'
import { measureWriter } from './writer-alone.ts'

const usage = `What the bench needs from inside the ledger, on databases that nobody else uses; prints JSON.

  writer  --uri mongodb://…/name [--sales 10000] [--batch 400]   measures the writer alone, fed from memory
  grow    --uri mongodb://…/name [--sales 1000000]               stores the history of a shop, two entries a sale`

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

const measure = async (log: BenchLog, sales: number, batchSizeMax: number) => {
  const workload = workloadOf(MerchantId.parse('principal'), Date.now())
  const figures = await measureWriter(log, workload, { sales, batchSizeMax })
  const rssPeakMb = Math.round(process.resourceUsage().maxRSS / 1_024)
  const cpuPercent = Math.round((100 * figures.cpuSeconds) / figures.seconds)
  const { entries, commits, findings } = await checkBooks(log)
  const isVerified = findings.length === 0 && commits === sales
  print({ ...figures, cpuPercent, rssPeakMb, entries, isVerified, findings: findings.slice(0, 5) })
}

const grow = async (log: BenchLog, sales: number) => {
  const startAt = historyStart(Date.now())
  const workload = workloadOf(MerchantId.parse('principal'), startAt)
  const startedAt = performance.now()
  const onGrown = (grown: number) => process.stderr.write(`${grown} entries\n`)
  const grown = await growHistory(log, workload, { sales, startAt, onGrown })
  print({ sales, ...grown, seconds: (performance.now() - startedAt) / 1_000 })
}

const run = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      uri: { type: 'string' },
      sales: { type: 'string' },
      batch: { type: 'string', default: '400' },
      help: { type: 'boolean', default: false },
    },
  })
  const [command] = positionals
  if (values.help || values.uri === undefined || (command !== 'writer' && command !== 'grow')) {
    process.stderr.write(`${usage}\n`)
    return values.help ? 0 : 2
  }
  const log = await openLog(values.uri, historyStart(Date.now()))
  try {
    if (command === 'writer') {
      await measure(log, Number(values.sales ?? 10_000), Number(values.batch))
    } else await grow(log, Number(values.sales ?? 1_000_000))
    return 0
  } finally {
    await log.close()
  }
}

process.exitCode = await run().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return 2
})
