import { blocksDatabaseOf, partitionCount, projectionNames } from '@recargas/contracts'
import mongoose from 'mongoose'
import { blocksOf, newestPositions, type LedgerDb } from '../runner/ledger-database.ts'
import type {
  ProjectedAccount,
  ProjectionPosition,
  Projections,
  StoredBlock,
  StoredEntry,
  StoredLine,
  StoredTopup,
} from './facts.ts'
import { behind, textOfLine, textOfOperation } from './oracle-log.ts'

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

type BlockDocument = {
  readonly _id: { readonly p: number; readonly n: number }
  readonly kind: string
  readonly birth: string
  readonly epoch: number
  readonly owner: string
  readonly at: Date
  readonly prev: string
  readonly hash: string
  readonly entries?: readonly string[]
}

/** Position of the last block that was read of each partition. */
export type Position = Map<number, number>

/** Blocks after a position, which is moved on, each partition's in order. */
export const readBlocks = async (db: Db, position: Position): Promise<StoredBlock[]> => {
  const blocks = db.collection<BlockDocument>('blocks')
  const read: StoredBlock[] = []
  for (let p = 0; p < partitionCount; p += 1) {
    const found = blocks.find(blocksOf(p, position.get(p))).sort({ _id: 1 })
    for await (const document of found) {
      position.set(p, document._id.n)
      read.push(blockOf(document))
    }
  }
  return read
}

const blockOf = ({ _id, at, prev, entries = [], ...rest }: BlockDocument): StoredBlock => ({
  partition: _id.p,
  position: _id.n,
  kind: rest.kind,
  birth: rest.birth,
  epoch: rest.epoch,
  owner: rest.owner,
  at: at.getTime(),
  previous: prev,
  hash: rest.hash,
  entries: entries.map(entryOf),
})

type EntryJson = {
  readonly id: string
  readonly kind: string
  readonly saleId: string | null
  readonly outcome: { readonly code?: string }
  readonly lines: readonly (readonly [string, ...number[]])[]
  readonly changes: {
    readonly merchants?: readonly (readonly [id: string, ...unknown[]])[]
    readonly topups?: readonly PackedTopup[]
    readonly injections?: readonly { readonly id: string }[]
    readonly cases?: readonly { readonly id: string }[]
    readonly cajas?: readonly OfMerchant[]
    readonly sessions?: readonly OfMerchant[]
  }
}
/** Values stand without the names of their fields, in the order of version 1. */
type OfMerchant = readonly [merchant: string, id: number, ...unknown[]]
type PackedTopup = readonly unknown[]
const placeInTopup = { id: 0, phone: 10, carrierAmount: 12, state: 16, releaseReason: 17 } as const

/** Entries are JSON: the very bytes that the block's hash covers. */
const entryOf = (text: string): StoredEntry => {
  const { id, kind, saleId, outcome, lines, changes } = JSON.parse(text) as EntryJson
  const { merchants = [], topups = [], injections = [], cases = [] } = changes
  const { cajas = [], sessions = [] } = changes
  return {
    id,
    kind,
    topupId: saleId,
    isRefusedByTime: kind === 'refuse' && outcome.code === 'EXPIRED',
    lines: lines.map(lineOf),
    topups: topups.map(unpackedTopup),
    changed: [
      ...merchants.map(([id]) => ({ projection: 'balances', id: `merchant/${id}` })),
      ...cajas.map(([merchant, id]) => ({ projection: 'cash', id: `caja/${merchant}/${id}` })),
      ...sessions.map(([merchant, id]) => ({
        projection: 'cash',
        id: `session/${merchant}/${id}`,
      })),
      ...injections.map((each) => ({ projection: 'injections', id: each.id })),
      ...cases.map((each) => ({ projection: 'cases', id: each.id })),
    ],
  }
}

const lineOf = ([account, ...amounts]: readonly [string, ...number[]]): StoredLine => {
  const [posted = NaN, reserved = NaN, incoming = NaN] = amounts
  const [postedAfter = NaN, reservedAfter = NaN, incomingAfter = NaN] = amounts.slice(3)
  return {
    account,
    posted,
    reserved,
    incoming,
    after: { posted: postedAfter, reserved: reservedAfter, incoming: incomingAfter },
  }
}

const unpackedTopup = (packed: PackedTopup): StoredTopup => {
  const places = Object.entries(placeInTopup).map(([field, place]) => [field, packed[place]])
  return Object.fromEntries(places) as StoredTopup
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

/** Ids of commands that the log has an entry of, other than a refusal by time. */
export const idsIn = (blocks: readonly StoredBlock[]): ReadonlySet<string> =>
  new Set(
    blocks.flatMap(({ entries }) =>
      entries.flatMap(({ id, isRefusedByTime }) => (isRefusedByTime ? [] : [id])),
    ),
  )

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
