import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { startChild, type RunningServer } from './child.ts'
import { ensureAdmin } from './database-users.ts'
import type { Guard } from './guard.ts'
import { keepChild } from './kept-child.ts'
import {
  administratorAt,
  argsOf,
  ownSecrets,
  replicaSet,
  startTimeoutMs,
  stopTimeoutMs,
  withClient,
} from './mongod.ts'
import { waitUntil } from './readiness.ts'

/**
 * A primary that is silent for longer is replaced, so that writes go on within ten seconds; docs/operating.md. The new one waits
 * half a second, not four, for writes that no majority has: none of them was acknowledged.
 */
export const electionSettings = {
  electionTimeoutMillis: 3_000,
  heartbeatIntervalMillis: 1_000,
  catchUpTimeoutMillis: 500,
  // A secondary that stands still would hold up another one that reads from it, and so the majority.
  chainingAllowed: false,
}

/**
 * Options of an address that names several members: a driver asks each of them every second, and gives one up that does not answer for
 * three. Without them it notices a primary that stands still or is cut off only by commands of its own; ADR 0053.
 */
export const memberOptions = 'heartbeatFrequencyMS=1000&connectTimeoutMS=2000'

export type MongodMember = Omit<RunningServer, 'died'> & { readonly port: number }

export type MongodMembers = {
  readonly members: readonly MongodMember[]
  /** Names all members and no database, as their administrator. */
  readonly uri: string
}

type Options = {
  readonly binary: string
  readonly folder: string
  readonly ports: readonly number[]
  readonly guard: Guard
  /** Called with the member's place, from 0, each time that it ends unexpectedly. */
  readonly onDeath: (index: number, cause: string) => void
}

/**
 * A replica set of several members on one machine, which accepts known users only.
 * @throws where kept data belong to members at other ports
 */
export const startMongodMembers = async (options: Options): Promise<MongodMembers> => {
  const { folder, ports } = options
  const mustPrepare = isUnprepared(folder, ports)
  const { keyFile, password } = ownSecrets(folder)
  const members = ports.map((port, index) =>
    createMember(options, { port, keyFile }, (cause) => options.onDeath(index, cause)),
  )
  await Promise.all(members.map((member) => member.start()))
  if (mustPrepare) {
    await prepare(ports, password)
    writeFileSync(preparedFile(folder), ports.join(' '))
  }
  const uri = `${administratorAt(ports, password)}&replicaSet=${replicaSet}&${memberOptions}`
  await hasPrimary(uri)
  return { members, uri }
}

const createMember = (
  { binary, folder, guard }: Options,
  { port, keyFile }: { readonly port: number; readonly keyFile: string },
  onDeath: (cause: string) => void,
): MongodMember => {
  const own = join(folder, `member-${port}`)
  const kept = keepChild(stopTimeoutMs, onDeath)
  const start = async () => {
    mkdirSync(join(own, 'data'), { recursive: true })
    const started = await startChild({
      name: `mongod ${port}`,
      command: binary,
      args: [...argsOf({ folder: own, port, cacheGb: 0.25 }), '--keyFile', keyFile],
      env: process.env,
      logFile: join(own, 'mongod.log'),
      guard,
    })
    kept.keep(started)
    await withClient(addressOf(port), started, () => Promise.resolve())
  }
  return { port, start, pid: kept.pid, stop: kept.stop, kill: kept.kill }
}

/** Members know each other by their ports. @returns true until the set and its administrator were made */
const isUnprepared = (folder: string, ports: readonly number[]): boolean => {
  const file = preparedFile(folder)
  if (!existsSync(file)) return true
  const kept = readFileSync(file, 'utf8')
  const own = ports.join(' ')
  if (kept === own) return false
  throw new Error(
    `the data in ${folder} belong to members at the ports ${kept}, not ${own}: start with the former --port-base, or with --reset`,
  )
}

const preparedFile = (folder: string): string => join(folder, 'prepared-for-ports')

/** A set without users lets a client on this machine make the first one. Safe to repeat. */
const prepare = async (ports: readonly number[], password: string): Promise<void> => {
  const members = ports.map((port, id) => ({ _id: id, host: `127.0.0.1:${port}` }))
  const configuration = { _id: replicaSet, members, settings: electionSettings }
  await withAdmin(addressOf(ports[0] ?? 0), true, async (admin) => {
    await admin.command({ replSetInitiate: configuration }).catch((error: unknown) => {
      if ((error as { codeName?: unknown }).codeName !== 'AlreadyInitialized') throw error
    })
  })
  const hosts = members.map(({ host }) => host).join(',')
  await withAdmin(`mongodb://${hosts}/?replicaSet=${replicaSet}`, false, async (admin) => {
    // A member that has won its election takes writes a moment later.
    await waitUntil('a member becomes primary', startTimeoutMs, async () => {
      const hello = await admin.command({ hello: 1 })
      return hello['isWritablePrimary'] === true
    })
    await ensureAdmin(admin.client, password)
  })
}

const addressOf = (port: number): string => `mongodb://127.0.0.1:${port}/`

const hasPrimary = (uri: string): Promise<void> =>
  withAdmin(uri, false, async (admin) => {
    await admin.command({ ping: 1 })
  })

const withAdmin = async (
  uri: string,
  directConnection: boolean,
  ask: (admin: mongoose.mongo.Db) => Promise<void>,
): Promise<void> => {
  const client = new mongoose.mongo.MongoClient(uri, {
    directConnection,
    serverSelectionTimeoutMS: startTimeoutMs,
  })
  try {
    await ask(client.db('admin'))
  } finally {
    await client.close()
  }
}
