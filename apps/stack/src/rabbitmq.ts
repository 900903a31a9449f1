import { mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  describeExit,
  onLoopback,
  startChild,
  startedAt,
  type Child,
  type Place,
  type RunningServer,
} from './child.ts'
import type { BrokerPrograms } from './debian-rabbitmq.ts'
import type { Guard } from './guard.ts'
import { accepts } from './ports.ts'
import { createVhost, managementAnswers } from './rabbitmq-management.ts'
import { runProgram } from './run-program.ts'
import { waitUntil } from './readiness.ts'

const startTimeoutMs = 90_000
/** Data are written within the first of these; afterwards Erlang only waits for itself. */
const stopTimeoutMs = 4_000
const epmdStartTimeoutMs = 5_000
const user = 'guest'
const onlyNode = 'recargas@localhost'

export type RabbitPorts = {
  readonly amqp: number
  readonly management: number
  /** Port of the Prometheus plugin. */
  readonly prometheus: number
  /** Erlang's own two: between nodes, and the table of their names. */
  readonly distribution: number
  readonly epmd: number
}

export type Rabbitmq = RunningServer & {
  /** Without a virtual host, so in '/'. */
  readonly amqpUrl: string
  /** With user and password. */
  readonly managementUrl: string
  readonly ports: RabbitPorts
  readonly restart: () => Promise<void>
  /** Runs one command of rabbitmqctl. @returns its output */
  readonly control: (args: readonly string[]) => Promise<string>
  /** Stopped or continued, the whole of it. */
  readonly signal: (signal: 'SIGSTOP' | 'SIGCONT') => void
}

export type RabbitmqOptions = BrokerPrograms & {
  readonly folder: string
  readonly ports: RabbitPorts
  readonly guard: Guard
  /** Loopback of this machine by default. */
  readonly place?: Place | undefined
  /** Its place in a cluster; a node without one is alone. */
  readonly member?: ClusterMember
  /** Then its AMQP port speaks TLS and nothing else. */
  readonly tls?: BrokerTls
  /** Called each time it ends unexpectedly. */
  readonly onDeath?: (cause: string) => void
}

/** Files in PEM form, and the addresses to listen on. A client's certificate, where it shows one, must be of the same CA. */
export type BrokerTls = {
  readonly addresses: readonly string[]
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

export type ClusterMember = {
  /** name@host, unique in the table of names. */
  readonly node: string
  /** Every member, this one included. They find each other when they first start, all at once. */
  readonly nodes: readonly string[]
  /** Holds the cookie by which members know each other. */
  readonly cookieFolder: string
  /** Seconds after which a silent member counts as gone, within a quarter. */
  readonly silenceSeconds: number
}

/** A private broker node, as any user: its data, its ports and its name table are its own. */
export const startRabbitmq = async (options: RabbitmqOptions): Promise<Rabbitmq> => {
  const { ports, place = onLoopback } = options
  const managementUrl = `http://${user}:${user}@${place.host}:${ports.management}`
  let epmd: Child | null = null
  let broker: Child | null = null
  let wanted = false
  let tellDeath: (cause: string) => void = () => undefined
  const death = new Promise<string>((resolve) => (tellDeath = resolve))

  const start = async () => {
    writeConfiguration(options)
    // Members at one place share the table of names, which their cluster starts.
    if (options.member === undefined || options.place !== undefined) epmd = await startEpmd(options)
    const started = await startBroker(options)
    broker = started
    wanted = true
    void started.exited.then((exit) => {
      if (!wanted || broker !== started) return
      const cause = `rabbitmq ended with ${describeExit(exit)}`
      tellDeath(cause)
      options.onDeath?.(cause)
    })
    await waitUntil('rabbitmq answers', startTimeoutMs, async () => {
      if (!started.running()) throw new Error(`rabbitmq ended:\n${started.lastLines(15)}`)
      return (await accepts(ports.amqp, place.host)) && (await managementAnswers(managementUrl))
    })
    // A new node may answer a moment before its virtual host takes connections.
    await createVhost(managementUrl, '/')
  }
  const end = async (how: (running: Child) => Promise<unknown>) => {
    wanted = false
    if (broker !== null) await how(broker)
    if (epmd !== null) await how(epmd)
    broker = epmd = null
  }
  const stop = () => end((running) => running.stop(stopTimeoutMs))
  await start()
  return {
    amqpUrl: `${options.tls === undefined ? 'amqp' : 'amqps'}://${user}:${user}@${place.host}:${ports.amqp}`,
    managementUrl,
    ports,
    pid: () => broker?.pid ?? null,
    start,
    stop,
    kill: () =>
      end((running) => {
        running.kill('SIGKILL')
        return running.exited
      }),
    restart: async () => {
      await stop()
      await start()
    },
    control: (args) =>
      runProgram(controlScript(options.rabbitmqScript), args, environment(options)),
    signal: (signal) => broker?.kill(signal),
    died: () => death,
  }
}

/** Beside the server's real script; the one on PATH runs only as root or as another user. */
const controlScript = (serverScript: string): string =>
  join(dirname(realpathSync(serverScript)), 'rabbitmqctl')

const writeConfiguration = (options: RabbitmqOptions): void => {
  const { folder, ports, member, tls, place = onLoopback } = options
  mkdirSync(join(folder, 'data'), { recursive: true })
  const lines = [
    ...(tls === undefined
      ? [`listeners.tcp.default = ${place.host}:${ports.amqp}`]
      : tlsLines(tls, ports)),
    `management.tcp.ip = ${place.host}`,
    `management.tcp.port = ${ports.management}`,
    `prometheus.tcp.ip = ${place.host}`,
    `prometheus.tcp.port = ${ports.prometheus}`,
    // The default is a share of the machine; a developer's disk may be nearly full.
    `disk_free_limit.absolute = 50MB`,
    `collect_statistics_interval = 1000`,
    `log.console.level = warning`,
    // Another place is a network that only this machine reaches.
    ...(options.place === undefined ? [] : ['loopback_users = none']),
    ...(member === undefined ? [] : clusterLines(member)),
  ]
  writeFileSync(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`)
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management,rabbitmq_prometheus].\n')
}

const tlsLines = (
  { addresses, ca, certificate, key }: BrokerTls,
  { amqp }: RabbitPorts,
): readonly string[] => [
  'listeners.tcp = none',
  ...addresses.map((address, index) => `listeners.ssl.${index + 1} = ${address}:${amqp}`),
  `ssl_options.cacertfile = ${ca}`,
  `ssl_options.certfile = ${certificate}`,
  `ssl_options.keyfile = ${key}`,
  'ssl_options.verify = verify_peer',
  // Services are known by their passwords.
  'ssl_options.fail_if_no_peer_cert = false',
]

const clusterLines = ({ nodes, silenceSeconds }: ClusterMember): readonly string[] => [
  'cluster_formation.peer_discovery_backend = classic_config',
  ...nodes.map((node, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${node}`),
  `net_ticktime = ${silenceSeconds}`,
  // Consumers of a lost node keep their messages, and their place as the single active one, for a minute by default.
  'consumer_disconnected_timeout = 1000',
]

/** Whatever asks a member that is cut off waits for a connection to it: seven seconds by default. */
const reconnecting = ' -kernel net_setuptime 1'

const environment = (options: RabbitmqOptions): NodeJS.ProcessEnv => {
  const { folder, ports, erlangEnv, member, place = onLoopback } = options
  return {
    PATH: process.env['PATH'],
    ...erlangEnv,
    LANG: 'C.UTF-8',
    // Erlang keeps its cookie here.
    HOME: member?.cookieFolder ?? folder,
    RABBITMQ_NODENAME: member?.node ?? onlyNode,
    // An address as the host of a node's name is a long name.
    ...(options.place === undefined ? {} : { RABBITMQ_USE_LONGNAME: 'true' }),
    RABBITMQ_NODE_IP_ADDRESS: place.host,
    RABBITMQ_NODE_PORT: String(ports.amqp),
    RABBITMQ_DIST_PORT: String(ports.distribution),
    ERL_EPMD_PORT: String(ports.epmd),
    ERL_EPMD_ADDRESS: place.host,
    // A broker that is still starting when epmd is ended with it would leave a daemon of its own on that port.
    ERL_AFLAGS: '-start_epmd false',
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: folder,
    RABBITMQ_LOGS: '-',
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'rabbitmq.pid'),
    // The machine's own broker settings are not this node's.
    RABBITMQ_CONF_ENV_FILE: join(folder, 'no-rabbitmq-env.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'no-advanced.config'),
    // Schedulers that spin while they wait would take a small machine's cores.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: `+sbwt none +sbwtdcpu none +sbwtdio none${member === undefined ? '' : reconnecting}`,
  }
}

/** Our own child, the only one: a broker starts none, since that would be a daemon that outlives it. */
export const startEpmd = async (options: RabbitmqOptions): Promise<Child> => {
  const { folder, ports, guard, place = onLoopback } = options
  const child = await startChild({
    name: 'epmd',
    ...startedAt(place, options.epmd, ['-port', String(ports.epmd), '-address', place.host]),
    env: environment(options),
    logFile: join(folder, 'epmd.log'),
    guard,
  })
  await waitUntil('epmd answers', epmdStartTimeoutMs, () => {
    if (!child.running()) throw new Error(`epmd ended:\n${child.lastLines(5)}`)
    return accepts(ports.epmd, place.host)
  })
  return child
}

const startBroker = (options: RabbitmqOptions): Promise<Child> =>
  startChild({
    name: 'rabbitmq',
    ...startedAt(options.place ?? onLoopback, options.rabbitmqScript, []),
    env: environment(options),
    cwd: options.folder,
    logFile: join(options.folder, 'rabbitmq.log'),
    guard: options.guard,
  })
