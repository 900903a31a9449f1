import { acquireServers, type Backend, type Servers } from '@recargas/stack/backend'
import { createGuard, startOrClose, type Guard } from '@recargas/stack/guard'
import { createVhost, deleteVhost } from '@recargas/stack/rabbitmq-management'
import { databaseOf } from '@recargas/stack/stack-access'
import type { Say } from './report.ts'
import type { Pids } from './usage.ts'

type Given = Pick<Servers, 'backend' | 'mongodbUri' | 'amqpUrl' | 'native' | 'stop'> & {
  readonly managementUrl: string
}

/** Servers, with a place of its own on them for each system. */
export type LabServers = Given & {
  readonly folder: string
  readonly guard: Guard
  readonly databaseUri: (name: string) => string
  /** A virtual host, empty. @returns its address */
  readonly freshVhost: (name: string) => Promise<string>
  readonly dropVhost: (name: string) => Promise<void>
  readonly pids: Pids
}

/** @param guard of the processes that are started beside the servers; closed with them */
export const placesOn = (servers: Given, folder: string, guard = createGuard()): LabServers => {
  const { managementUrl, native, mongodbUri, amqpUrl } = servers
  return {
    ...servers,
    folder,
    guard,
    databaseUri: (name) => databaseOf(mongodbUri, name),
    freshVhost: async (name) => {
      await deleteVhost(managementUrl, name)
      await createVhost(managementUrl, name)
      // Several members' addresses are parted by commas.
      return amqpUrl
        .split(',')
        .map((address) => `${address.replace(/\/$/, '')}/${name}`)
        .join(',')
    },
    dropVhost: (name) => deleteVhost(managementUrl, name),
    pids:
      native === null
        ? {}
        : { mongod: () => native.mongod.pid(), rabbitmq: () => native.rabbitmq.pid() },
    stop: async () => {
      await servers.stop()
      await guard.close()
    },
  }
}

/** @throws with the missing program, or where the broker has no known management API */
export const startServers = async (
  folder: string,
  say: Say,
  backend?: Backend,
): Promise<LabServers> =>
  startOrClose(async (guard) => {
    const servers = await acquireServers({ folder, log: say, guard, backend })
    const { managementUrl } = servers
    if (managementUrl !== null) return placesOn({ ...servers, managementUrl }, folder, guard)
    await servers.stop()
    throw new Error('the broker has no management API that is known: set RABBIT_MANAGEMENT_URL')
  })
