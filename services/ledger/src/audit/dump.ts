import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { partitionCount } from '@recargas/contracts'
import mongoose from 'mongoose'
import { blockOf } from '../log/block-documents.ts'
import { blocksCollection } from '../log/block-store.ts'
import { openBsonFile } from '../mongo/bson-file.ts'
import { findLedgerBirth } from './ledger-birth.ts'
import type { BlockSource, Inspected, LogRecords } from './log-records.ts'
import type { LogDatabases } from './find-strays.ts'

const { deserialize } = mongoose.mongo.BSON

/** Collections that blocks cannot rebuild: a dump holds them beside the blocks. */
export const unbuildableCollections = [
  'case_closings',
  'day_closings',
  'reconciliations',
  'leases',
  'quarantine',
  'quarantine_actions',
  'selling',
] as const

/**
 * Writes a ledger's blocks, and the collections that blocks cannot rebuild, as BSON files. Those collections are read first and
 * at one instant: blocks are only ever appended, so the dump's blocks cover everything the collections refer to.
 * @throws when the folder is not empty
 */
export const writeDump = async (
  { blocks, ledger }: LogDatabases,
  folder: string,
): Promise<number> => {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0) throw new Error(`${folder} is not empty`)
  let documents = 0
  await ledger.client.withSession({ snapshot: true }, async (session) => {
    const atInstant = ledger.client.db(ledger.databaseName, {
      readConcern: new mongoose.mongo.ReadConcern('snapshot'),
    })
    for (const name of unbuildableCollections) {
      const found = atInstant.collection(name).find({}, { session, raw: true })
      documents += await writeFile(join(folder, `${name}.bson`), found)
    }
  })
  const log = blocks
    .collection(blocksCollection)
    .find({}, { raw: true, batchSize: 64, readConcern: { level: 'majority' } })
    .sort({ _id: 1 })
  return documents + (await writeFile(join(folder, `${blocksCollection}.bson`), log))
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

/**
 * Opens the blocks of a dump, as `writeDump` or mongodump wrote it: the folder of one database, or the folder around it. Blocks
 * alone are proven.
 * @throws where the folder holds no blocks, or the file cannot be read to its end
 */
export const openDump = (
  folder: string,
): { readonly records: LogRecords; readonly close: () => Promise<void> } => {
  const lasts = new Map<number, number>()
  const seen = new Set<string>()
  const doubled: Inspected['doubled'][number][] = []
  const file = openBsonFile(fileOfBlocks(folder), placeOf, (bytes) => {
    const place = placeOf(bytes)
    const [partition = -1, position = -1] = place.split('/').map(Number)
    if (seen.has(place)) doubled.push({ partition, position })
    seen.add(place)
    lasts.set(partition, Math.max(lasts.get(partition) ?? -1, position))
  })
  seen.clear()
  const find: BlockSource['find'] = (partition, position) => {
    const bytes = file.get(`${partition}/${position}`)
    const place = { partition, position }
    return Promise.resolve(bytes === undefined ? null : blockOf(deserialize(bytes), place))
  }
  const blocks: BlockSource = {
    find,
    after: async function* (partition, position) {
      for (let next = position + 1; next <= (lasts.get(partition) ?? -1); next += 1) {
        const read = await find(partition, next)
        if (read !== null) yield read
      }
    },
  }
  const inspect = async () => {
    const birth = await findLedgerBirth({ find })
    const partitions = birth?.partitions ?? partitionCount
    const nowhere = [...lasts.keys()].filter((each) => !(each >= 0 && each < partitions))
    const strays = nowhere.map((each) => ({
      id: String(each),
      detail: `in ${blocksCollection}, but of no partition`,
    }))
    return { birth, partitions, blocks: file.count, doubled, strays }
  }
  const records: LogRecords = { blocks, projections: null, inspect }
  return {
    records,
    close: () => {
      file.close()
      return Promise.resolve()
    },
  }
}

const fileOfBlocks = (folder: string): string => {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist`)
  const name = `${blocksCollection}.bson`
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
  const found = [folder, ...inside].filter((path) => existsSync(join(path, name)))
  const [only] = found
  if (only === undefined) {
    throw new Error(`${folder} holds no dump of a ledger: no ${name} (unpack .gz and archives)`)
  }
  if (found.length > 1) throw new Error(`${folder} holds several ledgers: ${found.join(', ')}`)
  return join(only, name)
}

/** Partition and position of a block, without reading its entries. */
const placeOf = (bytes: Uint8Array): string => {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isFirst = view.readUInt8(4) === 0x03 && view.toString('latin1', 5, 9) === '_id\0'
  const { _id: id } = isFirst
    ? { _id: deserialize(view.subarray(9, 9 + view.readInt32LE(9))) }
    : (deserialize(bytes) as { readonly _id?: Readonly<Record<string, unknown>> })
  return `${String(id?.['p'])}/${String(id?.['n'])}`
}
