import { partitionCount, blocksDatabaseOf } from '@recargas/contracts'
import mongoose from 'mongoose'
import { createBlockStore, blocksCollection } from '../log/block-store.ts'
import { findBytes } from '../mongo/find-bytes.ts'
import { projections } from '../projections/all.ts'
import { balances } from '../projections/balances.ts'
import { cases } from '../projections/cases.ts'
import { cash } from '../projections/cash.ts'
import { createGenerationStore } from '../projections/generation-store.ts'
import {
  collectionOf,
  generationsOf,
  generationName,
  readableOf,
} from '../projections/generations.ts'
import { injections } from '../projections/injections.ts'
import { operations } from '../projections/operations.ts'
import type { Projection, ProjectionIndex } from '../projections/projection.ts'
import {
  createProjectionStore,
  positionsCollection,
  type PositionReads,
} from '../projections/projection-store.ts'
import { sales } from '../projections/sales.ts'
import { statementLines } from '../projections/statement-lines.ts'
import { findLedgerBirth } from './ledger-birth.ts'
import type { CountedKind, LogRecords, ProjectionSource, Stray } from './log-records.ts'
import { keyOf, keyOfId } from './stored-documents.ts'

type Db = mongoose.mongo.Db
const { deserialize } = mongoose.mongo.BSON

/** A database that is only read: it gets no collection, no index and no document. */
export type OpenedRecords = {
  readonly records: LogRecords
  readonly databases: LogDatabases
  readonly close: () => Promise<void>
}
export type LogDatabases = {
  readonly blocks: Db
  /** The ledger's own database: projections, and collections that blocks cannot rebuild. */
  readonly ledger: Db
}

const readTimeoutMs = 60_000

/** @param uri names the ledger's own database; its blocks lie in another one beside it */
export const openLogRecords = async (
  uri: string,
  connectTimeoutMs: number,
): Promise<OpenedRecords> => {
  const client = new mongoose.mongo.MongoClient(uri, {
    appName: 'recargas-verify',
    maxPoolSize: 12,
    serverSelectionTimeoutMS: connectTimeoutMs,
    readConcern: { level: 'majority' },
    readPreference: 'primary',
  })
  await client.connect()
  const ledger = client.db()
  const databases = { ledger, blocks: client.db(blocksDatabaseOf(ledger.databaseName)) }
  return { records: readLogRecords(databases), databases, close: () => client.close() }
}

/** The records of databases that are open already. */
export const readLogRecords = (databases: LogDatabases): LogRecords => {
  const blocks = createBlockStore(databases.blocks, { timeoutMs: readTimeoutMs })
  return {
    blocks,
    projections: projectionSource(databases.ledger),
    inspect: async () => {
      const inUse = await generationsInUse(databases.ledger)
      const strays = await missingCollections(databases, inUse)
      const birth = await findLedgerBirth(blocks)
      const partitions = birth?.partitions ?? partitionCount
      const hello = await databases.ledger.command({ hello: 1 })
      return {
        birth,
        partitions,
        doubled: [],
        blocks: await databases.blocks.collection(blocksCollection).estimatedDocumentCount(),
        strays: [
          ...standalone(hello),
          ...strays,
          ...(await missingIndexes(databases.ledger, inUse)),
          ...(await outside(databases, inUse, partitions)),
        ],
      }
    },
  }
}

/** The generation of each projection that is read (ADR 0031). */
type InUse = {
  readonly collection: (projection: string) => string
  /** The name of its positions. */
  readonly positions: (projection: string) => string
  /** @throws where it is read no more: it may have been dropped meanwhile */
  readonly check: (projection: string) => Promise<void>
}

const generationsInUse = async (ledger: Db): Promise<InUse> => {
  const store = createGenerationStore(ledger, { timeoutMs: readTimeoutMs })
  const known = await store.read()
  const currentOf = (projection: string) => generationsOf(known, projection).current ?? 1
  return {
    collection: (projection) => collectionOf(projection, currentOf(projection)),
    positions: (projection) => generationName(projection, currentOf(projection)),
    check: async (projection) => {
      const now = generationsOf(await store.read(), projection)
      if (now.current === null || readableOf(now).includes(currentOf(projection))) return
      throw new Error(`${projection} was rebuilt meanwhile: verify once more`)
    },
  }
}

/** A server without a replica set has no majority: whatever it acknowledged may be lost. */
export const standalone = (hello: {
  readonly setName?: unknown
  readonly msg?: unknown
}): readonly Stray[] =>
  hello.setName === undefined && hello.msg !== 'isdbgrid'
    ? [{ id: 'mongod', detail: 'is a standalone: it keeps no majority, so no write is safe' }]
    : []

const missingCollections = async (
  { blocks, ledger }: LogDatabases,
  inUse: InUse,
): Promise<Stray[]> => {
  const namesIn = async (db: Db) =>
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)
  const inBlocks = await namesIn(blocks)
  const inLedger = await namesIn(ledger)
  if (!inBlocks.includes(blocksCollection)) {
    const found = [...new Set([...inLedger, ...inBlocks])].sort().join(', ') || 'nothing'
    throw new Error(
      `${ledger.databaseName} holds no ledger: ${blocks.databaseName} has no ${blocksCollection}, it has ${found}`,
    )
  }
  return missingProjections(inLedger, inUse.collection)
}

/** Blocks without any projection are a whole ledger: a restore leaves the projections to the ledger that starts. */
export const missingProjections = (
  present: readonly string[],
  collectionIn: InUse['collection'] = (projection) => projection,
): Stray[] => {
  const wanted = [...projections.map(({ name }) => collectionIn(name)), positionsCollection]
  const missing = wanted.filter((name) => !present.includes(name))
  if (missing.length === wanted.length) return []
  return missing.map((name) => ({ id: name, detail: `no collection ${name}` }))
}

const missingIndexes = async (db: Db, { collection }: InUse): Promise<readonly Stray[]> => {
  const strays: Stray[] = []
  for (const { name: projection, indexes } of projections) {
    const name = collection(projection)
    const present = await db
      .collection(name)
      .indexes()
      .catch(() => null)
    if (present === null) continue
    const found = new Set(
      present.map(({ key, unique, partialFilterExpression }) =>
        indexText({
          fields: key as ProjectionIndex['fields'],
          options: {
            ...(unique === true ? { unique } : {}),
            ...(partialFilterExpression === undefined
              ? {}
              : {
                  partialFilterExpression: partialFilterExpression as object as Readonly<
                    Record<string, unknown>
                  >,
                }),
          },
        }),
      ),
    )
    for (const index of indexes) {
      const text = indexText(index)
      if (found.has(text)) continue
      const why = index.options?.unique === true ? ': a second effect would raise no alarm' : ''
      strays.push({ id: name, detail: `${name} has no index ${text}${why}` })
    }
  }
  return strays
}

const indexText = ({ fields, options }: ProjectionIndex): string => {
  const { unique, partialFilterExpression } = options ?? {}
  const keys = JSON.stringify(fields)
  const partial =
    partialFilterExpression === undefined ? '' : ` of ${JSON.stringify(partialFilterExpression)}`
  return `${unique === true ? 'unique ' : ''}${keys}${partial}`
}

const straysShownMax = 20

/** Documents of no partition. */
const outside = async (
  { blocks, ledger }: LogDatabases,
  { collection }: InUse,
  partitions: number,
): Promise<readonly Stray[]> => {
  const inside = Array.from({ length: partitions }, (_, partition) => partition)
  const nowhere = { p: { $not: { $in: inside } } }
  const outsideKeys = {
    $or: [{ _id: { $lt: { p: 0 } } }, { _id: { $gte: { p: partitions } } }],
  }
  const idsOf = async (db: Db, name: string, filter: object) => {
    const found = await db
      .collection(name)
      .find(filter, {
        projection: { _id: 1 },
        limit: straysShownMax,
        readConcern: { level: 'majority' },
      })
      .toArray()
    return found.map(({ _id }): Stray => ({
      id: typeof _id === 'object' ? JSON.stringify(_id) : String(_id),
      detail: `in ${name}, but of no partition`,
    }))
  }
  const each = await Promise.all([
    idsOf(blocks, blocksCollection, outsideKeys),
    idsOf(ledger, collection(statementLines.name), outsideKeys),
    ...[balances, cash, sales, operations, injections, cases].map(({ name }) =>
      idsOf(ledger, collection(name), nowhere),
    ),
    idsOf(ledger, positionsCollection, { '_id.p': { $not: { $in: inside } } }),
  ])
  return each.flat()
}

/** The projection of each kind of document; two projections hold two kinds. */
const kinds: readonly (readonly [CountedKind, Projection, is?: string])[] = [
  ['accounts', balances, 'account'],
  ['merchants', balances, 'merchant'],
  ['cajas', cash, 'caja'],
  ['sessions', cash, 'session'],
  ['sales', sales],
  ['injections', injections],
  ['cases', cases],
]
const operationsAtOnce = 4_000

const projectionSource = (
  db: Db,
  positionReads: PositionReads = createProjectionStore(db, { timeoutMs: readTimeoutMs }),
): ProjectionSource => {
  let known: Promise<InUse> | null = null
  /** A walk compares one generation, as it stood at its begin. */
  const inUse = () => (known ??= generationsInUse(db))
  return {
    begin: async (partition) => {
      const { collection, positions: positionsName } = await inUse()
      const names = projections.map(({ name }) => name)
      const shown = await positionReads.positionsOf(partition, names.map(positionsName))
      const positions = new Map(names.map((name) => [name, shown.get(positionsName(name)) ?? -1]))
      const counts = await Promise.all([
        ...kinds.map(async ([kind, { name }, is]) => {
          const filter = { p: partition, ...(is === undefined ? {} : { is }) }
          return [kind, await count(db, collection(name), filter)] as const
        }),
        (async () =>
          [
            'statement lines',
            await count(db, collection(statementLines.name), keysOf(partition)),
          ] as const)(),
      ])
      const [newest] = await db
        .collection<{ readonly _id: { readonly n: number } }>(collection(operations.name))
        .find(keysOf(partition) as never, { readConcern: { level: 'majority' } })
        .sort({ _id: -1 })
        .limit(1)
        .toArray()
      for (const name of names) await (await inUse()).check(name)
      return { positions, counts: new Map(counts), newestOperation: newest?._id.n ?? -1 }
    },
    byIds: async (projection, ids) => {
      const found: Uint8Array[] = []
      const { collection, check } = await inUse()
      // A reply that is full holds fewer than there are: the rest is asked for again.
      for (let missing = ids; missing.length > 0;) {
        const filter = { _id: { $in: missing } }
        const query = { find: collection(projection), filter, limit: missing.length }
        const more = await findBytes({ db, session: undefined }, query)
        found.push(...more)
        if (more.length === 0 || more.length === missing.length) break
        const known = new Set(more.map(keyOf))
        missing = missing.filter((id) => !known.has(keyOfId(id)))
      }
      await check(projection)
      return found
    },
    operations: async (p, { from, to }) => {
      const found: Uint8Array[] = []
      const { collection, check } = await inUse()
      for (let after: object = { $gte: { p, n: from } }; ;) {
        const filter = { _id: { ...after, $lt: { p, n: to + 1 } } }
        const more = await findBytes(
          { db, session: undefined },
          { find: collection(operations.name), filter, sort: { _id: 1 }, limit: operationsAtOnce },
        )
        found.push(...more)
        const last = more.at(-1)
        if (last === undefined || more.length < operationsAtOnce) {
          // A reply of many bytes ends before its limit.
          if (last === undefined || bytesIn(more) < replyBytesMax) {
            await check(operations.name)
            return found
          }
        }
        after = { $gt: deserialize(last)['_id'] as object }
      }
    },
  }
}

const replyBytesMax = 8 * 1024 * 1024
const bytesIn = (documents: readonly Uint8Array[]): number =>
  documents.reduce((sum, { length }) => sum + length, 0)

const keysOf = (partition: number) => ({
  _id: { $gte: { p: partition }, $lt: { p: partition + 1 } },
})

const count = (db: Db, collection: string, filter: object): Promise<number> =>
  db.collection(collection).countDocuments(filter, { readConcern: { level: 'majority' } })
