import type { MongoClient } from './mongo-client.ts'

export type Service = 'ledger' | 'adapter'

/** Databases of one service, and a client that may make users on their server. */
export type ServiceDatabases = {
  readonly service: Service
  readonly client: MongoClient
  readonly names: readonly string[]
}

/** A user of the server that may write in a service's databases, and is no administrator of the whole server. */
export type ServiceUser = {
  /** Usually one; a user that two services share has one password for both. */
  readonly services: readonly Service[]
  readonly name: string
  readonly knownTo: string
}

type StoredUser = {
  readonly user: string
  readonly db: string
  readonly roles: readonly { readonly role: string; readonly db: string }[]
  readonly mechanisms?: readonly string[]
  readonly customData?: object
  readonly inheritedPrivileges?: readonly {
    readonly resource: { readonly db?: string }
    readonly actions: readonly string[]
  }[]
}
type Found = ServiceUser & { readonly client: MongoClient; readonly stored: StoredUser }

export type ReplacedUsers = {
  readonly users: readonly string[]
  /** Without access control a running process can write, whatever its password. */
  readonly isAccessControlled: boolean
}

/**
 * Drops every user with which a service writes, ends its running operations, and creates it again under another password: a
 * paused or disconnected process from before the restore can no longer log in.
 * @param newPasswords stores the new passwords for the services, in the order of the users, before the first user is dropped
 */
export const replaceServiceUsers = async (
  databases: readonly ServiceDatabases[],
  newPasswords: (users: readonly ServiceUser[]) => readonly string[],
): Promise<ReplacedUsers> => {
  const known = new Map<string, Found>()
  let isAccessControlled = true
  for (const each of databases) {
    const own = await ownUsers(each.client)
    isAccessControlled &&= own.size > 0
    for (const stored of await usersOf(each.client)) {
      if (own.has(nameOf(stored)) || !writesIn(stored, each.names)) continue
      const key = `${serverOf(each.client)} ${nameOf(stored)}`
      const services = [...(known.get(key)?.services ?? []), each.service]
      const { user: name, db: knownTo } = stored
      known.set(key, { services, name, knownTo, client: each.client, stored })
    }
  }
  const users = [...known.values()]
  const passwords = users.length === 0 ? [] : newPasswords(users)
  for (const { client, stored } of users) {
    await client.db(stored.db).command({ dropUser: stored.user })
  }
  for (const [index, { client, stored }] of users.entries()) {
    const { user, db, roles, mechanisms, customData } = stored
    const settings = { pwd: passwords[index], roles, mechanisms, customData }
    await client.db(db).command({ createUser: user, ...settings }, { ignoreUndefined: true })
    // A command that was let in before its user was dropped would still be carried out.
    await client.db('admin').command({ killAllSessions: [{ user, db }] })
  }
  return { users: users.map(({ stored }) => nameOf(stored)), isAccessControlled }
}

const nameOf = ({ user, db }: Pick<StoredUser, 'user' | 'db'>): string => `${user}@${db}`

const serverOf = (client: MongoClient): string => client.options.hosts.map(String).join()

/** This connection's own users; none where the server asks for no password. */
const ownUsers = async (client: MongoClient): Promise<ReadonlySet<string>> => {
  const { authInfo } = await client.db('admin').command({ connectionStatus: 1 })
  const { authenticatedUsers } = authInfo as { authenticatedUsers: { user: string; db: string }[] }
  return new Set(authenticatedUsers.map(nameOf))
}

/** Every user of the server with its rights, which the server returns for one user at a time. */
const usersOf = async (client: MongoClient): Promise<readonly StoredUser[]> => {
  const admin = client.db('admin')
  const all = await admin.command({ usersInfo: { forAllDBs: true } })
  const found: StoredUser[] = []
  for (const { user, db } of all['users'] as readonly StoredUser[]) {
    const one = await admin.command({ usersInfo: { user, db }, showPrivileges: true })
    found.push(...(one['users'] as readonly StoredUser[]))
  }
  return found
}

const writing = new Set(['insert', 'update', 'remove'])

/** Rights in every database are an administrator's: those of these databases by name are a service's. */
const writesIn = ({ inheritedPrivileges = [] }: StoredUser, names: readonly string[]): boolean =>
  inheritedPrivileges.some(
    ({ resource, actions }) =>
      names.includes(resource.db ?? '') && actions.some((action) => writing.has(action)),
  )
