import mongoose from 'mongoose'
import { blocksCollection } from '../log/block-store.ts'
import { projections } from '../projections/all.ts'
import { collectionOf } from '../projections/generations.ts'
import { positionsCollection } from '../projections/projection-store.ts'
import { statementLines } from '../projections/statement-lines.ts'

/** The field that a sharded collection is split by; the ids of three collections begin with the partition. */
export const shardKeys: ReadonlyMap<string, 'p' | '_id'> = new Map([
  [blocksCollection, '_id'],
  [positionsCollection, '_id'],
  ...projections.flatMap(({ name }) =>
    [1, 2].map(
      (generation) =>
        [collectionOf(name, generation), name === statementLines.name ? '_id' : 'p'] as const,
    ),
  ),
])

/** Queries that ask every shard on purpose, by source file; none is on the way of a sale or of a till's read. */
const asksEveryShard: Readonly<Record<string, string>> = {
  'log/refuse-start.ts': 'at the start: any document at all beside an empty log',
  'audit/find-strays.ts': 'the proof: documents of no partition',
  'audit/stored-records.ts': 'the proof: the number of blocks, from the metadata',
  'audit/dump.ts': 'a backup: every block there is',
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

const isPartition = (value: unknown): boolean => typeof value === 'number'
const isOneOf = (value: unknown, isOne: (each: unknown) => boolean): boolean =>
  isOne(value) ||
  (isFields(value) && Array.isArray(value['$in']) && value['$in'].every((each) => isOne(each)))

/** An id that begins with its partition. */
const isPlace = (value: unknown): boolean =>
  isFields(value) && Object.keys(value)[0] === 'p' && isPartition(value['p'])
const isRange = (value: unknown): boolean =>
  isFields(value) &&
  isPlace(value['$gt'] ?? value['$gte']) &&
  isPlace(value['$lt'] ?? value['$lte'])

/** True where a router needs to ask only the shards of the partitions that the filter names. */
export const namesPartition = (key: 'p' | '_id', filter: unknown): boolean => {
  if (!isFields(filter)) return false
  return key === 'p'
    ? isOneOf(filter['p'], isPartition)
    : isOneOf(filter['_id'], isPlace) || isRange(filter['_id'])
}

/** Filters of a method's call; those of documents that it inserts are the documents. */
const filtersOf: Readonly<Record<string, (...given: readonly unknown[]) => readonly unknown[]>> = {
  find: (filter) => [filter],
  findOne: (filter) => [filter],
  countDocuments: (filter) => [filter],
  estimatedDocumentCount: () => [null],
  distinct: (_, filter) => [filter],
  aggregate: (stages) => [(stages as readonly Fields[])[0]?.['$match']],
  insertOne: (document) => [document],
  insertMany: (documents) => documents as readonly unknown[],
  bulkWrite: () => [null],
  ...Object.fromEntries(
    [
      'updateOne',
      'updateMany',
      'replaceOne',
      'deleteOne',
      'deleteMany',
      'findOneAndUpdate',
      'findOneAndReplace',
      'findOneAndDelete',
    ].map((name) => [name, (filter: unknown) => [filter]]),
  ),
}

/** The collection and the filters of a bare command. */
const commandOf = (command: Fields): readonly [string, readonly unknown[]] | null => {
  const [name = '', collection] = Object.entries(command)[0] ?? []
  const list = (field: string) => (command[field] ?? []) as readonly Fields[]
  const filters = {
    find: () => [command['filter']],
    insert: () => list('documents'),
    update: () => list('updates').map(({ q }) => q),
    delete: () => list('deletes').map(({ q }) => q),
    aggregate: () => [list('pipeline')[0]?.['$match']],
    count: () => [command['query']],
    distinct: () => [command['query']],
  }[name]
  return filters === undefined ? null : [String(collection), filters()]
}

const sources = new URL('..', import.meta.url).pathname

/** The file of the ledger that calls the driver; null for a test's own look at the database. */
const callerOf = (stack: string): string | null => {
  const line = stack
    .split('\n')
    .slice(1)
    .find((each) => !each.includes('watch-queries') && !/node_modules|node:/.test(each))
  const file = line?.split(sources)[1]?.replace(/:\d+:\d+\)?$/, '')
  return file === undefined || /\.test\.ts$|^testing\/|^bench\//.test(file) ? null : file
}

const untargeted = new Set<string>()
let isWatching = false

const judge = (collection: string, filters: readonly unknown[]): void => {
  const key = shardKeys.get(collection)
  if (key === undefined || filters.every((filter) => namesPartition(key, filter))) return
  const file = callerOf(new Error().stack ?? '')
  if (file === null || file in asksEveryShard) return
  untargeted.add(`${file}: ${collection} ${JSON.stringify(filters.slice(0, 1))}`)
}

/** Judges every command that the ledger's own files give to the driver from now on. */
export const watchQueries = (): void => {
  if (isWatching) return
  isWatching = true
  const { Collection, Db } = mongoose.mongo
  const methods = Collection.prototype as unknown as Record<string, (...given: never[]) => unknown>
  for (const [name, filters] of Object.entries(filtersOf)) {
    const method = methods[name]
    if (method === undefined) continue
    methods[name] = function (this: mongoose.mongo.Collection, ...given: never[]) {
      judge(this.collectionName, filters(...given))
      return method.apply(this, given)
    }
  }
  // eslint-disable-next-line @typescript-eslint/unbound-method -- applied to its own database below
  const { command } = Db.prototype
  Db.prototype.command = function (...given) {
    const found = commandOf(given[0])
    if (found !== null) judge(...found)
    return command.apply(this, given)
  }
}

/** @throws where the ledger's own files gave the driver a command that names no partition */
export const assertTargeted = (): void => {
  if (untargeted.size === 0) return
  throw new Error(`queries that would ask every shard:\n${[...untargeted].join('\n')}`)
}
