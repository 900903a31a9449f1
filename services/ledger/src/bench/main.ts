import { parseArgs } from 'node:util'
import { MerchantId } from '@recargas/contracts'
import { openLedgerDatabase, type LedgerDatabase } from '../mongo/collections.ts'
import {
  accountDocument,
  cajaDocument,
  headId,
  long,
  merchantDocument,
  sessionDocument,
  topupDocument,
} from '../mongo/documents.ts'
import { ensureIdentity } from '../mongo/identity.ts'
import { journalDocuments } from '../mongo/journal-documents.ts'
import { readRecords } from '../mongo/ledger-records.ts'
import { createLedgerStore } from '../mongo/ledger-store.ts'
import { headsIn } from '../mongo/state.ts'
import { verifyLedger } from '../verify/verify-ledger.ts'
import { growHistory, historyStart, type HistoryStore } from './grow-history.ts'
import { workloadOf } from './workload.ts'
import { measureWriter } from './writer-alone.ts'

const usage = `What the bench needs from inside the ledger, on a database that nobody else uses; prints JSON.

  writer  --uri mongodb://…/name [--sales 10000] [--batch 400]   measures the writer alone, fed from memory
  grow    --uri mongodb://…/name [--sales 1000000]               stores the history of a shop, two entries a sale`

const print = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

const inBulk = { ordered: false, writeConcern: { w: 1 } } as const

const historyStoreOf = (database: LedgerDatabase): HistoryStore => {
  const { collections } = database
  const store = createLedgerStore(database, {
    transactionTimeoutMs: 10_000,
    now: () => Date.now(),
  })
  return {
    takeOver: store.takeOver,
    commit: store.commit,
    insert: async (batch) => {
      const topups = batch.changes.topups.map((topup) => topupDocument(topup, batch.partition))
      await collections.journal.insertMany(journalDocuments(batch) as never[], inBulk)
      await collections.topups.insertMany(topups as never[], inBulk)
    },
    finish: async (partition, state, head) => {
      const replace = async <Entity>(
        entities: Iterable<Entity>,
        document: (entity: Entity, partition: number) => { readonly _id: string },
      ) => {
        for (const entity of entities) {
          const { _id, ...rest } = document(entity, partition)
          await collections.state.replaceOne({ _id }, rest, { upsert: true })
        }
      }
      await replace(state.accounts.values(), accountDocument)
      await replace(state.merchants.values(), merchantDocument)
      await replace(state.cajas.values(), cajaDocument)
      await replace(state.sessions.values(), sessionDocument)
      await headsIn(collections).updateOne(
        { _id: headId(partition) },
        {
          $set: {
            seq: long(head.seq),
            batch: long(head.batch),
            hash: head.hash,
            at: new Date(head.at),
          } as never,
        },
      )
    },
  }
}

const measure = async (database: LedgerDatabase, sales: number, batchSizeMax: number) => {
  const now = () => Date.now()
  const store = createLedgerStore(database, { transactionTimeoutMs: 3_000, now })
  const workload = workloadOf(MerchantId.parse('principal'), Date.now())
  const cpuBefore = process.cpuUsage()
  const figures = await measureWriter(store, workload, { sales, batchSizeMax })
  const { user, system } = process.cpuUsage(cpuBefore)
  const rssPeakMb = Math.round(process.resourceUsage().maxRSS / 1_024)
  const cpuPercent = Math.round((user + system) / 10_000 / figures.seconds)
  const { entries, commits, findings } = await verifyLedger(readRecords(database.collections))
  const isVerified = findings.length === 0 && commits === sales
  print({ ...figures, cpuPercent, rssPeakMb, entries, isVerified, findings: findings.slice(0, 5) })
}

const grow = async (database: LedgerDatabase, sales: number) => {
  const startAt = historyStart(Date.now())
  const workload = workloadOf(MerchantId.parse('principal'), startAt)
  const startedAt = performance.now()
  const onGrown = (grown: number) => process.stderr.write(`${grown} entries\n`)
  await growHistory(historyStoreOf(database), workload, { sales, startAt, onGrown })
  print({ sales, entries: 2 * sales, seconds: (performance.now() - startedAt) / 1_000 })
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
  const database = await openLedgerDatabase(values.uri, { connectTimeoutMs: 5_000, poolSize: 8 })
  try {
    await ensureIdentity(database, historyStart(Date.now()))
    if (command === 'writer') {
      await measure(database, Number(values.sales ?? 10_000), Number(values.batch))
    } else await grow(database, Number(values.sales ?? 1_000_000))
    return 0
  } finally {
    await database.close()
  }
}

process.exitCode = await run().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  )
  return 2
})
