import mongoose, { Schema, type Connection } from 'mongoose'
import { accountKinds } from '../domain/entities.ts'
import {
  stateKinds,
  type CaseDocument,
  type InjectionDocument,
  type TopupDocument,
} from './documents.ts'
import { layoutRefusal } from './layout.ts'
import type { OutboxMessage } from '../writer/ports.ts'
import type { JournalDocument } from './journal-documents.ts'
import { ensureModels, openModels, type LedgerModels } from './models.ts'

export type OutboxDocument = {
  readonly _id: string
  readonly p: number
  readonly at: Date
  readonly messages: readonly {
    readonly to: OutboxMessage['to']
    readonly id: string
    readonly type: string
    readonly correlationId: string
    readonly body: string
  }[]
}
export type IdentityDocument = {
  readonly _id: 'ledger'
  readonly bornAt: Date
  readonly namespace: string
  readonly layout: number
}

const int64 = { type: Schema.Types.BigInt, required: true } as const
const strict = { strict: 'throw', versionKey: false, autoCreate: false, autoIndex: false } as const

const openSession = { is: 'session', state: 'open' } as const

/** The collections that a batch writes, through the driver: only their names and indexes are declared here. */
const schemas = {
  /** Heads, accounts, merchants, cajas and sessions: what a batch changes, by one command. */
  state: new Schema(
    {
      _id: String,
      is: { type: String, enum: stateKinds },
      p: Number,
      merchant: String,
      id: Number,
      state: String,
      kind: { type: String, enum: accountKinds },
    },
    strict,
  )
    .index({ p: 1, is: 1, state: 1 })
    // The floats of a shop, and the floats of all.
    .index({ kind: 1, merchant: 1 }, { partialFilterExpression: { is: 'account' } })
    .index({ merchant: 1, id: 1 }, { partialFilterExpression: { is: 'caja' } })
    .index({ merchant: 1, cajaId: 1, id: -1 }, { partialFilterExpression: { is: 'session' } })
    // The database itself allows one open session for each user and for each caja.
    .index({ merchant: 1, userId: 1 }, { unique: true, partialFilterExpression: openSession })
    .index({ merchant: 1, cajaId: 1 }, { unique: true, partialFilterExpression: openSession }),
  topups: new Schema({ _id: String, p: Number, merchant: String, number: Number }, strict)
    .index({ merchant: 1, number: -1 }, { unique: true })
    .index({ merchant: 1, sessionId: 1, number: -1 })
    .index({ p: 1, reservedAt: 1 })
    .index({ state: 1, progressAt: 1 }, { partialFilterExpression: { open: true } })
    // What waits for a person, of one shop, in order.
    .index({ merchant: 1, state: 1, number: 1 }, { partialFilterExpression: { open: true } }),
  injections: new Schema({ _id: String, p: Number, merchant: String, number: Number }, strict)
    .index({ merchant: 1, number: -1 }, { unique: true })
    .index({ p: 1, at: 1 }),
  cases: new Schema({ _id: String, p: Number, merchant: String }, strict).index({
    merchant: 1,
    state: 1,
    openedAt: 1,
  }),
  journal: new Schema({ _id: String, p: Number, seq: int64 }, strict)
    .index({ p: 1, seq: 1 }, { unique: true })
    .index({ 'lines.account': 1, at: 1, seq: 1 })
    .index(
      { resolves: 1 },
      { unique: true, partialFilterExpression: { resolves: { $exists: true } } },
    ),
  outbox: new Schema({ _id: String, p: Number, at: Date }, strict).index({ at: 1 }),
  identity: new Schema({ _id: String, bornAt: Date, namespace: String, layout: Number }, strict),
} as const

export type Collections = ReturnType<typeof openCollections>

const openCollections = (connection: Connection) => {
  for (const [name, schema] of Object.entries(schemas)) connection.model(name, schema, name)
  const { db } = connection
  if (db === undefined) throw new Error('the database connection is not open')
  return {
    state: db.collection<{ readonly _id: string }>('state'),
    topups: db.collection<TopupDocument>('topups'),
    injections: db.collection<InjectionDocument>('injections'),
    cases: db.collection<CaseDocument>('cases'),
    journal: db.collection<JournalDocument>('journal'),
    outbox: db.collection<OutboxDocument>('outbox'),
    identity: db.collection<IdentityDocument>('identity'),
  }
}

/** The last line of defence: the server refuses what `apply` must never let through. */
const stateValidator = {
  $or: [
    { is: { $in: stateKinds.filter((is) => is !== 'account') } },
    {
      $and: [
        { is: 'account', reserved: { $gte: 0 }, incoming: { $gte: 0 } },
        {
          $or: [
            { kind: { $nin: ['float', 'drawer'] } },
            { $expr: { $gte: ['$posted', '$reserved'] } },
          ],
        },
      ],
    },
  ],
}

export type LedgerDatabase = {
  readonly connection: Connection
  readonly collections: Collections
  readonly models: LedgerModels
  readonly close: () => Promise<void>
}

/** Connects with majority, journaled writes and snapshot-safe reads, and makes sure of collections and indexes. */
export const openLedgerDatabase = async (
  uri: string,
  options: { readonly connectTimeoutMs: number; readonly poolSize: number },
): Promise<LedgerDatabase> => {
  const connection = await mongoose
    .createConnection(uri, {
      appName: 'recargas-ledger',
      maxPoolSize: options.poolSize,
      serverSelectionTimeoutMS: options.connectTimeoutMs,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      autoIndex: false,
      autoCreate: false,
    })
    .asPromise()
  const collections = openCollections(connection)
  const { db } = connection
  const existing = new Set(
    (await db?.listCollections({}, { nameOnly: true }).toArray())?.map(({ name }) => name),
  )
  const identity = await collections.identity.findOne({})
  const refusal = layoutRefusal({ collections: existing, identity })
  if (refusal !== null) {
    await connection.close()
    throw new Error(refusal)
  }
  for (const [name, schema] of Object.entries(schemas)) {
    if (!existing.has(name)) {
      await db
        ?.createCollection(name, name === 'state' ? { validator: stateValidator } : {})
        .catch(ignoreExisting)
    }
    for (const [fields, indexOptions] of schema.indexes()) {
      const { background: _, ...rest } = indexOptions as Record<string, unknown>
      await db?.collection(name).createIndex(fields as Record<string, 1 | -1>, rest, {})
    }
  }
  const models = openModels(connection)
  await ensureModels(models)
  return { connection, collections, models, close: () => connection.close() }
}

/** Two instances may start at once. */
const ignoreExisting = (error: unknown): void => {
  if ((error as { codeName?: string }).codeName !== 'NamespaceExists') throw error
}
