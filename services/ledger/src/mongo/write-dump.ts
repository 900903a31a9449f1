import { once } from 'node:events'
import { createWriteStream, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import mongoose from 'mongoose'
import type { HeadDocument } from './journal-documents.ts'
import { ledgerCollections } from './kept-in.ts'

type Db = mongoose.mongo.Db

/**
 * Writes a ledger's collections as BSON files, all of one instant. The journal comes last and only up to the heads of
 * that instant: it never changes, so it may take longer than a server keeps a snapshot.
 * @throws where the folder holds something already
 */
export const writeDump = async (db: Db, folder: string): Promise<number> => {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`)
  let documents = 0
  const heads = await db.client.withSession({ snapshot: true }, async (session) => {
    const atInstant = db.client.db(db.databaseName, {
      readConcern: new mongoose.mongo.ReadConcern('snapshot'),
    })
    for (const name of ledgerCollections.filter((each) => each !== 'journal')) {
      const found = atInstant.collection(name).find({}, { session, raw: true })
      documents += await writeFile(join(folder, `${name}.bson`), found)
    }
    return atInstant.collection<HeadDocument>('state').find({ is: 'head' }, { session }).toArray()
  })
  const upToHeads = heads.map(({ p, seq }) => ({ p, seq: { $lte: seq } }))
  const journal = db
    .collection('journal')
    .find(upToHeads.length === 0 ? {} : { $or: upToHeads }, { raw: true, batchSize: 1_000 })
    .sort({ p: 1, seq: 1 })
  return documents + (await writeFile(join(folder, 'journal.bson'), journal))
}

const writeFile = async (path: string, documents: AsyncIterable<unknown>): Promise<number> => {
  const file = createWriteStream(path, { flags: 'wx' })
  let count = 0
  for await (const bytes of documents) {
    count += 1
    if (!file.write(bytes)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
  return count
}
