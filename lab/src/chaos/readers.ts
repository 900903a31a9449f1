import { blocksDatabaseOf } from '@recargas/contracts'
import mongoose from 'mongoose'
import { z } from 'zod'
import {
  isProjected,
  openProjections,
  readPositions,
  type LedgerDb,
} from '../runner/ledger-database.ts'
import type { Balances, ProjectedAccount, Projections, StoredTopup } from './facts.ts'
import { textOfLine, textOfOperation } from './oracle-log.ts'
import { idsIn, readBlocks } from './read-blocks.ts'

const selectionTimeoutMs = 5_000

/** The ledger's databases, read as they are stored: by a majority, on the primary. */
export type LedgerReader = Awaited<ReturnType<typeof openLedgerReader>>

export const openLedgerReader = async (uri: string) => {
  const client = new mongoose.mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: selectionTimeoutMs,
    socketTimeoutMS: selectionTimeoutMs * 4,
    readPreference: 'primary',
    readConcern: { level: 'majority' },
  })
  await client.connect()
  const db = client.db()
  return {
    /** The projections, and the collections that blocks cannot rebuild. */
    db,
    /** The log. */
    blocks: client.db(blocksDatabaseOf(db.databaseName)),
    close: () => client.close(true),
  }
}

type ShownDocument = { readonly _id: string; readonly position: number }
type AccountDocument = ShownDocument & Balances & { readonly p: number }

const accountPrefix = 'account/'

export const readAccounts = async (db: LedgerDb): Promise<ProjectedAccount[]> => {
  const { read } = await openProjections(db)
  const found = await read<AccountDocument>('balances', { is: 'account' })
  return found.map(({ _id, p: partition, posted, reserved, incoming, position }) => {
    const id = _id.slice(accountPrefix.length)
    return { id, partition, posted, reserved, incoming, position }
  })
}

type TopupDocument = ShownDocument & Omit<StoredTopup, 'id'>
type OperationDocument = {
  readonly _id: { readonly p: number; readonly n: number; readonly i: number }
  readonly entry: string
  readonly kind: string
}
/** An amount of 0 is left out. */
type Amounts = Partial<Balances>
type LinesDocument = {
  readonly _id: { readonly account: string; readonly n: number }
  readonly lines: readonly (Amounts & { readonly i: number; readonly after: Amounts })[]
}

/** Everything that the projections show, once the log rests. */
export const readProjections = async (db: LedgerDb): Promise<Projections> => {
  const positions = await readPositions(db)
  const { read } = await openProjections(db)
  const topups = await read<TopupDocument>('sales')
  const operations = await read<OperationDocument>('operations')
  const lines = await read<LinesDocument>('statement_lines')
  const shownIn = async (projection: string, filter?: object) => {
    const found = await read<ShownDocument>(projection, filter)
    return found.map(({ _id, position }) => ({ projection, id: _id, position }))
  }
  return {
    positions,
    accounts: await readAccounts(db),
    topups: topups.map(({ _id, phone, carrierAmount, state, releaseReason, position }) => {
      return { id: _id, phone, carrierAmount, state, releaseReason, position }
    }),
    operations: operations.map(({ _id, kind, entry }) => textOfOperation(_id, { kind, id: entry })),
    lines: lines.flatMap(({ _id: { account, n: position }, lines: ofAccount }) =>
      ofAccount.map(({ i: index, after, ...line }) =>
        textOfLine({ account, position, index, amounts: [line, after].flatMap(amountsOf) }),
      ),
    ),
    shown: [
      ...(await shownIn('balances', { is: 'merchant' })),
      ...(await shownIn('cash')),
      ...(await shownIn('injections')),
      ...(await shownIn('cases')),
    ],
  }
}

const amountsOf = ({ posted = 0, reserved = 0, incoming = 0 }: Amounts) => [
  posted,
  reserved,
  incoming,
]

export const areInLog = async ({ blocks }: LedgerReader, ids: readonly string[]) => {
  const known = idsIn(await readBlocks(blocks, new Map()))
  return ids.every((id) => known.has(id))
}

/** Sales that are neither final nor in review; null while a projection stands behind the log. */
export const countUnsettled = async ({ db, blocks }: LedgerReader): Promise<number | null> => {
  if (!(await isProjected(db, blocks))) return null
  const { collectionOf } = await openProjections(db)
  return collectionOf('sales').countDocuments({ state: 'reserved' })
}

/** The stored copies of dead letters, as text to be searched. */
export const readQuarantine = async (db: LedgerDb): Promise<string[]> => {
  const names = await db.listCollections({}, { nameOnly: true }).toArray()
  const texts: string[] = []
  for (const { name } of names) {
    if (!name.startsWith('quarantine')) continue
    const found = await db.collection(name).find({}, { promoteBuffers: true }).toArray()
    for (const document of found) texts.push(textOf(document))
  }
  return texts
}

const Bytes = z.object({ type: z.literal('Buffer'), data: z.array(z.int()) })

/** Bodies are kept as bytes. */
const textOf = (document: object): string =>
  JSON.stringify(document, (_key, value: unknown) => {
    const { data: bytes } = Bytes.safeParse(value)
    return bytes === undefined ? value : Buffer.from(bytes.data).toString('utf8')
  })
