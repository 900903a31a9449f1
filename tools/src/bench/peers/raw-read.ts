import mongoose from 'mongoose'

const { MongoClient } = mongoose.mongo

/** One reading of a ledger's documents. */
export type RawReadRun = {
  readonly documents: number
  /** Posting lines of the entries among them. */
  readonly lines: number
  readonly seconds: number
  readonly linesPerSecond: number
}

type Entry = { readonly lines?: readonly unknown[] }

/**
 * The documents that a proof of the ledger looks at, each read once by the bare driver: entries in the order of their
 * sequence, all other collections as they are stored. Nothing is replayed and nothing compared.
 */
export const runRawRead = async (ledgerUri: string): Promise<RawReadRun> => {
  const client = new MongoClient(ledgerUri, { readConcern: { level: 'majority' } })
  await client.connect()
  try {
    const db = client.db()
    const collections = await db.listCollections({}, { nameOnly: true }).toArray()
    let documents = 0
    let lines = 0
    const startedAt = performance.now()
    for (const { name } of collections) {
      const isJournal = name === 'journal'
      const found = db.collection<Entry>(name).find({}, isJournal ? { sort: { p: 1, seq: 1 } } : {})
      for await (const document of found) {
        documents += 1
        if (isJournal) lines += document.lines?.length ?? 0
      }
    }
    const seconds = (performance.now() - startedAt) / 1_000
    return { documents, lines, seconds, linesPerSecond: Math.round(lines / seconds) }
  } finally {
    await client.close()
  }
}
