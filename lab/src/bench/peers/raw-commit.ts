import { blocksDatabaseOf, projectionNames } from '@recargas/contracts'
import mongoose from 'mongoose'
import type { Setting } from './queues.ts'
import { readGroups, type Raw, type RawGroup, type RawWrite } from './raw-batches.ts'

const { MongoClient } = mongoose.mongo
type Db = mongoose.mongo.Db

const durable = { w: 'majority', j: true } as const
const majority = { w: 'majority' } as const
const documentsPerCommandMax = 2_000

/**
 * The upper limit of a ledger of this shape: our writer's blocks and projected documents, read back from its
 * databases and written again by the bare driver, with the same collections and indexes, by the same commands in the same
 * groups, without any logic: no rule, no balance, no hash, no text, no look-up. Blocks are appended one after the
 * other; a group is projected once its blocks are there, while the next ones are appended.
 */
export const run = async (setting: Setting) => {
  const [from, to] = [setting('FROM'), setting('TO')]
  const partition = Number(setting('PARTITION'))
  const groupEnds = setting('GROUP_ENDS').split(',').map(Number)
  const client = new MongoClient(setting('MONGODB_URI'), {
    writeConcern: { w: 'majority', journal: true },
    promoteLongs: false,
  })
  await client.connect()
  try {
    const source = { ledger: client.db(from), blocks: blocksOf(client, from) }
    const target = { ledger: client.db(to), blocks: blocksOf(client, to) }
    for (const name of ['ledger', 'blocks'] as const) {
      await target[name].dropDatabase()
      await copyShape(source[name], target[name])
    }
    const groups = await readGroups(source.ledger, source.blocks, partition, groupEnds)
    await copyOpening(source, target, groupEnds[0] ?? 0)
    const cpuBefore = process.cpuUsage()
    const startedAt = performance.now()
    let projected = Promise.resolve()
    for (const group of groups) {
      for (const block of group.blocks) await append(target.blocks, block)
      projected = projected.then(() => project(target.ledger, partition, group))
    }
    await projected
    const seconds = (performance.now() - startedAt) / 1_000
    const { user, system } = process.cpuUsage(cpuBefore)
    const entries = groups.reduce((sum, { writes }) => sum + insertsOf(writes, 'operations'), 0)
    return {
      /** Until the last projected document was written. */
      entriesPerSecond: Math.round(entries / seconds),
      entries,
      batches: groups.reduce((sum, { blocks }) => sum + blocks.length, 0),
      /** Node's own CPU, 100 a core. */
      cpuPercent: Math.round((user + system) / 10_000 / seconds),
      /** The copy holds as many blocks and projected documents as its original. */
      isVerified: entries > 0 && (await isWhole(source, target)),
    }
  } finally {
    await client.close()
  }
}

export type RawRun = Awaited<ReturnType<typeof run>>

type Databases = { readonly ledger: Db; readonly blocks: Db }

const blocksOf = (client: mongoose.mongo.MongoClient, ledger: string): Db =>
  client.db(blocksDatabaseOf(ledger))

const insertsOf = (writes: readonly RawWrite[], name: string): number =>
  writes.find(({ collection }) => collection === name)?.inserts.length ?? 0

const copyShape = async (source: Db, target: Db): Promise<void> => {
  for (const { name } of await source.listCollections({}, { nameOnly: true }).toArray()) {
    const collection = await target.createCollection(name)
    for (const { key, v: _, name: index, ...options } of await source.collection(name).indexes()) {
      if (index !== '_id_') await collection.createIndex(key, options, {})
    }
  }
}

/** Copies everything before the first group: the shop's opening, which is not measured. */
const copyOpening = async (source: Databases, target: Databases, last: number): Promise<void> => {
  const copy = async (from: Db, to: Db, name: string, filter: object) => {
    const found = await from.collection(name).find(filter).toArray()
    if (found.length > 0) await to.collection(name).insertMany(found)
  }
  await copy(source.blocks, target.blocks, 'blocks', { '_id.n': { $lte: last } })
  for (const name of projectionNames) {
    await copy(source.ledger, target.ledger, name, { position: { $lte: last } })
  }
  const positions = await source.ledger.collection('projection_positions').find().toArray()
  for (const { _id } of positions) {
    await target.ledger
      .collection('projection_positions')
      .insertOne({ _id, n: new mongoose.mongo.Int32(last) })
  }
}

const append = async (db: Db, block: Raw): Promise<void> => {
  await command(db, { insert: 'blocks', documents: [block], writeConcern: durable })
}

const project = async (db: Db, partition: number, group: RawGroup): Promise<void> => {
  await Promise.all(
    projectionNames.map(async (name) => {
      const write = group.writes.find(({ collection }) => collection === name)
      if (write !== undefined) await writeGroup(db, write)
      await command(db, {
        update: 'projection_positions',
        updates: [
          {
            q: { _id: { p: partition, projection: name }, n: group.from },
            u: { $set: { n: group.to } },
          },
        ],
        writeConcern: majority,
      })
    }),
  )
}

const writeGroup = async (
  db: Db,
  { collection, inserts, replacements }: RawWrite,
): Promise<void> => {
  for (const documents of chunksOf(inserts)) {
    await command(db, { insert: collection, documents, writeConcern: majority })
  }
  for (const chunk of chunksOf(replacements)) {
    const updates = chunk.map(({ _id, ...fields }) => ({
      q: { _id, position: { $lt: fields.position } },
      u: fields,
      upsert: true,
    }))
    await command(db, { update: collection, updates, writeConcern: majority })
  }
}

const command = async (db: Db, order: mongoose.mongo.BSON.Document): Promise<void> => {
  const { writeErrors } = await db.command({ ...order, ordered: false })
  if (writeErrors !== undefined) throw new Error(JSON.stringify(writeErrors).slice(0, 500))
}

const chunksOf = <Each>(documents: readonly Each[]): readonly (readonly Each[])[] =>
  Array.from({ length: Math.ceil(documents.length / documentsPerCommandMax) }, (_, chunk) =>
    documents.slice(chunk * documentsPerCommandMax, (chunk + 1) * documentsPerCommandMax),
  )

const isWhole = async (source: Databases, target: Databases): Promise<boolean> => {
  const places = [
    ['blocks', 'blocks'],
    ...projectionNames.map((name) => ['ledger', name] as const),
  ] as const
  for (const [database, name] of places) {
    const [stored, original] = await Promise.all(
      [target, source].map((each) => each[database].collection(name).countDocuments()),
    )
    if (stored !== original) return false
  }
  return true
}
