import { join } from 'node:path'
import { startCluster } from './cluster.ts'
import { dockerEngine } from './docker-engine.ts'
import { environmentValue } from './given-value.ts'
import { createGuard, type Guard } from './guard.ts'
import { nativePrograms } from './install.ts'
import { startMongod, type Mongod } from './mongod.ts'
import { anyPorts, type NativePorts } from './native-ports.ts'
import { startRabbitmq, type Rabbitmq } from './rabbitmq.ts'
import type { NodeCount } from './server-versions.ts'
import { timed } from './readiness.ts'

export const backends = ['external', 'docker', 'native'] as const
export type Backend = (typeof backends)[number]

/** The addresses of MongoDB and RabbitMQ, and their stop. */
export type Servers = {
  readonly backend: Backend
  /** The reason for this backend instead of an earlier one. */
  readonly why: string
  /** A replica set, without a database. */
  readonly mongodbUri: string
  /** Without a virtual host unless the outside named one. */
  readonly amqpUrl: string
  /** With user and password; null when an outside broker's is not known. */
  readonly managementUrl: string | null
  /** Controls for faults; only single servers of our own have them. */
  readonly native: { readonly mongod: Mongod; readonly rabbitmq: Rabbitmq } | null
  /** Resolves when a server of ours ends unexpectedly. */
  readonly died: Promise<string>
  readonly stop: () => Promise<void>
}

export type ServersOptions = {
  /** Data and logs of the servers. */
  readonly folder: string
  readonly log: (line: string) => void
  /** This backend and no other; also STACK_BACKEND. */
  readonly backend?: Backend | undefined
  /** An earlier result of chooseBackend. */
  readonly choice?: Choice
  readonly onReady?: (name: string, tookMs: number) => void
  /** Fixed ports for servers of our own; free ones otherwise. */
  readonly ports?: NativePorts
  /** The caller's, which the caller closes; one of their own otherwise. */
  readonly guard?: Guard
  /** Data outlive the servers. */
  readonly keepData?: boolean
  /** Members of each server of our own; one by default. */
  readonly nodes?: NodeCount
}

/** The chosen backend, known before anything is started. */
export type Choice = { readonly backend: Backend; readonly why: string }

/** The first that serves: servers that the environment names, a Docker engine with the images, programs of this machine. */
export const chooseBackend = async (
  asked: Backend | undefined,
  log: (line: string) => void,
): Promise<Choice> => {
  const backend = asked ?? backendAsked(process.env['STACK_BACKEND'])
  if (backend !== undefined) return { backend, why: 'asked for' }
  if (environmentValue('MONGODB_URI') && environmentValue('AMQP_URL')) {
    return { backend: 'external', why: 'MONGODB_URI and AMQP_URL are set' }
  }
  const engine = await dockerEngine(log)
  return { backend: engine.kind === 'ready' ? 'docker' : 'native', why: engine.why }
}

/** Nothing asked for is no error; a name that is none is one. */
export const backendAsked = (name: string | undefined): Backend | undefined =>
  name === undefined || name === '' ? undefined : backendNamed(name)

export const backendNamed = (name: string): Backend => {
  const backend = backends.find((known) => known === name)
  if (backend === undefined) throw new Error(`no backend ${name}: one of ${backends.join(', ')}`)
  return backend
}

export const acquireServers = async (options: ServersOptions): Promise<Servers> => {
  const { backend, why } = options.choice ?? (await chooseBackend(options.backend, options.log))
  switch (backend) {
    case 'external':
      return externalServers(why)
    case 'docker':
      return dockerServers(options, why)
    case 'native':
      return nativeServers(options, why)
  }
}

const externalServers = (why: string): Servers => {
  const mongodbUri = environmentValue('MONGODB_URI')
  const amqpUrl = environmentValue('AMQP_URL')
  if (!mongodbUri || !amqpUrl) throw new Error('external servers: set MONGODB_URI and AMQP_URL')
  return {
    backend: 'external',
    why,
    mongodbUri,
    amqpUrl,
    managementUrl: environmentValue('RABBIT_MANAGEMENT_URL') ?? null,
    native: null,
    died: new Promise(() => undefined),
    stop: () => Promise.resolve(),
  }
}

const dockerServers = async (options: ServersOptions, why: string): Promise<Servers> => {
  // Loaded only here: the container library takes long to load.
  const { startContainers } = await import('./docker.ts')
  const { folder, keepData = false } = options
  const containers = await timed('mongodb and rabbitmq', options.onReady, () =>
    startContainers({ folder, keepData }),
  )
  return { backend: 'docker', why, native: null, died: new Promise(() => undefined), ...containers }
}

const nativeServers = async (options: ServersOptions, why: string): Promise<Servers> => {
  if (options.nodes === 3) return clusteredServers(options, why)
  const programs = await nativePrograms(options.log)
  const ports = options.ports ?? (await anyPorts())
  const guard = options.guard ?? createGuard()
  const closeOwnGuard = () => (options.guard === undefined ? guard.close() : Promise.resolve())
  const starting = [
    timed('mongod', options.onReady, () =>
      startMongod({
        binary: programs.mongod,
        folder: join(options.folder, 'mongodb'),
        port: ports.mongodb,
        guard,
      }),
    ),
    timed('rabbitmq', options.onReady, () =>
      startRabbitmq({
        ...programs,
        folder: join(options.folder, 'rabbitmq'),
        ports,
        guard,
      }),
    ),
  ] as const
  const [mongod, rabbitmq] = await Promise.all(starting).catch(async (error: unknown) => {
    // The guard ends the servers that did start.
    await closeOwnGuard()
    throw error
  })
  return {
    backend: 'native',
    why,
    mongodbUri: mongod.uri,
    amqpUrl: rabbitmq.amqpUrl,
    managementUrl: rabbitmq.managementUrl,
    native: { mongod, rabbitmq },
    died: Promise.race([mongod.died(), rabbitmq.died()]),
    stop: async () => {
      // Temporary data need no clean end.
      const end = options.keepData ? 'stop' : 'kill'
      await Promise.all([mongod[end](), rabbitmq[end]()])
      await closeOwnGuard()
    },
  }
}

const clusteredServers = async (options: ServersOptions, why: string): Promise<Servers> => {
  const { folder, log, onReady, ports } = options
  const guard = options.guard ?? createGuard()
  const closeOwnGuard = () => (options.guard === undefined ? guard.close() : Promise.resolve())
  const cluster = await startCluster({ folder, guard, log, onReady, ports }).catch(
    async (error: unknown) => {
      // The guard ends the members that did start.
      await closeOwnGuard()
      throw error
    },
  )
  return {
    backend: 'native',
    why,
    mongodbUri: cluster.mongodbUri,
    amqpUrl: cluster.amqpUrl,
    managementUrl: cluster.managementUrl,
    native: null,
    // A member is started again instead.
    died: new Promise(() => undefined),
    stop: async () => {
      await cluster.stop(options.keepData ? 'stop' : 'kill')
      await closeOwnGuard()
    },
  }
}
