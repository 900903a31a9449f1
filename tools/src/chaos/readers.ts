import { partitionCount } from '@recargas/contracts'
import mongoose from 'mongoose'
import type { StoredAccount, StoredEntry, StoredTopup } from './facts.ts'

const { MongoClient } = mongoose.mongo
type Db = mongoose.mongo.Db
type ClientSession = mongoose.mongo.ClientSession

const selectionTimeoutMs = 5_000

/** The ledger's database, read as it is stored. */
export type LedgerReader = {
  readonly db: Db
  /** Reads at one moment. */
  readonly atOnce: <Result>(read: (session: ClientSession) => Promise<Result>) => Promise<Result>
  readonly close: () => Promise<void>
}

export const openLedgerReader = async (uri: string): Promise<LedgerReader> => {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: selectionTimeoutMs,
    socketTimeoutMS: selectionTimeoutMs * 4,
    // No level is named here: it would take the place of a session's own, and reads at one moment would be at two.
    readPreference: 'primary',
  })
  await client.connect()
  return {
    db: client.db(),
    atOnce: async (read) => {
      const session = client.startSession({ snapshot: true })
      try {
        return await read(session)
      } finally {
        await session.endSession()
      }
    },
    close: () => client.close(true),
  }
}

type AccountDocument = Omit<StoredAccount, 'id'> & { readonly _id: string }

const accountPrefix = 'account/'

export const readAccounts = async (db: Db, session?: ClientSession): Promise<StoredAccount[]> => {
  const found = await db
    .collection<AccountDocument>('state')
    .find({ _id: { $regex: `^${accountPrefix}` } }, within(session))
    .toArray()
  return found.map(({ _id, kind, posted, reserved, incoming }) => ({
    id: _id.slice(accountPrefix.length),
    kind,
    posted,
    reserved,
    incoming,
  }))
}

type EntryDocument = {
  readonly _id: string
  readonly p: number
  readonly seq: number
  readonly kind: string
  readonly topupId?: string
  readonly lines: StoredEntry['lines']
}

/** How far each partition's journal has been read. */
export type Position = Map<number, number>

/** Entries after a position, which is moved on, each partition's in order. */
export const readEntries = async (
  db: Db,
  position: Position,
  session?: ClientSession,
): Promise<StoredEntry[]> => {
  const journal = db.collection<EntryDocument>('journal')
  const read: StoredEntry[] = []
  for (let p = 0; p < partitionCount; p += 1) {
    const after = position.get(p) ?? 0
    const found = journal.find({ p, seq: { $gt: after } }, within(session)).sort({ seq: 1 })
    for await (const { _id, seq, kind, topupId, lines } of found) {
      position.set(p, seq)
      read.push({ id: _id, kind, topupId: topupId ?? null, lines })
    }
  }
  return read
}

type TopupDocument = Omit<StoredTopup, 'id'> & { readonly _id: string }

export const readTopups = async (db: Db): Promise<StoredTopup[]> => {
  const found = await db.collection<TopupDocument>('topups').find().toArray()
  return found.map(({ _id, phone, carrierAmount, state, releaseReason }) => ({
    id: _id,
    phone,
    carrierAmount,
    state,
    releaseReason,
  }))
}

export const areInJournal = async (db: Db, ids: readonly string[]): Promise<boolean> =>
  (await db.collection<EntryDocument>('journal').countDocuments({ _id: { $in: [...ids] } })) ===
  ids.length

/** Sales that are neither final nor in review. */
export const countUnsettled = (db: Db): Promise<number> =>
  db.collection('topups').countDocuments({ state: 'reserved' })

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

const within = (session: ClientSession | undefined) => (session === undefined ? {} : { session })
