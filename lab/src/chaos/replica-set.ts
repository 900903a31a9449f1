import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import mongoose from 'mongoose'
import { startChild, type Child } from '@recargas/stack/child'
import type { Guard } from '@recargas/stack/guard'
import { electionSettings } from '@recargas/stack/mongod-members'
import { freePorts } from '@recargas/stack/ports'
import { waitUntil } from '@recargas/stack/wait-until'

const { MongoClient } = mongoose.mongo

const name = 'rs0'
const memberCount = 3
const startTimeoutMs = 90_000
const answerTimeoutMs = 2_000
/** Two ways to detect a silent member. */
const failovers = {
  /** A primary may be silent for longer than a busy machine keeps it. */
  patient: {
    settings: electionSettings,
    parameters: [],
  },
  /** For tests that wait for each election. Members turn away from a paused one at once. */
  quick: {
    settings: {
      electionTimeoutMillis: 2_500,
      heartbeatIntervalMillis: 500,
      heartbeatTimeoutSecs: 2,
      catchUpTimeoutMillis: 0,
    },
    parameters: [
      'oplogNetworkTimeoutBufferSeconds=1',
      'oplogFetcherSteadyStateMaxFetcherRestarts=0',
    ],
  },
} as const
type Failover = (typeof failovers)[keyof typeof failovers]
const stepDownSeconds = 10
const primaryPauseMs = 100

export type Member = { readonly port: number; readonly pid: () => number | null }

/** Three members on this machine, which elect a primary among themselves. */
export type ReplicaSet = {
  readonly uri: string
  readonly members: readonly Member[]
  /** null while there is none. */
  readonly primary: () => Promise<Member | null>
  readonly waitPrimary: () => Promise<Member>
  /** As a power cut would, and back on the same data. */
  readonly kill: (member: Member) => Promise<void>
  readonly start: (member: Member) => Promise<void>
  readonly signal: (member: Member, signal: 'SIGSTOP' | 'SIGCONT') => void
  readonly stepDown: (member: Member) => Promise<void>
  readonly stop: () => Promise<void>
}

export const startReplicaSet = async (options: {
  readonly binary: string
  readonly folder: string
  readonly guard: Guard
  readonly failover?: keyof typeof failovers
}): Promise<ReplicaSet> => {
  const failover = failovers[options.failover ?? 'patient']
  const ports = await freePorts(memberCount)
  const children = new Map<number, Child>()
  const start = async ({ port }: Pick<Member, 'port'>) => {
    const folder = join(options.folder, `member-${port}`)
    mkdirSync(join(folder, 'data'), { recursive: true })
    const child = await startChild({
      name: 'mongod',
      command: options.binary,
      args: argsOf(folder, port, failover),
      env: process.env,
      logFile: join(folder, 'mongod.log'),
      guard: options.guard,
    })
    children.set(port, child)
    await waitUntil(`mongod ${port} answers`, startTimeoutMs, async () => {
      if (!child.running()) throw new Error(`mongod ended:\n${child.lastLines(10)}`)
      return (await helloOf(port)) !== null
    })
  }
  await Promise.all(ports.map((port) => start({ port })))
  await initiate(ports, failover)
  const members = ports.map((port): Member => {
    const running = () => children.get(port)
    return { port, pid: () => (running()?.running() === true ? (running()?.pid ?? null) : null) }
  })
  const primary = async () => {
    const greetings = await Promise.all(members.map(({ port }) => helloOf(port)))
    return members.find((_, index) => greetings[index]?.isWritablePrimary === true) ?? null
  }
  const waitPrimary = async () => {
    const deadline = performance.now() + startTimeoutMs
    for (;;) {
      const found = await primary()
      if (found !== null) return found
      if (performance.now() > deadline) throw new Error(`no primary within ${startTimeoutMs} ms`)
      await pause(primaryPauseMs)
    }
  }
  await waitPrimary()
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',')
  return {
    uri: `mongodb://${hosts}/?replicaSet=${name}`,
    members,
    primary,
    waitPrimary,
    start,
    kill: async ({ port }) => {
      children.get(port)?.kill('SIGKILL')
      await children.get(port)?.exited
    },
    signal: ({ port }, signal) => children.get(port)?.kill(signal),
    stepDown: ({ port }) =>
      withAdmin(port, async (admin) => {
        // The step-down may cut the connection that asked for it.
        await admin
          .command({ replSetStepDown: stepDownSeconds, secondaryCatchUpPeriodSecs: 5 })
          .catch(() => undefined)
      }),
    stop: async () => {
      for (const child of children.values()) child.kill('SIGKILL')
      await Promise.all([...children.values()].map(({ exited }) => exited))
    },
  }
}

const argsOf = (folder: string, port: number, { parameters }: Failover): readonly string[] => [
  ...['--dbpath', join(folder, 'data'), '--port', String(port), '--bind_ip', '127.0.0.1'],
  ...['--replSet', name, '--oplogSize', '128', '--nounixsocket', '--quiet'],
  ...['--wiredTigerCacheSizeGB', '0.25'],
  ...['diagnosticDataCollectionEnabled=false', ...parameters].flatMap((each) => [
    '--setParameter',
    each,
  ]),
]

const initiate = (ports: readonly number[], { settings }: Failover): Promise<void> =>
  withAdmin(ports[0] ?? 0, async (admin) => {
    await admin.command({
      replSetInitiate: {
        _id: name,
        members: ports.map((port, id) => ({ _id: id, host: `127.0.0.1:${port}` })),
        settings,
      },
    })
  })

type Hello = { readonly isWritablePrimary: boolean }

const helloOf = (port: number): Promise<Hello | null> =>
  withAdmin(port, async (admin) => (await admin.command({ hello: 1 })) as unknown as Hello).catch(
    () => null,
  )

const withAdmin = async <Result>(
  port: number,
  ask: (admin: mongoose.mongo.Db) => Promise<Result>,
): Promise<Result> => {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: answerTimeoutMs,
    connectTimeoutMS: answerTimeoutMs,
    socketTimeoutMS: answerTimeoutMs * 5,
  })
  try {
    return await ask(client.db('admin'))
  } finally {
    await client.close(true)
  }
}
