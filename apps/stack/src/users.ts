import { brokerRights, brokerUsers, type BrokerUser } from '@recargas/contracts'
import {
  addressAs,
  databaseUsers,
  ensureDatabaseUsers,
  type Databases,
  type DatabaseUser,
} from './database-users.ts'
import { ensureBrokerUser } from './rabbitmq-management.ts'

/** An administrator's addresses, for creating users. */
export type Administration = {
  readonly mongodbUri: string
  /** With user and password. */
  readonly managementUrl: string
  /** The broker's address, with its virtual host. */
  /** Several members' are parted by commas. */
  readonly amqpUrl: string
}

export type Passwords = {
  readonly broker: Readonly<Record<BrokerUser, string>>
  readonly database: Readonly<Record<DatabaseUser, string>>
}

/** Each service's addresses, with the service's own user. */
export type Access = {
  readonly amqpUrl: Readonly<Record<BrokerUser, string>>
  readonly mongodbUri: Readonly<Record<'ledger' | 'adapter' | 'auditor', string>>
}

/**
 * The one definition of every user's rights on both servers: npm start, the tests and `npm run
 * users` all call it; compose makes the same from the same files.
 * `suffix` tells apart the broker's users of stacks that share it. Safe to repeat.
 */
export const ensureUsers = async (
  { mongodbUri, managementUrl, amqpUrl }: Administration,
  databases: Databases,
  passwords: Passwords,
  suffix = '',
): Promise<Access> => {
  const members = amqpUrl.split(',').map((address) => new URL(address))
  const vhost = decodeURIComponent(members[0]?.pathname.slice(1) ?? '') || '/'
  await ensureDatabaseUsers(mongodbUri, databases, passwords.database)
  for (const user of brokerUsers) {
    const holder = { name: `${user}${suffix}`, password: passwords.broker[user] }
    await ensureBrokerUser(managementUrl, holder, vhost, brokerRights[user])
  }
  const amqpAs = (user: BrokerUser): string =>
    members
      .map((member) => {
        const url = new URL(member)
        url.username = `${user}${suffix}`
        url.password = encodeURIComponent(passwords.broker[user])
        return url.href
      })
      .join(',')
  const mongodbAs = (name: DatabaseUser, knownTo: string): string =>
    addressAs(mongodbUri, knownTo, { name, password: passwords.database[name], knownTo })
  return {
    amqpUrl: { gateway: amqpAs('gateway'), ledger: amqpAs('ledger'), adapter: amqpAs('adapter') },
    mongodbUri: {
      ledger: mongodbAs('ledger', databases.ledger),
      adapter: mongodbAs('adapter', databases.adapter),
      auditor: mongodbAs('auditor', databases.ledger),
    },
  }
}

/** One password for each user, made by `make` from the user's name. */
export const passwordsBy = (make: (name: string) => string): Passwords => ({
  broker: {
    gateway: make('broker-gateway'),
    ledger: make('broker-ledger'),
    adapter: make('broker-adapter'),
  },
  database: Object.fromEntries(
    databaseUsers.map((user) => [user, make(`database-${user}`)]),
  ) as Record<DatabaseUser, string>,
})
