import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { describeExit, startChild, type Child } from './child.ts'
import type { Guard } from './guard.ts'
import { waitUntil } from './wait-until.ts'

const startTimeoutMs = 60_000
const stopTimeoutMs = 8_000
const answerTimeoutMs = 2_000
const replicaSet = 'rs0'

export type Mongod = {
  /** The server without a database. */
  readonly uri: string
  readonly port: number
  readonly pid: () => number | null
  /** Again on the same port and data. */
  readonly start: () => Promise<void>
  readonly stop: () => Promise<void>
  /** As a power cut would: no clean end. */
  readonly kill: () => Promise<void>
  /** Settles when it ends without having been told to. */
  readonly died: () => Promise<string>
}

export type MongodOptions = {
  readonly binary: string
  readonly folder: string
  readonly port: number
  readonly guard: Guard
  readonly cacheGb?: number
}

/** A replica set of one member: what transactions need, on one machine. */
export const startMongod = async (options: MongodOptions): Promise<Mongod> => {
  let child: Child | null = null
  let wanted = false
  let tellDeath: (cause: string) => void = () => undefined
  const death = new Promise<string>((resolve) => (tellDeath = resolve))

  const start = async () => {
    mkdirSync(join(options.folder, 'data'), { recursive: true })
    const started = await startChild({
      name: 'mongod',
      command: options.binary,
      args: argsOf(options),
      env: process.env,
      logFile: join(options.folder, 'mongod.log'),
      guard: options.guard,
    })
    child = started
    wanted = true
    void started.exited.then((exit) => {
      if (wanted && child === started) tellDeath(`mongod ended with ${describeExit(exit)}`)
    })
    await ready(options.port, started)
  }
  const end = async (how: (running: Child) => Promise<unknown>) => {
    wanted = false
    if (child !== null) await how(child)
    child = null
  }
  await start()
  return {
    uri: `mongodb://127.0.0.1:${options.port}/?replicaSet=${replicaSet}`,
    port: options.port,
    pid: () => child?.pid ?? null,
    start,
    stop: () => end((running) => running.stop(stopTimeoutMs)),
    kill: () =>
      end((running) => {
        running.kill('SIGKILL')
        return running.exited
      }),
    died: () => death,
  }
}

const argsOf = ({ folder, port, cacheGb = 0.5 }: MongodOptions): readonly string[] => [
  ...['--dbpath', join(folder, 'data'), '--port', String(port), '--bind_ip', '127.0.0.1'],
  ...['--replSet', replicaSet, '--oplogSize', '256', '--nounixsocket', '--quiet'],
  ...['--wiredTigerCacheSizeGB', String(cacheGb)],
  // One member has nobody to hand over to: waiting for that only makes Ctrl-C slow.
  ...['--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100'],
  ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
]

const ready = async (port: number, child: Child): Promise<void> => {
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: answerTimeoutMs,
    connectTimeoutMS: answerTimeoutMs,
    // An answer that does not come must not hold up the next question.
    socketTimeoutMS: answerTimeoutMs,
  })
  try {
    await waitUntil('mongod answers', startTimeoutMs, async () => {
      if (!child.running()) throw new Error('mongod ended')
      return client.db('admin').command({ ping: 1 }).then(yes, no)
    })
    await initiate(client, port)
    await waitUntil('mongod becomes primary', startTimeoutMs, async () => {
      const hello = await client.db('admin').command({ hello: 1 })
      return hello['isWritablePrimary'] === true
    })
  } catch (error) {
    throw new Error(`${String(error)}\nmongod said last:\n${child.lastLines(10)}`, { cause: error })
  } finally {
    await client.close()
  }
}

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
