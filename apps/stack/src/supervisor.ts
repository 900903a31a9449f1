import { join } from 'node:path'
import type { BrokerUser } from '@recargas/contracts'
import { createGuard, type Guard } from './guard.ts'
import { freePort } from './ports.ts'
import {
  createServiceProcess,
  repository,
  type Environment,
  type ServiceProcess,
} from './service-process.ts'
import { createInstances, isBalanced, type Instances } from './service-instances.ts'
import { mains, serviceNames, type PerService, type ServiceName } from './service-names.ts'
import { accessOf, type ReachedServers } from './stack-access.ts'
import type { Access } from './users.ts'

export type StackSecrets = {
  readonly jwtSecret: string
  readonly serviceToken: string
  readonly tpagaApiKey: string
  /** Seed of the passwords of the servers' users. */
  readonly usersSecret: string
}

export type StackOptions = ReachedServers & {
  /** Logs and the sandbox's state. */
  readonly folder: string
  readonly secrets?: StackSecrets
  /** 0 or nothing: any free port. */
  readonly ports?: Partial<PerService<number>>
  /** All of them by default. */
  readonly services?: readonly ServiceName[]
  /** `ACCEPT_UNTIL_MS` of gateway and ledger: a ledger with a smaller one refuses every press. */
  readonly acceptUntilMs?: string | undefined
  /** Settings of single services, such as the adapter's CRASH_AT. */
  readonly env?: Partial<PerService<Environment>>
  /** A carrier outside: the sandbox is not started. */
  readonly tpagaBaseUrl?: string | undefined
  /** The carrier remembers its sales across a restart. */
  readonly keepSandboxState?: boolean
  readonly readyTimeoutMs?: number
  /** The caller's, which the caller closes; one of its own otherwise. */
  readonly guard?: Guard
  readonly onReady?: (name: string, tookMs: number) => void
  /** Ports for debuggers of single services. */
  readonly inspectPorts?: Partial<PerService<number>>
  /** The repository whose build of a process is started, by the process's name; this one by default. */
  readonly rootOf?: (name: string) => string
  /** Called with a process's name when it ends unexpectedly, instead of `died`. */
  readonly onDeath?: (name: string, cause: string) => void
  /** Two: a second gateway, ledger and adapter run, and each pair shares the service's port by a balancer. */
  readonly instances?: 1 | 2
}

export type Stack = {
  readonly urls: PerService<string>
  readonly jwtSecret: string
  readonly serviceToken: string
  /** The ledger's own database, as the ledger. */
  readonly ledgerUri: string
  readonly adapterUri: string
  /** The ledger's database with the read-only user, for `npm run verify`. */
  readonly auditUri: string
  /** One file for each service. */
  readonly logFolder: string
  readonly processes: PerService<ServiceProcess>
  /** All processes, second instances included. */
  readonly instances: Instances['all']
  /** One more instance of a service, with the settings of the first unless overridden; not started yet. */
  readonly another: (name: ServiceName, title: string, env?: Environment) => Promise<ServiceProcess>
  /** Resolves with a process's last output when it ends unexpectedly. */
  readonly died: Promise<string>
  readonly stop: () => Promise<void>
}

/** Secrets that protect nothing: for stacks that only this machine reaches. */
export const testSecrets: StackSecrets = {
  jwtSecret: 'recargas-test-jwt-secret-0123456789abcdef',
  serviceToken: 'recargas-test-service-token',
  tpagaApiKey: 'recargas-test-tpaga-api-key',
  usersSecret: 'recargas-test-users-secret',
}

/** For loads from one person or one address: a shop's limits are not measured. */
export const unlimitedRates: Environment = {
  RATE_SUBJECT_MAX: '1000000',
  RATE_ADDRESS_MAX: '1000000',
  CONNECTIONS_PER_ADDRESS_MAX: '5000',
}

/**
 * Starts the services as processes of their own, all at once, and waits until each is ready. When one is not in
 * time, all are stopped.
 * @throws with the service's last log lines
 */
export const startStack = async (options: StackOptions): Promise<Stack> => {
  const secrets = options.secrets ?? testSecrets
  const ports = await portsOf(options)
  const guard = options.guard ?? createGuard()
  let tellDeath: (cause: string) => void = () => undefined
  const died = new Promise<string>((resolve) => (tellDeath = resolve))
  const access = await accessOf(options, secrets.usersSecret)
  const environments = environmentsOf(options, ports, secrets, access)
  // Behind a balancer, which has the service's port, an instance listens on one of its own.
  const isDouble = options.instances === 2
  const listening = isDouble ? await portsOf({ ...options, ports: {} }) : ports
  const create = (name: ServiceName) => {
    const port = isBalanced(name) ? listening[name] : ports[name]
    const settings = { ...environments[name], PORT: String(port) }
    return serviceProcess(name, options, port, settings, guard, tellDeath)
  }
  const processes = {
    sandbox: create('sandbox'),
    ledger: create('ledger'),
    adapter: create('adapter'),
    gateway: create('gateway'),
  }
  const another: Stack['another'] = async (name, title, env = {}) => {
    const port = await freePort()
    const settings = { ...environments[name], PORT: String(port), ...env }
    return serviceProcess(name, options, port, settings, guard, tellDeath, title)
  }
  const chosen = (options.services ?? serviceNames).filter(
    (name) => name !== 'sandbox' || options.tpagaBaseUrl === undefined,
  )
  const instances = await createInstances({
    ...{ processes, chosen, ports, onReady: options.onReady },
    second: isDouble ? (name) => another(name, `${name}-2`) : null,
  })
  const stop = async () => {
    await instances.stop()
    if (options.guard === undefined) await guard.close()
  }
  try {
    await instances.start()
  } catch (error) {
    await stop()
    throw error
  }
  const { jwtSecret, serviceToken } = secrets
  const { ledger: ledgerUri, adapter: adapterUri, auditor: auditUri } = access.mongodbUri
  return {
    urls: urlsOf(ports),
    jwtSecret,
    serviceToken,
    ledgerUri,
    adapterUri,
    auditUri,
    logFolder: logFolderOf(options),
    processes,
    instances: instances.all,
    another,
    died,
    stop,
  }
}

const serviceProcess = (
  name: ServiceName,
  options: StackOptions,
  port: number,
  env: Environment,
  guard: Guard,
  onDeath: (cause: string) => void,
  title: string = name,
): ServiceProcess =>
  createServiceProcess({
    name: title,
    main: mains[name],
    root: options.rootOf && (() => options.rootOf?.(title) ?? repository),
    port,
    inspectPort: title === name ? options.inspectPorts?.[name] : undefined,
    env,
    logFile: join(logFolderOf(options), `${title}.log`),
    guard,
    readyTimeoutMs: options.readyTimeoutMs ?? 45_000,
    readyRoute: name !== 'sandbox',
    onDeath: (cause) => {
      if (options.onDeath === undefined) onDeath(cause)
      else options.onDeath(title, cause)
    },
  })

const logFolderOf = ({ folder }: StackOptions): string => join(folder, 'logs')

const portsOf = async ({ ports = {} }: StackOptions): Promise<PerService<number>> => {
  const choose = async (name: ServiceName) => ports[name] || (await freePort())
  return {
    sandbox: await choose('sandbox'),
    ledger: await choose('ledger'),
    adapter: await choose('adapter'),
    gateway: await choose('gateway'),
  }
}

const urlsOf = (ports: PerService<number>): PerService<string> => ({
  sandbox: `http://127.0.0.1:${ports.sandbox}`,
  ledger: `http://127.0.0.1:${ports.ledger}`,
  adapter: `http://127.0.0.1:${ports.adapter}`,
  gateway: `http://127.0.0.1:${ports.gateway}`,
})

/** The settings that each service is started with. */
export const environmentsOf = (
  options: StackOptions,
  ports: PerService<number>,
  secrets: StackSecrets,
  access: Access,
): PerService<Environment> => {
  const urls = urlsOf(ports)
  const tpaga = options.tpagaBaseUrl ?? `${urls.sandbox}/api/gateway_topup/v1`
  const service = (name: BrokerUser): Environment => ({
    // A production setting of the caller's shell is not meant for a stack on loopback.
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(ports[name]),
    AMQP_URL: access.amqpUrl[name],
    SERVICE_TOKEN: secrets.serviceToken,
  })
  const given = options.env ?? {}
  const acceptUntil =
    options.acceptUntilMs === undefined ? {} : { ACCEPT_UNTIL_MS: options.acceptUntilMs }
  return {
    sandbox: {
      HOST: '127.0.0.1',
      PORT: String(ports.sandbox),
      TPAGA_API_KEY: secrets.tpagaApiKey,
      ...(options.keepSandboxState && {
        SANDBOX_STATE_FILE: join(options.folder, 'tpaga-sandbox.json'),
      }),
      ...given.sandbox,
    },
    ledger: {
      ...service('ledger'),
      MONGODB_URI: access.mongodbUri.ledger,
      ADAPTER_URL: urls.adapter,
      ...acceptUntil,
      ...given.ledger,
    },
    adapter: {
      ...service('adapter'),
      MONGODB_URI: access.mongodbUri.adapter,
      TPAGA_BASE_URL: tpaga,
      TPAGA_API_KEY: secrets.tpagaApiKey,
      ...given.adapter,
    },
    gateway: {
      ...service('gateway'),
      JWT_SECRET: secrets.jwtSecret,
      LEDGER_URL: urls.ledger,
      ADAPTER_URL: urls.adapter,
      CATALOGUE_PATH: process.env['CATALOGUE_PATH'] ?? join(repository, 'catalogue.json'),
      DEFAULT_MERCHANT: process.env['DEFAULT_MERCHANT'] ?? 'principal',
      ...acceptUntil,
      ...given.gateway,
    },
  }
}
