import { parseArgs } from 'node:util'
import { MerchantId, partitionOf } from '@recargas/contracts'
import { readLogRecords } from '../audit/stored-records.ts'
import { verifyLog } from '../audit/verify-log.ts'
import { growHistory, historyStart } from './grow-history.ts'
import { openLog, type BenchLog } from './open-log.ts'
import { measureTakeovers } from './take-over.ts'
import { workloadOf } from './workload.ts'
import { measureWriter } from './writer-alone.ts'

const usage = `What the bench needs from inside the ledger, on databases that nobody else uses; prints JSON.

  writer  --uri mongodb://…/name [--sales 10000] [--batch 400]   measures the writer alone, fed from memory
  grow    --uri mongodb://…/name [--sales 1000000] [--per-block 200] [--held 0] [--shops 1]
                                                                 stores the history of shops, two entries a sale, each
                                                                 shop in a partition of its own
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

/** The hot shop, and others of other partitions. */
const shopsOf = (count: number, partitions: number): readonly MerchantId[] => {
  if (!(count >= 1 && count <= partitions)) throw new Error(`${partitions} shops at most`)
  const shops = new Map<number, MerchantId>()
  for (let number = 0; shops.size < count; number += 1) {
    const shop = MerchantId.parse(number === 0 ? 'principal' : `tienda-${number}`)
    if (!shops.has(partitionOf(shop))) shops.set(partitionOf(shop), shop)
  }
  return [...shops.values()]
}

const grow = async (log: BenchLog, history: History, shops: number) => {
  const startAt = historyStart(Date.now())
  const startedAt = performance.now()
  let entries = 0
  let blocks = 0
  for (const shop of shopsOf(shops, log.birth.partitions)) {
    const before = entries
    const onGrown = (grown: number) => process.stderr.write(`${before + grown} entries\n`)
    const own = { sales: Math.ceil(history.sales / shops), held: Math.ceil(history.held / shops) }
    const options = { ...history, ...own, startAt, onGrown }
    const grown = await growHistory(log, workloadOf(shop, startAt), options)
    entries += grown.entries
    blocks += grown.blocks
  }
  const seconds = (performance.now() - startedAt) / 1_000
  print({ ...history, entries, blocks, seconds })
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
      shops: { type: 'string', default: '1' },
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
        await grow(
          log,
          {
            sales: Number(values.sales ?? 1_000_000),
            salesPerBlock: Number(values['per-block']),
            held: Number(values.held),
          },
          Number(values.shops),
        )
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
