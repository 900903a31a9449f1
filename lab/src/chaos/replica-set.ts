import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import mongoose from 'mongoose'
import { onLoopback, startChild, startedAt, type Child, type Place } from '@recargas/stack/child'
import type { Guard } from '@recargas/stack/guard'
import { electionSettings, memberOptions } from '@recargas/stack/mongod-members'
import { freePorts } from '@recargas/stack/ports'
import { waitUntil } from '@recargas/stack/readiness'

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
    uriOptions: `&${memberOptions}`,
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
    uriOptions: '',
  },
} as const
type Failover = (typeof failovers)[keyof typeof failovers]
const stepDownSeconds = 10
const primaryPauseMs = 100

export type Member = {
  readonly host: string
  readonly port: number
  readonly pid: () => number | null
}

/** Three members on this machine, which elect a primary among themselves. */
export type ReplicaSet = {
  readonly uri: string
  readonly members: readonly Member[]
  /** null while there is none. */
  readonly primary: () => Promise<Member | null>
  readonly waitPrimary: () => Promise<Member>
  /** As a power cut would, and back on the same data. */
  readonly kill: (member: Member) => Promise<void>
  /** @param env for this start, beside this process's own */
  readonly start: (member: Member, env?: NodeJS.ProcessEnv) => Promise<void>
  /** A clean end: a primary hands over first. */
  readonly end: (member: Member) => Promise<void>
  readonly signal: (member: Member, signal: 'SIGSTOP' | 'SIGCONT') => void
  readonly stepDown: (member: Member) => Promise<void>
  /** Makes a secondary the primary. */
  readonly stepUp: (member: Member) => Promise<void>
  /** Members that are in order as that one sees it: it takes part, is heard, and is not catching up. */
  readonly inOrder: (seenBy: Member) => Promise<readonly Member[]>
  readonly stop: () => Promise<void>
}

type Options = {
  readonly binary: string
  readonly folder: string
  readonly guard: Guard
  readonly failover?: keyof typeof failovers
  /** One for each member; loopback of this machine by default. */
  readonly places?: readonly Place[] | undefined
}

export const startReplicaSet = async (options: Options): Promise<ReplicaSet> => {
  const failover = failovers[options.failover ?? 'patient']
  const { addresses, children, start } = await startProcesses(options, failover)
  await initiate(addresses, failover)
  const members = addresses.map(({ host, port }): Member => {
    const running = () => children.get(port)
    return {
      host,
      port,
      pid: () => (running()?.running() === true ? (running()?.pid ?? null) : null),
    }
  })
  const primary = async () => {
    const greetings = await Promise.all(members.map(helloOf))
    const claims = members.flatMap((member, index) => {
      const greeting = greetings[index]
      return greeting?.isWritablePrimary === true ? [{ member, elected: electionOf(greeting) }] : []
    })
    // A former primary that was paused claims to be one until it hears of the next.
    return claims.sort((one, other) => other.elected.localeCompare(one.elected))[0]?.member ?? null
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
  const hosts = addresses.map(textOf).join(',')
  return {
    uri: `mongodb://${hosts}/?replicaSet=${name}${failover.uriOptions}`,
    members,
    primary,
    waitPrimary,
    start,
    kill: async ({ port }) => {
      children.get(port)?.kill('SIGKILL')
      await children.get(port)?.exited
    },
    end: async ({ port }) => {
      await children.get(port)?.stop(endTimeoutMs)
    },
    signal: ({ port }, signal) => children.get(port)?.kill(signal),
    stepDown: (member) =>
      withAdmin(member, async (admin) => {
        // The step-down may cut the connection that asked for it.
        await admin
          .command({ replSetStepDown: stepDownSeconds, secondaryCatchUpPeriodSecs: 5 })
          .catch(() => undefined)
      }),
    stepUp: (member) =>
      withAdmin(member, async (admin) => {
        await admin.command({ replSetStepUp: 1 })
      }),
    inOrder: async (seenBy) => {
      const ordered = await namesInOrder(seenBy)
      return members.filter((member) => ordered.includes(textOf(member)))
    },
    stop: async () => {
      for (const child of children.values()) child.kill('SIGKILL')
      await Promise.all([...children.values()].map(({ exited }) => exited))
    },
  }
}

const startProcesses = async (options: Options, failover: Failover) => {
  const ports = await freePorts(memberCount)
  const children = new Map<number, Child>()
  const placeOf = (port: number) => options.places?.[ports.indexOf(port)] ?? onLoopback
  const start = async ({ host, port }: Address, env: NodeJS.ProcessEnv = {}) => {
    const folder = join(options.folder, `member-${port}`)
    mkdirSync(join(folder, 'data'), { recursive: true })
    const child = await startChild({
      name: 'mongod',
      ...startedAt(placeOf(port), options.binary, argsOf(folder, { host, port }, failover)),
      env: { ...process.env, ...env },
      logFile: join(folder, 'mongod.log'),
      guard: options.guard,
    })
    children.set(port, child)
    await waitUntil(`mongod ${port} answers`, startTimeoutMs, async () => {
      if (!child.running()) throw new Error(`mongod ended:\n${child.lastLines(10)}`)
      return (await helloOf({ host, port })) !== null
    })
  }
  const addresses = ports.map((port): Address => ({ host: placeOf(port).host, port }))
  await Promise.all(addresses.map((address) => start(address)))
  return { addresses, children, start }
}

const namesInOrder = (seenBy: Address): Promise<readonly string[]> =>
  withAdmin(seenBy, async (admin) => {
    const status = await admin.command({ replSetGetStatus: 1 })
    return (status as unknown as Status).members
      .filter(({ health, stateStr }) => health === 1 && orderly.has(stateStr))
      .map(({ name }) => name)
  })

type Address = Pick<Member, 'host' | 'port'>

const textOf = ({ host, port }: Address): string => `${host}:${port}`

type Status = {
  readonly members: readonly {
    readonly name: string
    readonly health: number
    readonly stateStr: string
  }[]
}
const orderly: ReadonlySet<string> = new Set(['PRIMARY', 'SECONDARY'])
const endTimeoutMs = 30_000

const argsOf = (
  folder: string,
  { host, port }: Address,
  { parameters }: Failover,
): readonly string[] => [
  ...['--dbpath', join(folder, 'data'), '--port', String(port), '--bind_ip', host],
  ...['--replSet', name, '--oplogSize', '128', '--nounixsocket', '--quiet'],
  ...['--wiredTigerCacheSizeGB', '0.25'],
  ...['diagnosticDataCollectionEnabled=false', ...parameters].flatMap((each) => [
    '--setParameter',
    each,
  ]),
]

const initiate = async (addresses: readonly Address[], { settings }: Failover): Promise<void> => {
  const members = addresses.map((address, id) => ({ _id: id, host: textOf(address) }))
  for (const first of addresses.slice(0, 1)) {
    await withAdmin(first, async (admin) => {
      await admin.command({ replSetInitiate: { _id: name, members, settings } })
    })
  }
}

type Hello = {
  readonly isWritablePrimary: boolean
  /** Rises with each election; only a primary has one. */
  readonly electionId?: { readonly toHexString: () => string }
}

const electionOf = ({ electionId }: Hello): string => electionId?.toHexString() ?? ''

const helloOf = (address: Address): Promise<Hello | null> =>
  withAdmin(
    address,
    async (admin) => (await admin.command({ hello: 1 })) as unknown as Hello,
  ).catch(() => null)

const withAdmin = async <Result>(
  address: Address,
  ask: (admin: mongoose.mongo.Db) => Promise<Result>,
): Promise<Result> => {
  const client = new MongoClient(`mongodb://${textOf(address)}/`, {
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
