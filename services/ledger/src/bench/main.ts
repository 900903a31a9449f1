import { parseArgs } from 'node:util'
import { MerchantId } from '@recargas/contracts'
import { readLogRecords } from '../audit/stored-records.ts'
import { verifyLog } from '../audit/verify-log.ts'
import { growHistory, historyStart } from './grow-history.ts'
import { openLog, type BenchLog } from './open-log.ts'
import { measureTakeovers } from './take-over.ts'
import { workloadOf } from './workload.ts'
import { measureWriter } from './writer-alone.ts'

const usage = `What the bench needs from inside the ledger, on databases that nobody else uses; prints JSON.

  writer  --uri mongodb://…/name [--sales 10000] [--batch 400]   measures the writer alone, fed from memory
  grow    --uri mongodb://…/name [--sales 1000000] [--per-block 200] [--held 0]
                                                                 stores the history of a shop, two entries a sale
  takeover --uri mongodb://…/name [--owners 5]                   takes a grown ledger over, owner after owner`

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

const prove = ({ db, blocksDb }: BenchLog) =>
  verifyLog(readLogRecords({ ledger: db, blocks: blocksDb }))

const measure = async (log: BenchLog, sales: number, batchSizeMax: number) => {
  const workload = workloadOf(MerchantId.parse('principal'), Date.now())
  const figures = await measureWriter(log, workload, { sales, batchSizeMax })
  const rssPeakMb = Math.round(process.resourceUsage().maxRSS / 1_024)
  const cpuPercent = Math.round((100 * figures.cpuSeconds) / figures.seconds)
  const { entries, commits, findings } = await prove(log)
  const isVerified = findings.length === 0 && commits === sales
  print({ ...figures, cpuPercent, rssPeakMb, entries, isVerified, findings: findings.slice(0, 5) })
}

type History = { readonly sales: number; readonly salesPerBlock: number; readonly held: number }

const grow = async (log: BenchLog, history: History) => {
  const startAt = historyStart(Date.now())
  const workload = workloadOf(MerchantId.parse('principal'), startAt)
  const startedAt = performance.now()
  const onGrown = (grown: number) => process.stderr.write(`${grown} entries\n`)
  const grown = await growHistory(log, workload, { ...history, startAt, onGrown })
  print({ ...history, ...grown, seconds: (performance.now() - startedAt) / 1_000 })
}

const takeOver = async (log: BenchLog, owners: number) => {
  const workload = workloadOf(MerchantId.parse('principal'), Date.now())
  const servedMs = await measureTakeovers(log, workload, owners)
  const { entries, linesPerSecond, findings } = await prove(log)
  const isVerified = findings.length === 0
  print({ servedMs, entries, linesPerSecond, isVerified, findings: findings.slice(0, 5) })
}

const commands = ['writer', 'grow', 'takeover'] as const

const run = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      uri: { type: 'string' },
      sales: { type: 'string' },
      batch: { type: 'string', default: '400' },
      'per-block': { type: 'string', default: '200' },
      held: { type: 'string', default: '0' },
      owners: { type: 'string', default: '5' },
      help: { type: 'boolean', default: false },
    },
  })
  const command = commands.find((each) => each === positionals[0])
  if (values.help || values.uri === undefined || command === undefined) {
    process.stderr.write(`${usage}\n`)
    return values.help ? 0 : 2
  }
  const log = await openLog(values.uri, historyStart(Date.now()))
  try {
    switch (command) {
      case 'writer':
        await measure(log, Number(values.sales ?? 10_000), Number(values.batch))
        break
      case 'grow':
        await grow(log, {
          sales: Number(values.sales ?? 1_000_000),
          salesPerBlock: Number(values['per-block']),
          held: Number(values.held),
        })
        break
      case 'takeover':
        await takeOver(log, Number(values.owners))
    }
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
