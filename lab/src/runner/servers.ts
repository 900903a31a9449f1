import { acquireServers, type Backend, type Servers } from '@recargas/stack/backend'
import { createGuard, startOrClose } from '@recargas/stack/guard'
import { createVhost, deleteVhost } from '@recargas/stack/rabbitmq-management'
import { databaseOf } from '@recargas/stack/stack-access'
import type { Say } from './report.ts'
import type { Pids } from './usage.ts'

type Given = Pick<Servers, 'backend' | 'mongodbUri' | 'amqpUrl' | 'native' | 'stop'> & {
  readonly managementUrl: string
}

/** Servers on which each system has databases and a virtual host of its own. */
export type LabServers = ReturnType<typeof placesOn>

/** @param guard of the processes that are started beside the servers; closed with them */
export const placesOn = (servers: Given, folder: string, guard = createGuard()) => {
  const { managementUrl, native, mongodbUri, amqpUrl } = servers
  const pids: Pids =
    native === null
      ? {}
      : { mongod: () => native.mongod.pid(), rabbitmq: () => native.rabbitmq.pid() }
  return {
    ...servers,
    folder,
    guard,
    databaseUri: (name: string) => databaseOf(mongodbUri, name),
    /** Makes an empty virtual host. @returns its address */
    freshVhost: async (name: string) => {
      await deleteVhost(managementUrl, name)
      await createVhost(managementUrl, name)
      // Commas separate the addresses of several members.
      return amqpUrl
        .split(',')
        .map((address) => `${address.replace(/\/$/, '')}/${name}`)
        .join(',')
    },
    dropVhost: (name: string) => deleteVhost(managementUrl, name),
    pids,
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
    throw new Error(
      'the address of the broker’s management API is not known: set RABBIT_MANAGEMENT_URL',
    )
  })
