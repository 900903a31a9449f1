import type mongoose from 'mongoose'
import { blocksCollection } from '../log/block-store.ts'
import { isStandalone, type Hello } from '../log/refuse-start.ts'
import { projections } from '../projections/all.ts'
import { balances } from '../projections/balances.ts'
import { cases } from '../projections/cases.ts'
import { cash } from '../projections/cash.ts'
import { injections } from '../projections/injections.ts'
import { operations } from '../projections/operations.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import type { ProjectionIndex } from '../projections/projection.ts'
import { sales } from '../projections/sales.ts'
import { statementLines } from '../projections/statement-lines.ts'
import type { Stray } from './log-records.ts'
import type { InUse } from './projection-source.ts'

type Db = mongoose.mongo.Db

export type LogDatabases = {
  readonly blocks: Db
  /** The ledger's own database: projections, and collections that blocks cannot rebuild. */
  readonly ledger: Db
}

/** A server without a replica set has no majority: whatever it acknowledged may be lost. */
export const standalone = (hello: Hello): readonly Stray[] =>
  isStandalone(hello)
    ? [{ id: 'mongod', detail: 'is a standalone: it keeps no majority, so no write is safe' }]
    : []

export const missingCollections = async (
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

export const missingIndexes = async (db: Db, { collection }: InUse): Promise<readonly Stray[]> => {
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
export const outsidePartitions = async (
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
