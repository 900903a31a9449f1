import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acquireServers } from '@recargas/stack/backend'
import { createGuard, type Guard } from '@recargas/stack/guard'
import { createVhost, deleteVhost } from '@recargas/stack/rabbitmq-management'
import type { Pids } from './measured-path.ts'

/** The servers that every scenario of a run shares, and a place of its own on them for each. */
export type BenchServers = {
  readonly backend: string
  readonly folder: string
  readonly guard: Guard
  readonly mongodbUri: string
  readonly databaseUri: (name: string) => string
  /** A virtual host, empty. */
  readonly freshVhost: (name: string) => Promise<string>
  readonly dropVhost: (name: string) => Promise<void>
  readonly pids: Pids
  readonly stop: () => Promise<void>
}

/** @throws with the missing program */
export const startBenchServers = async (log: (line: string) => void): Promise<BenchServers> => {
  const folder = await mkdtemp(join(tmpdir(), 'recargas-bench-'))
  const guard = createGuard()
  const servers = await acquireServers({ folder, log, guard }).catch(async (error: unknown) => {
    await guard.close()
    await rm(folder, { recursive: true, force: true })
    throw error
  })
  const { managementUrl, native } = servers
  if (managementUrl === null) {
    await guard.close()
    throw new Error(
      'the broker has no management API that the bench knows of: set RABBIT_MANAGEMENT_URL',
    )
  }
  return {
    backend: servers.backend,
    folder,
    guard,
    mongodbUri: servers.mongodbUri,
    databaseUri: (name) => {
      const uri = new URL(servers.mongodbUri)
      uri.pathname = `/${name}`
      return uri.href
    },
    freshVhost: async (name) => {
      await deleteVhost(managementUrl, name)
      await createVhost(managementUrl, name)
      return `${servers.amqpUrl.replace(/\/$/, '')}/${name}`
    },
    dropVhost: (name) => deleteVhost(managementUrl, name),
    pids:
      native === null
        ? {}
        : { mongod: () => native.mongod.pid(), rabbitmq: () => native.rabbitmq.pid() },
    stop: async () => {
      await servers.stop()
      await guard.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
