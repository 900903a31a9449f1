import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { startChild, type Child, type RunningServer } from './child.ts'
import { ensureAdmin } from './database-users.ts'
import type { Guard } from './guard.ts'
import { keepChild } from './kept-child.ts'
import { waitUntil } from './readiness.ts'

export const startTimeoutMs = 60_000
export const stopTimeoutMs = 8_000
const answerTimeoutMs = 2_000
export const replicaSet = 'rs0'

export type Mongod = RunningServer & {
  /** The server without a database, as its administrator. */
  readonly uri: string
  readonly port: number
}

export type MongodOptions = {
  readonly binary: string
  readonly folder: string
  readonly port: number
  readonly guard: Guard
  readonly cacheGb?: number
}

/**
 * A replica set of one member, which transactions need, on one machine. It accepts known users only. If its data lack the
 * administrator, or the port changed, it first runs for a moment without authentication.
 */
export const startMongod = async (options: MongodOptions): Promise<Mongod> => {
  let tellDeath: (cause: string) => void = () => undefined
  const death = new Promise<string>((resolve) => (tellDeath = resolve))

  const kept = keepChild(stopTimeoutMs, (cause) => tellDeath(cause))
  const secrets = ownSecrets(options.folder)
  const run = async (further: readonly string[]): Promise<Child> =>
    startChild({
      name: 'mongod',
      command: options.binary,
      args: [...argsOf(options), ...further],
      env: process.env,
      logFile: join(options.folder, 'mongod.log'),
      guard: options.guard,
    })
  const start = async () => {
    mkdirSync(join(options.folder, 'data'), { recursive: true })
    if (!isPrepared(options)) {
      const open = await run([])
      await prepare(options, open, secrets.password)
      await open.stop(stopTimeoutMs)
    }
    const started = await run(['--keyFile', secrets.keyFile])
    kept.keep(started)
    await withClient(adminAt(options.port, secrets.password), started, becomesPrimary)
  }
  await start()
  return {
    uri: `${adminAt(options.port, secrets.password)}&replicaSet=${replicaSet}`,
    port: options.port,
    pid: kept.pid,
    start,
    stop: kept.stop,
    kill: kept.kill,
    died: () => death,
  }
}

export const argsOf = ({
  folder,
  port,
  cacheGb = 0.5,
}: Pick<MongodOptions, 'folder' | 'port' | 'cacheGb'>): readonly string[] => [
  ...['--dbpath', join(folder, 'data'), '--port', String(port), '--bind_ip', '127.0.0.1'],
  ...['--replSet', replicaSet, '--oplogSize', '256', '--nounixsocket', '--quiet'],
  ...['--wiredTigerCacheSizeGB', String(cacheGb)],
  // A single member has no other member to hand over to: waiting for one only makes Ctrl-C slow.
  ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
  ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
]

/** Generated once, beside the data: the replica set's key and the administrator's password. */
export const ownSecrets = (
  folder: string,
): { readonly keyFile: string; readonly password: string } => {
  mkdirSync(folder, { recursive: true })
  const keep = (name: string, length: number): string => {
    const file = join(folder, name)
    if (!existsSync(file)) writeFileSync(file, randomBytes(length).toString('hex'), { mode: 0o400 })
    // Whatever the file system made of the mode: mongod refuses a key that others can read.
    chmodSync(file, 0o400)
    return file
  }
  const password = readFileSync(keep('admin-password', 24), 'utf8')
  return { keyFile: keep('key', 300), password }
}

const preparedFile = (folder: string) => join(folder, 'data', 'recargas-prepared')

const isPrepared = ({ folder, port }: MongodOptions): boolean =>
  existsSync(preparedFile(folder)) && readFileSync(preparedFile(folder), 'utf8') === String(port)

const prepare = async (options: MongodOptions, child: Child, password: string): Promise<void> => {
  await withClient(`mongodb://127.0.0.1:${options.port}/`, child, async (client) => {
    await initiate(client, options.port)
    await becomesPrimary(client)
    await ensureAdmin(client, password)
  })
  writeFileSync(preparedFile(options.folder), String(options.port))
}

const adminAt = (port: number, password: string): string => administratorAt([port], password)

/** Address of one member, or of all members, as the administrator. */
export const administratorAt = (ports: readonly number[], password: string): string => {
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',')
  return `mongodb://admin:${password}@${hosts}/?authSource=admin`
}

/** Waits until it answers, then works with it. @throws with mongod's last words */
export const withClient = async (
  uri: string,
  child: Child,
  work: (client: mongoose.mongo.MongoClient) => Promise<void>,
): Promise<void> => {
  const state = { client: clientOf(uri) }
  try {
    await waitUntil('mongod answers', startTimeoutMs, async () => {
      if (!child.running()) throw new Error('mongod ended')
      if (await state.client.db('admin').command({ ping: 1 }).then(yes, no)) return true
      // A client whose first connection failed stays closed.
      await state.client.close()
      state.client = clientOf(uri)
      return false
    })
    await work(state.client)
  } catch (error) {
    throw new Error(`${String(error)}\nmongod said last:\n${child.lastLines(10)}`, { cause: error })
  } finally {
    await state.client.close()
  }
}

const clientOf = (uri: string): mongoose.mongo.MongoClient =>
  new mongoose.mongo.MongoClient(uri, {
    directConnection: true,
    serverSelectionTimeoutMS: answerTimeoutMs,
    connectTimeoutMS: answerTimeoutMs,
    // An answer that does not come must not hold up the next question.
    socketTimeoutMS: answerTimeoutMs,
  })

const becomesPrimary = (client: mongoose.mongo.MongoClient): Promise<void> =>
  waitUntil('mongod becomes primary', startTimeoutMs, async () => {
    const hello = await client.db('admin').command({ hello: 1 })
    return hello['isWritablePrimary'] === true
  })

const yes = () => true
const no = () => false

type Configuration = { _id: string; version: number; members: { _id: number; host: string }[] }

/** Makes the replica set, or moves a kept one to the port it has now. Safe to repeat. */
const initiate = async (client: mongoose.mongo.MongoClient, port: number): Promise<void> => {
  const host = `127.0.0.1:${port}`
  const kept = await client.db('local').collection<Configuration>('system.replset').findOne()
  const admin = client.db('admin')
  if (kept === null) {
    await admin.command({ replSetInitiate: { _id: replicaSet, members: [{ _id: 0, host }] } })
  } else if (kept.members[0]?.host !== host) {
    const members = [{ ...kept.members[0], _id: 0, host }]
    const moved = { ...kept, version: kept.version + 1, members }
    await admin.command({ replSetReconfig: moved, force: true })
  }
}
