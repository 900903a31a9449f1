import { blocksDatabaseOf } from '@recargas/contracts'
import mongoose from 'mongoose'
import type { Setting } from './queues.ts'

const { MongoClient } = mongoose.mongo

type Statement = { readonly lines?: readonly unknown[] }

/**
 * The documents that a proof of the ledger looks at, each read once by the bare driver: blocks in the order of their
 * positions, all projections as they are stored. No text is parsed, nothing is replayed and nothing compared.
 */
export const run = async (setting: Setting) => {
  const client = new MongoClient(setting('MONGODB_URI'), { readConcern: { level: 'majority' } })
  await client.connect()
  try {
    const ledger = client.db()
    const blocks = client.db(blocksDatabaseOf(ledger.databaseName))
    const names = (await ledger.listCollections({}, { nameOnly: true }).toArray()).map(
      ({ name }) => name,
    )
    let documents = 0
    let lines = 0
    const startedAt = performance.now()
    const sources = [
      blocks.collection<Statement>('blocks').find({}, { sort: { _id: 1 } }),
      ...names.map((name) => ledger.collection<Statement>(name).find()),
    ]
    for (const source of sources) {
      for await (const document of source) {
        documents += 1
        lines += document.lines?.length ?? 0
      }
    }
    const seconds = (performance.now() - startedAt) / 1_000
    /** `lines` are posting lines of the statements. */
    return { documents, lines, seconds, linesPerSecond: Math.round(lines / seconds) }
  } finally {
    await client.close()
  }
}

export type RawReadRun = Awaited<ReturnType<typeof run>>
