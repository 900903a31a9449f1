import { blocksDatabaseOf } from '@recargas/contracts'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { CannotRun } from '@recargas/stack/reach/target'
import {
  contents,
  fileOf,
  manifestFile,
  manifestVersion,
  type CollectionFile,
  type DatabaseDump,
  type DatabaseName,
  type Manifest,
} from './manifest.ts'
import { createMongoClient } from './mongo-client.ts'

const { ReadConcern } = mongoose.mongo
const { EJSON } = mongoose.mongo.BSON

type Uris = Readonly<Record<'adapter' | 'ledger', string>>

const documentsAtOnce = 1_000

/**
 * Dumps the databases while they are in use. The adapter's first: a sale is in the ledger's books before the adapter's, so no
 * attempt in the backup lacks its sale. The blocks last: decisions and reconciliations are in blocks already, and later blocks
 * only add to them.
 * @throws CannotRun when the folder is not empty
 */
export const writeBackup = async (
  folder: string,
  uris: Uris,
  commit: string,
  signal?: AbortSignal,
): Promise<Manifest> => {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0) throw new CannotRun(`${folder} is not empty`)
  const adapter = await dump(folder, 'adapter', uris.adapter, signal)
  const ledger = await dump(folder, 'ledger', uris.ledger, signal)
  const blocks = await dump(folder, 'blocks', uris.ledger, signal)
  const manifest: Manifest = {
    version: manifestVersion,
    commit,
    recoveryPoint: adapter.at,
    adapter,
    ledger,
    blocks,
  }
  const file = join(folder, manifestFile)
  await writeFile(`${file}.part`, `${JSON.stringify(manifest, null, 2)}\n`)
  await flush(`${file}.part`)
  renameSync(`${file}.part`, file)
  return manifest
}

const dump = async (
  folder: string,
  database: DatabaseName,
  uri: string,
  signal: AbortSignal | undefined,
): Promise<DatabaseDump> => {
  mkdirSync(join(folder, database))
  const client = createMongoClient(uri, { appName: 'recargas-ops', readPreference: 'primary' })
  try {
    await client.connect()
    const at = new Date().toISOString()
    const { collections: kept, readAs } = contents[database]
    const own = client.db().databaseName
    const name = database === 'blocks' ? blocksDatabaseOf(own) : own
    const readConcern = new ReadConcern(readAs === 'instant' ? 'snapshot' : 'majority')
    const db = client.db(name, { readConcern })
    const known = await client.db(name).listCollections({ type: 'collection' }).toArray()
    const collections: CollectionFile[] = []
    await client.withSession({ snapshot: readAs === 'instant' }, async (session) => {
      for (const { name: collection, options } of known as readonly Listed[]) {
        if (collection.startsWith('system.')) continue
        if (kept !== 'all' && !kept.includes(collection)) continue
        // In the order of the keys, which is that of a log.
        const found = db
          .collection(collection)
          .find({}, { session, raw: true, batchSize: documentsAtOnce, sort: { _id: 1 } })
        const written = await writeDocuments(fileOf(folder, database, collection), found, signal)
        const indexes = await client.db(name).collection(collection).listIndexes().toArray()
        collections.push({
          name: collection,
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

const bytesAtOnce = 1024 * 1024

const writeDocuments = async (
  path: string,
  documents: AsyncIterable<unknown>,
  signal: AbortSignal | undefined,
): Promise<Pick<CollectionFile, 'documents' | 'bytes' | 'sha256'>> => {
  const file = await open(path, 'wx')
  const hash = createHash('sha256')
  let count = 0
  let size = 0
  let pending: Buffer[] = []
  let pendingBytes = 0
  const write = async (): Promise<void> => {
    await file.appendFile(Buffer.concat(pending))
    pending = []
    pendingBytes = 0
  }
  try {
    for await (const found of documents) {
      signal?.throwIfAborted()
      const bytes = found as Buffer
      count += 1
      size += bytes.byteLength
      hash.update(bytes)
      pending.push(bytes)
      pendingBytes += bytes.byteLength
      if (pendingBytes >= bytesAtOnce) await write()
    }
    await write()
    await file.sync()
  } finally {
    await file.close()
  }
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
