import { join } from 'node:path'
import { stackDatabases } from '@recargas/stack/stack-access'
import { startStack, unlimitedRates, type StackOptions } from '@recargas/stack/supervisor'
import { proveStack } from './judge.ts'
import { dropDatabase } from './ledger-database.ts'
import type { LabServers } from './servers.ts'

/** Our services on databases and a virtual host of their own. */
export type System = Awaited<ReturnType<typeof startSystem>>

export type SystemOptions = Partial<StackOptions> & {
  /** The databases stay as they are: new, or filled beforehand. */
  readonly isPrepared?: boolean
}

/** Few log lines: writing them would count into a measurement. */
export const quiet = {
  ledger: { LOG_LEVEL: 'warn' },
  gateway: { LOG_LEVEL: 'warn', ...unlimitedRates },
  adapter: { LOG_LEVEL: 'error' },
} as const

/** Starts all services; stopping them drops their databases. */
export const startSystem = async (
  servers: LabServers,
  name: string,
  { isPrepared = false, ...options }: SystemOptions = {},
) => {
  const folder = join(servers.folder, name)
  const databaseSuffix = `_${name}`
  const databases = stackDatabases(databaseSuffix)
  const administrationUri = servers.databaseUri(databases.ledger)
  const dropDatabases = async () => {
    await dropDatabase(administrationUri)
    await dropDatabase(servers.databaseUri(databases.adapter))
  }
  if (!isPrepared) await dropDatabases()
  const amqpUrl = await servers.freshVhost(name)
  const { mongodbUri, guard } = servers
  const stack = await startStack({
    folder,
    guard,
    mongodbUri,
    amqpUrl,
    databaseSuffix,
    ...options,
  })
  const carrierUrl = options.tpagaBaseUrl ?? stack.urls.sandbox
  return {
    ...stack,
    servers,
    amqpUrl,
    folder,
    gateway: { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret },
    /** The ledger's database as the servers' administrator. */
    administrationUri,
    prove: () => proveStack(stack.auditUri, carrierUrl),
    stop: async () => {
      await stack.stop()
      await servers.dropVhost(name)
      await dropDatabases()
    },
  }
}
