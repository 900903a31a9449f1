import { partitionCount } from '@recargas/contracts'
import mongoose from 'mongoose'
import {
  derivedKinds,
  type DerivedKind,
  type LedgerRecords,
  type LedgerSource,
  type ReadEntry,
  type Stray,
} from '../verify/ledger-source.ts'
import type { Collections, OutboxDocument } from './collections.ts'
import {
  headId,
  sessionOf,
  stateId,
  stateKinds,
  topupOf,
  type SessionDocument,
  type TopupDocument,
} from './documents.ts'
import { findBytes, type Found } from './find-bytes.ts'
import { headOf, type HeadDocument } from './journal-documents.ts'
import { keptIn, ledgerCollections } from './kept-in.ts'
import { readEntryOf } from './read-entry.ts'
import { differencesFrom, idOfBytes, type StoredBytes } from './stored-differences.ts'
import { unsentOf } from './unsent-documents.ts'

type Db = mongoose.mongo.Db
type Session = mongoose.mongo.ClientSession

/** A database that is only read: it gets no collection, no index and no document. */
export type OpenedRecords = {
  readonly records: LedgerRecords
  readonly db: Db
  readonly close: () => Promise<void>
}

export const openLedgerRecords = async (
  uri: string,
  connectTimeoutMs: number,
): Promise<OpenedRecords> => {
  const client = new mongoose.mongo.MongoClient(uri, {
    appName: 'recargas-verify',
    maxPoolSize: 4,
    serverSelectionTimeoutMS: connectTimeoutMs,
    readConcern: { level: 'majority' },
    readPreference: 'primary',
  })
  await client.connect()
  const db = client.db()
  return { records: recordsOf(client, db), db, close: () => client.close() }
}

/** The records of a ledger that is open already. */
export const readRecords = ({ journal }: Pick<Collections, 'journal'>): LedgerRecords =>
  recordsOf(journal.db.client, journal.db)

const recordsOf = (client: mongoose.mongo.MongoClient, db: Db): LedgerRecords => ({
  identity: () => identityOf(db),
  live: sourceOf(withConcern(client, db, 'majority'), undefined),
  atOneInstant: (use) =>
    client.withSession({ snapshot: true }, async (session) => {
      const source = sourceOf(withConcern(client, db, 'snapshot'), session)
      // The first read chooses the instant; several at once would each choose one of their own.
      await source.head(0)
      return use(source)
    }),
})

const withConcern = (
  client: mongoose.mongo.MongoClient,
  { databaseName }: Db,
  level: 'majority' | 'snapshot',
): Db => client.db(databaseName, { readConcern: new mongoose.mongo.ReadConcern(level) })

const neededIndexes = [
  [
    'journal',
    'p_1_seq_1',
    'the journal cannot be walked in order, and a sequence may be given twice',
  ],
  ['journal', 'resolves_1', 'a reservation may end twice'],
] as const

const identityOf = async (db: Db): ReturnType<LedgerRecords['identity']> => {
  const present = new Set(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name),
  )
  if (!present.has('journal') && !present.has('state')) {
    const found = [...present].sort().join(', ') || 'nothing'
    throw new Error(`${db.databaseName} holds no ledger: it has ${found}`)
  }
  const lacks = ledgerCollections
    .filter((name) => !present.has(name))
    .map((name) => `no collection ${name}`)
  if (present.has('journal')) {
    const indexes = await db.collection('journal').indexes()
    const unique = new Set(indexes.filter((index) => index.unique).map(({ name }) => name))
    for (const [collection, name, why] of neededIndexes) {
      if (!unique.has(name)) lacks.push(`${collection} has no unique index ${name}: ${why}`)
    }
  }
  const identity = await db.collection<{ _id: string; namespace?: unknown }>('identity').findOne({})
  if (identity?._id !== 'ledger' || typeof identity.namespace !== 'string') {
    lacks.push('no identity: the ids that clients may repeat cannot be derived any more')
  }
  const namespace = identity?.namespace
  return { name: typeof namespace === 'string' ? namespace : db.databaseName, lacks }
}

const sourceOf = (db: Db, session: Session | undefined): LedgerSource => {
  const inSession = session === undefined ? {} : { session }
  const stored: StoredBytes = async (kind, ids) => {
    const found: Uint8Array[] = []
    // A reply that is full holds fewer than there are: the rest is asked for again.
    for (let missing = ids; missing.length > 0;) {
      const filter = { _id: { $in: missing } }
      const more = await findBytes(
        { db, session },
        {
          find: keptIn[kind].in,
          filter,
          limit: missing.length,
        },
      )
      if (more.length === 0) break
      found.push(...more)
      const known = new Set(more.map(idOfBytes))
      missing = missing.filter((id) => !known.has(id))
    }
    return found
  }
  return {
    head: async (partition) => {
      const head = await db
        .collection<HeadDocument>('state')
        .findOne({ _id: headId(partition), is: 'head', p: partition }, inSession)
      return head === null ? null : headOf(head)
    },
    entries: (partition, after, upTo) => readEntries({ db, session }, partition, after, upTo),
    topups: async (ids) => {
      const found = await db
        .collection<TopupDocument>('topups')
        .find({ _id: { $in: [...ids] } }, inSession)
        .toArray()
      return found.map(topupOf)
    },
    sessions: async (keys) => {
      const found = await db
        .collection<SessionDocument>('state')
        .find({ _id: { $in: keys.map((key) => stateId('session', key)) } }, inSession)
        .toArray()
      return found.map(sessionOf)
    },
    differences: (partition, expected) => differencesFrom(stored, partition, expected),
    counts: async (partition) => {
      const counts = await Promise.all(
        derivedKinds.map(async (kind) => {
          const { in: collection, is } = keptIn[kind]
          const filter = { p: partition, ...(is === undefined ? {} : { is }) }
          const count = await db.collection(collection).countDocuments(filter, inSession)
          return [kind, count] as const
        }),
      )
      return Object.fromEntries(counts) as Record<DerivedKind, number>
    },
    unsent: () => readUnsent(db, inSession),
    strays: (heads) => straysOf(db, inSession, heads),
  }
}

type InSession = { readonly session?: Session }

/** Few enough to stay among the young objects of the heap. */
const entriesAtOnce = 300

const readEntries = async function* (
  from: Found,
  partition: number,
  after: number,
  upTo: number,
): AsyncGenerator<readonly ReadEntry[]> {
  if (upTo <= after) return
  const read = (last: number) =>
    findBytes(from, {
      find: 'journal',
      filter: { p: partition, seq: { $gt: last, $lte: upTo } },
      sort: { seq: 1 },
      limit: entriesAtOnce,
    })
  let bytes = await read(after)
  while (bytes.length > 0) {
    const entries = bytes.map(readEntryOf)
    const last = entries.at(-1)?.seq ?? upTo
    // Asked for before the handful is used: the database works while the replay does.
    const next = last >= upTo ? Promise.resolve([]) : read(last)
    next.catch(() => undefined)
    yield entries
    bytes = await next
  }
}

const readUnsent: (db: Db, inSession: InSession) => ReturnType<LedgerSource['unsent']> =
  async function* (db, inSession) {
    for await (const stored of db.collection<OutboxDocument>('outbox').find({}, inSession)) {
      yield unsentOf(stored)
    }
  }

const straysShownMax = 20
const partitions = Array.from({ length: partitionCount }, (_, partition) => partition)

const straysOf = async (
  db: Db,
  inSession: InSession,
  heads: Parameters<LedgerSource['strays']>[0],
): Promise<readonly Stray[]> => {
  const idsOf = async (collection: string, filter: object, detail: string) => {
    const found = await db
      .collection(collection)
      .find(filter, { ...inSession, projection: { _id: 1 }, limit: straysShownMax })
      .toArray()
    return found.map(({ _id }): Stray => ({ id: String(_id), detail }))
  }
  const nowhere = { p: { $not: { $in: partitions } } }
  const outside = await Promise.all([
    ...ledgerCollections
      .filter((name) => name !== 'identity')
      .map((name) => idsOf(name, nowhere, `in ${name}, but of no partition`)),
    idsOf(
      'state',
      { p: { $in: partitions }, is: 'head', _id: { $nin: partitions.map(headId) } },
      'a head of no partition',
    ),
    idsOf('state', { is: { $nin: [...stateKinds] } }, 'of no kind that state holds'),
    ...heads.map((head, partition) =>
      idsOf(
        'journal',
        { p: partition, seq: { $not: { $gt: 0, $lte: head?.seq ?? 0 } } },
        'an entry outside the sequence that ends at the head',
      ),
    ),
  ])
  return outside.flat()
}
