import { blocksDatabaseOf } from '@recargas/contracts'
import { readFileSync } from 'node:fs'
import mongoose from 'mongoose'

type Privilege = {
  readonly resource: { readonly db: string; readonly collection: string }
  readonly actions: readonly string[]
}

/** The ledger's two databases: its own, and that of its blocks. */
type LedgerDatabase = 'ledger' | 'blocks'
type Rights = {
  readonly ledgerService: Readonly<
    Record<
      LedgerDatabase,
      readonly { readonly collections: readonly string[]; readonly actions: readonly string[] }[]
    >
  >
}
/** The rights that compose gives its users too. */
const readRights = (): Rights =>
  JSON.parse(
    readFileSync(new URL('../../../ops/mongodb/rights.json', import.meta.url), 'utf8'),
  ) as Rights

/** Insert and find in the log: the ledger's password cannot change a booked entry. */
export const ledgerPrivileges = (of: LedgerDatabase, db: string): readonly Privilege[] =>
  readRights().ledgerService[of].flatMap(({ collections, actions }) =>
    collections.map((collection) => ({ resource: { db, collection }, actions })),
  )

export const databaseUsers = ['ledger', 'adapter', 'auditor'] as const
export type DatabaseUser = (typeof databaseUsers)[number]

export type Databases = { readonly ledger: string; readonly adapter: string }

/**
 * Makes the users of the databases, or gives those that are there these rights and passwords: the ledger in its own and
 * that of its blocks, the adapter in its own, and an auditor that reads all three (verify, dumps, backups). Each user is
 * known to the database of its service. Safe to repeat.
 */
export const ensureDatabaseUsers = async (
  adminUri: string,
  databases: Databases,
  passwords: Readonly<Record<DatabaseUser, string>>,
): Promise<void> => {
  const client = new mongoose.mongo.MongoClient(adminUri)
  const blocksDatabase = blocksDatabaseOf(databases.ledger)
  try {
    const ledger = client.db(databases.ledger)
    const adapter = client.db(databases.adapter)
    const own = ledgerPrivileges('ledger', databases.ledger)
    await ensureRole(ledger, 'ledgerService', own)
    // A role of one database holds rights in that database only.
    const appending = ledgerPrivileges('blocks', blocksDatabase)
    await ensureRole(client.db(blocksDatabase), 'ledgerService', appending)
    await ensureUser(ledger, 'ledger', passwords.ledger, [
      'ledgerService',
      { role: 'ledgerService', db: blocksDatabase },
    ])
    await ensureUser(adapter, 'adapter', passwords.adapter, ['readWrite'])
    const all = [databases.ledger, blocksDatabase, databases.adapter]
    const reading = all.map((db) => ({ role: 'read', db }))
    await ensureUser(ledger, 'auditor', passwords.auditor, reading)
  } finally {
    await client.close()
  }
}

type Roles = readonly (string | { readonly role: string; readonly db: string })[]
const roleExists = 51_002
const userExists = 51_003

const ensureRole = async (
  db: mongoose.mongo.Db,
  name: string,
  privileges: readonly Privilege[],
): Promise<void> => {
  const rights = { privileges, roles: [] }
  await db.command({ createRole: name, ...rights }).catch(async (error: unknown) => {
    if ((error as { code?: unknown }).code !== roleExists) throw error
    await db.command({ updateRole: name, ...rights })
  })
}

/** Creates the administrator of the whole server, with which the stack creates the other users. */
export const ensureAdmin = (client: mongoose.mongo.MongoClient, password: string): Promise<void> =>
  ensureUser(client.db('admin'), 'admin', password, ['root'])

const ensureUser = async (
  db: mongoose.mongo.Db,
  name: string,
  pwd: string,
  roles: Roles,
): Promise<void> => {
  await db.command({ createUser: name, pwd, roles }).catch(async (error: unknown) => {
    if ((error as { code?: unknown }).code !== userExists) throw error
    await db.command({ updateUser: name, pwd, roles })
  })
}

/** The address of one database as that user of it; the user is known to the database itself. */
export const addressAs = (
  serverUri: string,
  database: string,
  user: { readonly name: string; readonly password: string; readonly knownTo: string },
): string => {
  const [, scheme = '', hosts = '', options = ''] =
    /^(mongodb(?:\+srv)?:\/\/)(?:[^@/]*@)?([^/?]+)(?:\/[^?]*)?(?:\?(.*))?$/.exec(serverUri) ?? []
  const given = new URLSearchParams(options)
  given.set('authSource', user.knownTo)
  const credentials = `${encodeURIComponent(user.name)}:${encodeURIComponent(user.password)}`
  return `${scheme}${credentials}@${hosts}/${database}?${given.toString()}`
}
