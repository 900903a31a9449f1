import { blocksDatabaseOf, partitionCount, projectionNames } from '@recargas/contracts'
import mongoose from 'mongoose'
import { newestPositions, type LedgerDb } from '../runner/ledger-database.ts'
import type {
  ProjectedAccount,
  ProjectionPosition,
  Projections,
  StoredLine,
  StoredTopup,
} from './facts.ts'
import { behind, textOfLine, textOfOperation } from './oracle-log.ts'
import { idsIn, readBlocks } from './read-blocks.ts'

const { MongoClient } = mongoose.mongo
type Db = LedgerDb

const selectionTimeoutMs = 5_000

/** The ledger's databases, read as they are stored: by a majority, on the primary. */
export type LedgerReader = {
  /** The projections, and the collections that blocks cannot rebuild. */
  readonly db: Db
  /** The log. */
  readonly blocks: Db
  readonly close: () => Promise<void>
}

export const openLedgerReader = async (uri: string): Promise<LedgerReader> => {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: selectionTimeoutMs,
    socketTimeoutMS: selectionTimeoutMs * 4,
    readPreference: 'primary',
    readConcern: { level: 'majority' },
  })
  await client.connect()
  const db = client.db()
  return {
    db,
    blocks: client.db(blocksDatabaseOf(db.databaseName)),
    close: () => client.close(true),
  }
}

const topupOf = ({ id, phone, carrierAmount, state, releaseReason }: StoredTopup): StoredTopup => ({
  id,
  phone,
  carrierAmount,
  state,
  releaseReason,
})

type GenerationDocument = { readonly _id: string; readonly current: number | null }

/** The generation of each projection that is read; those that were never rebuilt are in their first. */
const readGenerations = async (db: Db): Promise<(projection: string) => number> => {
  const found = await db.collection<GenerationDocument>('projection_generations').find().toArray()
  const current = new Map(found.map(({ _id, current: generation }) => [_id, generation]))
  return (projection) => current.get(projection) ?? 1
}

/** Collections of the generations that are read: two take turns. */
const readPlaces = async (db: Db): Promise<(projection: string) => string> => {
  const generationOf = await readGenerations(db)
  return (projection) => (generationOf(projection) % 2 === 1 ? projection : `${projection}_b`)
}

export const currentCollection = async (db: Db, projection: string): Promise<string> =>
  (await readPlaces(db))(projection)

/** The position that each projection stands at in each partition: to be read before its documents. */
export const readPositions = async (db: Db): Promise<readonly ProjectionPosition[]> => {
  const generationOf = await readGenerations(db)
  const nameOf = (projection: string) =>
    generationOf(projection) === 1 ? projection : `${projection}/${generationOf(projection)}`
  const found = await db
    .collection<{ _id: { projection: string; p: number }; n: number }>('projection_positions')
    .find()
    .toArray()
  const known = new Map(found.map(({ _id, n }) => [`${_id.projection}/${_id.p}`, n]))
  return projectionNames.flatMap((projection) =>
    Array.from({ length: partitionCount }, (_, partition) => ({
      projection,
      partition,
      position: known.get(`${nameOf(projection)}/${partition}`) ?? -1,
    })),
  )
}

type AccountDocument = Omit<ProjectedAccount, 'id' | 'partition'> & {
  readonly _id: string
  readonly p: number
}

const accountPrefix = 'account/'

export const readAccounts = async (db: Db): Promise<ProjectedAccount[]> => {
  const placeOf = await readPlaces(db)
  const found = await db
    .collection<AccountDocument>(placeOf('balances'))
    .find({ is: 'account' } as never)
    .toArray()
  return found.map(({ _id, p, posted, reserved, incoming, position }) => ({
    id: _id.slice(accountPrefix.length),
    partition: p,
    posted,
    reserved,
    incoming,
    position,
  }))
}

type OperationDocument = {
  readonly _id: { readonly p: number; readonly n: number; readonly i: number }
  readonly entry: string
  readonly kind: string
}
/** An amount of 0 is left out. */
type Amounts = Partial<StoredLine['after']>
type LinesDocument = {
  readonly _id: { readonly account: string; readonly n: number }
  readonly lines: readonly (Amounts & { readonly i: number; readonly after: Amounts })[]
}
type ShownDocument = { readonly _id: string; readonly position: number }

/** Everything that the projections show, once the log rests. */
export const readProjections = async (db: Db): Promise<Projections> => {
  const positions = await readPositions(db)
  const placeOf = await readPlaces(db)
  const topups = await db
    .collection<Omit<StoredTopup, 'id'> & ShownDocument>(placeOf('sales'))
    .find()
    .toArray()
  const operations = await db.collection<OperationDocument>(placeOf('operations')).find().toArray()
  const lines = await db.collection<LinesDocument>(placeOf('statement_lines')).find().toArray()
  return {
    positions,
    accounts: await readAccounts(db),
    topups: topups.map(({ _id, position, ...topup }) => ({
      ...topupOf({ ...topup, id: _id }),
      position,
    })),
    operations: operations.map(({ _id, kind, entry }) => textOfOperation(_id, { kind, id: entry })),
    lines: lines.flatMap(({ _id, lines: ofAccount }) =>
      ofAccount.map((line) =>
        textOfLine({
          account: _id.account,
          position: _id.n,
          index: line.i,
          amounts: [...amountsOf(line), ...amountsOf(line.after)],
        }),
      ),
    ),
    shown: [
      ...(await shownIn(db, 'balances', { is: 'merchant' })),
      ...(await shownIn(db, 'cash')),
      ...(await shownIn(db, 'injections')),
      ...(await shownIn(db, 'cases')),
    ],
  }
}

const amountsOf = ({ posted = 0, reserved = 0, incoming = 0 }: Amounts) => [
  posted,
  reserved,
  incoming,
]

const shownIn = async (db: Db, projection: string, filter: object = {}) => {
  const placeOf = await readPlaces(db)
  const found = await db.collection<ShownDocument>(placeOf(projection)).find(filter).toArray()
  return found.map(({ _id, position }) => ({ projection, id: _id, position }))
}

export const areInLog = async ({ blocks }: LedgerReader, ids: readonly string[]) => {
  const known = idsIn(await readBlocks(blocks, new Map()))
  return ids.every((id) => known.has(id))
}

/** Sales that are neither final nor in review; null while a projection stands behind the log. */
export const countUnsettled = async ({ db, blocks }: LedgerReader): Promise<number | null> => {
  const newest = new Map((await newestPositions(blocks)).map((position, p) => [p, position]))
  if (behind(newest, await readPositions(db)).length > 0) return null
  const placeOf = await readPlaces(db)
  return db.collection(placeOf('sales')).countDocuments({ state: 'reserved' })
}

/** Stored copies of dead letters, where something stores them; as text, to be searched. */
export const readQuarantine = async (db: Db): Promise<string[]> => {
  const names = await db.listCollections({}, { nameOnly: true }).toArray()
  const texts: string[] = []
  for (const { name } of names) {
    if (!name.startsWith('quarantine')) continue
    const found = await db.collection(name).find({}, { promoteBuffers: true }).toArray()
    for (const document of found) texts.push(textOf(document))
  }
  return texts
}

/** Bodies are kept as bytes. */
const textOf = (document: object): string =>
  JSON.stringify(document, (_key, value: unknown) => {
    const isBuffer =
      typeof value === 'object' && value !== null && 'type' in value && value.type === 'Buffer'
    return isBuffer && 'data' in value && Array.isArray(value.data)
      ? Buffer.from(value.data as number[]).toString('utf8')
      : value
  })
