import { blocksDatabaseOf } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { CannotRun, Wrong } from '@recargas/stack/reach/target'
import { loadDatabases, sellingCollection } from './load-databases.ts'
import { databaseNames, type DatabaseName, type Manifest } from './manifest.ts'
import { createMongoClient, durable } from './mongo-client.ts'
import { replaceServiceUsers, type ReplacedUsers, type ServiceUser } from './service-users.ts'

type Db = mongoose.mongo.Db

export type RestorePorts = {
  readonly folder: string
  readonly manifest: Manifest
  readonly uris: Readonly<Record<'adapter' | 'ledger', string>>
  /** Deletes the databases' present content. */
  readonly replace: boolean
  /** Makes one for each user and stores it where the services get it. */
  readonly newPasswords: (users: readonly ServiceUser[]) => readonly string[]
  /** Proves a ledger. @returns how much is wrong */
  readonly verify: (ledgerUri: string) => Promise<number>
  /** The broker's messages belong to a time that the books do not know. */
  readonly emptyBroker: () => Promise<void>
  readonly now: () => Date
}

export type Restored = {
  readonly recoveryPoint: string
  readonly documents: number
  readonly lastRun: number
  readonly users: ReplacedUsers
}

const options = { appName: 'recargas-ops', ...durable }

/**
 * Restores the databases. The services' users are replaced before anything else, so that a process from before the restore,
 * paused or disconnected, can append nothing to the restored ledger. A marker written before the first deletion keeps the
 * ledger from starting until the last step is done: there is never an empty ledger that would sell, and an interrupted restore
 * is run again, never used.
 */
export const restoreBackup = async (ports: RestorePorts): Promise<Restored> => {
  const { manifest, uris, now } = ports
  const clients = {
    adapter: createMongoClient(uris.adapter, options),
    ledger: createMongoClient(uris.ledger, options),
  }
  try {
    const ledger = clients.ledger.db()
    const blocks = clients.ledger.db(blocksDatabaseOf(ledger.databaseName))
    const databases: Readonly<Record<DatabaseName, Db>> = {
      adapter: clients.adapter.db(),
      ledger,
      blocks,
    }
    if (!ports.replace) {
      for (const name of databaseNames) await mustBeEmpty(databases[name])
    }
    const users = await replaceServiceUsers(
      [
        {
          service: 'ledger',
          client: clients.ledger,
          names: [ledger.databaseName, blocks.databaseName],
        },
        {
          service: 'adapter',
          client: clients.adapter,
          names: [databases.adapter.databaseName],
        },
      ],
      ports.newPasswords,
    )
    const selling = ledger.collection<{ _id: string }>(sellingCollection)
    const marker = { open: false, since: now(), recoveryPoint: new Date(manifest.recoveryPoint) }
    const unfinished = { ...marker, unfinished: true }
    await selling.replaceOne({ _id: 'selling' }, unfinished, { upsert: true })
    for (const name of databaseNames) {
      await dropAll(databases[name], name === 'ledger' ? sellingCollection : undefined)
    }

    const documents = await loadDatabases(ports.folder, manifest, databases)
    await renewBirth(databases.adapter, now())
    const findings = await ports.verify(uris.ledger)
    if (findings > 0) {
      throw new Wrong(
        `the restored ledger has ${findings} findings: npm run verify shows them; take another backup`,
      )
    }
    await ports.emptyBroker()
    const lastRun = await lastRunOf(ledger)
    await selling.updateOne({ _id: 'selling' }, { $set: { lastRun }, $unset: { unfinished: '' } })
    return { recoveryPoint: manifest.recoveryPoint, documents, lastRun, users }
  } finally {
    await Promise.all(Object.values(clients).map((client) => client.close()))
  }
}

const mustBeEmpty = async (db: Db): Promise<void> => {
  const held = await collectionsOf(db)
  if (held.length === 0) return
  throw new CannotRun(
    `${db.databaseName} holds data (${held.join(', ')}): --replace deletes them first`,
  )
}

const dropAll = async (db: Db, kept?: string): Promise<void> => {
  for (const name of await collectionsOf(db)) {
    if (name !== kept) await db.dropCollection(name)
  }
}

const collectionsOf = async (db: Db): Promise<readonly string[]> => {
  const held = await db.listCollections({ type: 'collection' }, { nameOnly: true }).toArray()
  return held.map(({ name }) => name)
}

/** An adapter whose later records are lost may have sent an earlier job: it must not count as unsent. */
const renewBirth = async (adapter: Db, at: Date): Promise<void> => {
  await adapter
    .collection<{ _id: string }>('carrier_meta')
    .updateOne({ _id: 'identity' }, { $set: { bornAt: at } }, { upsert: true })
}

const lastRunOf = async (ledger: Db): Promise<number> => {
  const runs = ledger.collection<{ _id: number }>('reconciliations')
  const last = await runs.findOne({}, { sort: { _id: -1 }, projection: { _id: 1 } })
  return last?._id ?? 0
}
