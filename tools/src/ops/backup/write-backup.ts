import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { CannotRun } from '../target.ts'
import {
  fileOf,
  manifestFile,
  type CollectionFile,
  type DatabaseDump,
  type DatabaseName,
  type Manifest,
} from './manifest.ts'

const { MongoClient, ReadConcern } = mongoose.mongo
const { EJSON } = mongoose.mongo.BSON

type Uris = Readonly<Record<DatabaseName, string>>

const connectTimeoutMs = 5_000
const documentsAtOnce = 1_000

/**
 * Writes both databases while they are in use, each as of one instant. The adapter's first: whatever it then knows
 * of, the ledger's later instant holds too, so that after a restore no attempt is made for a sale that no book holds.
 * @throws CannotRun where the folder holds something already
 */
export const writeBackup = async (
  folder: string,
  uris: Uris,
  commit: string,
): Promise<Manifest> => {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0) throw new CannotRun(`${folder} is not empty`)
  const adapter = await dump(folder, 'adapter', uris.adapter)
  const ledger = await dump(folder, 'ledger', uris.ledger)
  const manifest: Manifest = { version: 1, commit, recoveryPoint: adapter.at, adapter, ledger }
  const file = join(folder, manifestFile)
  await writeFile(`${file}.part`, `${JSON.stringify(manifest, null, 2)}\n`)
  await flush(`${file}.part`)
  renameSync(`${file}.part`, file)
  return manifest
}

const dump = async (folder: string, database: DatabaseName, uri: string): Promise<DatabaseDump> => {
  mkdirSync(join(folder, database))
  const client = new MongoClient(uri, {
    appName: 'recargas-ops',
    serverSelectionTimeoutMS: connectTimeoutMs,
    readPreference: 'primary',
  })
  try {
    await client.connect()
    const at = new Date().toISOString()
    const db = client.db(undefined, { readConcern: new ReadConcern('snapshot') })
    const known = await client.db().listCollections({ type: 'collection' }).toArray()
    const collections: CollectionFile[] = []
    await client.withSession({ snapshot: true }, async (session) => {
      for (const { name, options } of known as readonly Listed[]) {
        if (name.startsWith('system.')) continue
        const found = db
          .collection(name)
          .find({}, { session, raw: true, batchSize: documentsAtOnce })
        const written = await writeDocuments(fileOf(folder, database, name), found)
        const indexes = await client.db().collection(name).listIndexes().toArray()
        collections.push({
          name,
          ...written,
          options: EJSON.stringify(options ?? {}),
          indexes: EJSON.stringify(indexes),
        })
      }
    })
    return { at, collections }
  } catch (cause) {
    if ((cause as { codeName?: string }).codeName !== 'SnapshotTooOld') throw cause
    const advice =
      'raise minSnapshotHistoryWindowInSeconds on the server for the time of the backup'
    throw new CannotRun(`the ${database} changed for longer than its server remembers: ${advice}`, {
      cause,
    })
  } finally {
    await client.close()
  }
}

type Listed = { readonly name: string; readonly options?: object }

const writeDocuments = async (
  path: string,
  documents: AsyncIterable<unknown>,
): Promise<Pick<CollectionFile, 'documents' | 'bytes' | 'sha256'>> => {
  const file = createWriteStream(path, { flags: 'wx' })
  const hash = createHash('sha256')
  let count = 0
  let size = 0
  for await (const found of documents) {
    const bytes = found as Buffer
    count += 1
    size += bytes.byteLength
    hash.update(bytes)
    if (!file.write(bytes)) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
  await flush(path)
  return { documents: count, bytes: size, sha256: hash.digest('hex') }
}

/** A backup that a power cut empties is none. */
const flush = async (path: string): Promise<void> => {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
