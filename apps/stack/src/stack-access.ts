import { createHmac } from 'node:crypto'
import type { Databases } from './database-users.ts'
import { ensureUsers, passwordsBy, type Access, type Passwords } from './users.ts'

/** The servers of a stack, as their administrator reaches them. */
export type ReachedServers = {
  /** A replica set; the two databases are named here. */
  readonly mongodbUri: string
  /** With the virtual host. */
  readonly amqpUrl: string
  /** A broker with users of our own: each service then has its own user, with the rights it needs. */
  readonly managementUrl?: string | undefined
  /** Appended to both databases' names, so that stacks on one server do not meet. */
  readonly databaseSuffix?: string
}

export const stackDatabases = (suffix = ''): Databases => ({
  ledger: `recargas_ledger${suffix}`,
  adapter: `recargas_adapter${suffix}`,
})

/** Passwords of the servers' users, on servers of our own. */
export const userPasswords = (usersSecret: string): Passwords =>
  passwordsBy((name) => createHmac('sha256', usersSecret).update(name).digest('base64url'))

/** Users of our own if we manage the server's users, else those of the given addresses. */
export const accessOf = async (
  { mongodbUri, amqpUrl, managementUrl, databaseSuffix = '' }: ReachedServers,
  usersSecret: string,
): Promise<Access> => {
  const databases = stackDatabases(databaseSuffix)
  if (managementUrl !== undefined) {
    const administration = { mongodbUri, managementUrl, amqpUrl }
    return ensureUsers(administration, databases, userPasswords(usersSecret), databaseSuffix)
  }
  const ledger = databaseOf(mongodbUri, databases.ledger)
  return {
    amqpUrl: { gateway: amqpUrl, ledger: amqpUrl, adapter: amqpUrl },
    mongodbUri: { ledger, adapter: databaseOf(mongodbUri, databases.adapter), auditor: ledger },
  }
}

/** The same server, with the database that a service owns. */
export const databaseOf = (serverUri: string, name: string): string => {
  const [server = '', options] = serverUri.split('?')
  const host = server.replace(/^(mongodb(?:\+srv)?:\/\/[^/]+).*$/, '$1')
  return `${host}/${name}${options === undefined ? '' : `?${options}`}`
}
