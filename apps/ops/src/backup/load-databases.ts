import { createReadStream } from 'node:fs'
import mongoose from 'mongoose'
import { Wrong } from '@recargas/stack/reach/target'
import {
  databaseNames,
  fileOf,
  type CollectionFile,
  type DatabaseName,
  type Manifest,
} from './manifest.ts'

const { deserialize, EJSON, serialize } = mongoose.mongo.BSON
type Db = mongoose.mongo.Db

/** The ledger's sales freeze. A restore and a drill write their own, whatever the backup held. */
export const sellingCollection = 'selling'

/**
 * Loads a backup's files into empty databases, each document as it was. @returns the number of documents
 * @throws Wrong where a file does not hold the documents of its manifest
 */
export const loadDatabases = async (
  folder: string,
  manifest: Manifest,
  databases: Readonly<Record<DatabaseName, Db>>,
  signal?: AbortSignal,
): Promise<number> => {
  let documents = 0
  for (const name of databaseNames) {
    for (const file of manifest[name].collections) {
      if (name === 'ledger' && file.name === sellingCollection) continue
      const path = fileOf(folder, name, file.name)
      documents += await loadCollection(databases[name], path, file, signal)
    }
  }
  return documents
}

const loadCollection = async (
  db: Db,
  path: string,
  file: CollectionFile,
  signal: AbortSignal | undefined,
): Promise<number> => {
  const created = EJSON.parse(file.options) as mongoose.mongo.CreateCollectionOptions
  const collection = await db.createCollection(file.name, created)
  let count = 0
  for await (const batch of batchesOf(path)) {
    signal?.throwIfAborted()
    await collection.insertMany(batch, { ordered: false })
    count += batch.length
  }
  if (count !== file.documents) {
    throw new Wrong(`${path} held ${count} documents, not ${file.documents}`)
  }
  const indexes = (EJSON.parse(file.indexes) as readonly Index[]).filter(
    ({ name }) => name !== '_id_',
  )
  if (indexes.length > 0) {
    // Every voting member by default: with one of three away the command would never end.
    const quorum = { commitQuorum: 'majority' } as const
    await collection.createIndexes(
      indexes.map(({ v: _, ...index }) => index),
      quorum,
    )
  }
  return count
}

type Index = mongoose.mongo.IndexDescription & { readonly v?: number }

const batchDocumentsMax = 1_000
const batchBytesMax = 8 * 1024 * 1024
const lengthBytes = 4

/** Documents with the very types they were stored with; a number must not become another kind of number. */
const exact = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true }

const batchesOf = async function* (
  path: string,
): AsyncGenerator<mongoose.mongo.OptionalId<mongoose.mongo.Document>[]> {
  let batch: mongoose.mongo.Document[] = []
  let bytesInBatch = 0
  for await (const bytes of documentsOf(path)) {
    const document = deserialize(bytes, exact)
    if (!Buffer.from(serialize(document)).equals(bytes)) {
      throw new Wrong(`${path} holds a document that cannot be written back as it was`)
    }
    batch.push(document)
    bytesInBatch += bytes.byteLength
    if (batch.length < batchDocumentsMax && bytesInBatch < batchBytesMax) continue
    yield batch
    batch = []
    bytesInBatch = 0
  }
  if (batch.length > 0) yield batch
}

const documentsOf = async function* (path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    let left = Buffer.concat([rest, chunk as Buffer])
    while (left.byteLength >= lengthBytes) {
      const length = left.readInt32LE(0)
      if (length > left.byteLength) break
      yield left.subarray(0, length)
      left = left.subarray(length)
    }
    rest = left
  }
  if (rest.byteLength > 0) throw new Wrong(`${path} is cut off`)
}
