import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { onLoopback, startChild, startedAt, type Child } from '@recargas/stack/child'
import type { Guard } from '@recargas/stack/guard'
import { electionSettings, memberOptions } from '@recargas/stack/mongod-members'
import { accepts, freePorts } from '@recargas/stack/ports'
import { waitUntil } from '@recargas/stack/readiness'
import { eventually } from '../till/shop.ts'
import type { Group, Member, MemberPlace } from './group.ts'

const { MongoClient } = mongoose.mongo

const name = 'rs0'
const memberCount = 3
const startTimeoutMs = 90_000
const endTimeoutMs = 30_000
const answerTimeoutMs = 2_000
const stepDownSeconds = 10
/** Two ways to detect a silent member. */
const failovers = {
  /** On a busy machine a primary may be silent for some time and stay primary. */
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

export type Mongod = Member & {
  readonly host: string
  readonly port: number
  readonly stepDown: () => Promise<void>
  /** Makes a secondary the primary. */
  readonly stepUp: () => Promise<void>
}

/** Three members on this machine, which elect a primary among themselves. */
export type ReplicaSet = Group<Mongod> & {
  readonly uri: string
  readonly waitPrimary: () => Promise<Mongod>
  readonly stop: () => Promise<void>
}

type Options = {
  readonly binary: string
  readonly folder: string
  readonly guard: Guard
  readonly failover?: keyof typeof failovers
  /** One for each member; loopback of this machine by default. */
  readonly networks?: readonly (MemberPlace | null)[]
}

export const startReplicaSet = async (options: Options): Promise<ReplicaSet> => {
  const failover = failovers[options.failover ?? 'patient']
  const ports = await freePorts(memberCount)
  const members = ports.map((port, index) => createMember(options, failover, port, index))
  await Promise.all(members.map((member) => member.start()))
  await initiate(members, failover)
  const lead = async () => {
    const greetings = await Promise.all(members.map(helloOf))
    const claims = members.flatMap((member, index) => {
      const greeting = greetings[index]
      return greeting?.isWritablePrimary === true ? [{ member, elected: electionOf(greeting) }] : []
    })
    // A former primary that was paused claims to be the primary until it hears of the new one.
    return claims.sort((one, other) => other.elected.localeCompare(one.elected))[0]?.member ?? null
  }
  const waitPrimary = () => eventually(lead, (found) => found !== null, startTimeoutMs)
  await waitPrimary()
  return {
    uri: `mongodb://${members.map(textOf).join(',')}/?replicaSet=${name}${failover.uriOptions}`,
    members,
    lead,
    waitPrimary,
    inOrder: async (seenBy) => {
      const asked = members.find((member) => member === seenBy)
      const ordered = asked === undefined ? [] : await namesInOrder(asked)
      return members.filter((member) => ordered.includes(textOf(member)))
    },
    stop: async () => {
      await Promise.all(members.map((member) => member.kill()))
    },
  }
}

const createMember = (
  options: Options,
  failover: Failover,
  port: number,
  index: number,
): Mongod => {
  const network = options.networks?.[index] ?? null
  const place = network?.place ?? onLoopback
  const address = { host: place.host, port }
  const folder = join(options.folder, `member-${port}`)
  let child: Child | null = null
  return {
    ...address,
    name: `mongod ${index + 1}`,
    network,
    pid: () => (child?.running() === true ? child.pid : null),
    start: async (env = {}) => {
      mkdirSync(join(folder, 'data'), { recursive: true })
      const started = await startChild({
        name: 'mongod',
        ...startedAt(place, options.binary, argsOf(folder, address, failover)),
        env: { ...process.env, ...env },
        logFile: join(folder, 'mongod.log'),
        guard: options.guard,
      })
      child = started
      await waitUntil(`mongod ${port} answers`, startTimeoutMs, async () => {
        if (!started.running()) throw new Error(`mongod ended:\n${started.lastLines(10)}`)
        return (await helloOf(address)) !== null
      })
    },
    end: async () => {
      await child?.stop(endTimeoutMs)
    },
    kill: async () => {
      child?.kill('SIGKILL')
      await child?.exited
    },
    signal: (signal) => child?.kill(signal),
    isReached: () => accepts(port, place.host),
    stepDown: () =>
      withAdmin(address, async (admin) => {
        // The step-down may cut the connection that asked for it.
        await admin
          .command({ replSetStepDown: stepDownSeconds, secondaryCatchUpPeriodSecs: 5 })
          .catch(() => undefined)
      }),
    stepUp: () =>
      withAdmin(address, async (admin) => {
        await admin.command({ replSetStepUp: 1 })
      }),
  }
}

type Address = Pick<Mongod, 'host' | 'port'>

const textOf = ({ host, port }: Address): string => `${host}:${port}`

type Status = {
  readonly members: readonly {
    readonly name: string
    readonly health: number
    readonly stateStr: string
  }[]
}
const orderly: ReadonlySet<string> = new Set(['PRIMARY', 'SECONDARY'])

const namesInOrder = (seenBy: Address): Promise<readonly string[]> =>
  withAdmin(seenBy, async (admin) => {
    const status = await admin.command({ replSetGetStatus: 1 })
    return (status as unknown as Status).members
      .filter(({ health, stateStr }) => health === 1 && orderly.has(stateStr))
      .map(({ name }) => name)
  })

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
