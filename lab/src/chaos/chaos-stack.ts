import { join } from 'node:path'
import { startOrClose, type Guard } from '@recargas/stack/guard'
import { nativePrograms } from '@recargas/stack/install'
import { anyPorts } from '@recargas/stack/native-ports'
import { freePort } from '@recargas/stack/ports'
import { startRabbitmq } from '@recargas/stack/rabbitmq'
import type { Environment } from '@recargas/stack/service-process'
import { databaseOf, stackDatabases } from '@recargas/stack/stack-access'
import { startStack, type Stack, type StackOptions } from '@recargas/stack/supervisor'
import { say } from '../runner/report.ts'
import { createInstance, type Instance } from './instances.ts'
import { services, type Service } from './plan.ts'
import { startReplicaSet, type ReplicaSet } from './replica-set.ts'
import { startToxiproxy, toxiproxyProgram } from './toxiproxy.ts'

/** The chaos stack: two instances of each service on servers of their own. */
export type ChaosStack = Awaited<ReturnType<typeof startAll>>

const databases = stackDatabases()

/** Schedules at one tenth, and limits that fit them. */
const common: Environment = {
  LOG_LEVEL: 'warn',
  AMQP_HEARTBEAT_SECONDS: '2',
  AMQP_RECONNECT_MS_MAX: '500',
}
/** Faults are repaired, and unclear sales sent again, ten times as soon as usual. */
export const quickSettings = {
  gateway: common,
  ledger: {
    ...common,
    ACCEPT_UNTIL_MS: '60000',
    SWEEP_EVERY_MS: '300',
    SWEEP_BACKOFF_MS_MIN: '1000',
    SWEEP_BACKOFF_MS_MAX: '6000',
    CLOCK_SKEW_MS: '200',
  },
  adapter: {
    ...common,
    TPAGA_CONNECT_TIMEOUT_MS: '400',
    TPAGA_CALL_TIMEOUT_MS: '800',
    LEASE_MS: '2000',
    CLOCK_SKEW_MS: '200',
    TOPUP_REPEAT_SECONDS: '0.3,1,3,6,12',
    REPEAT_EVERY_MS: '100',
    SEND_DEADLINE_MS: '20000',
    // A carrier that fails on purpose a third of the time must not stop the sales.
    BREAKER_ERROR_PERCENT: '90',
    BREAKER_RESET_MS: '500',
  },
} as const

export const startChaosStack = (folder: string, seed: number) =>
  startOrClose((guard) => startAll(folder, guard, seed))

const startServers = async (folder: string, guard: Guard, sandboxPort: number) => {
  const program = await toxiproxyProgram()
  const { mongod, ...brokerPrograms } = await nativePrograms(say)
  const brokerFolder = join(folder, 'rabbitmq')
  const ports = await anyPorts()
  const [mongodb, broker, proxies] = await Promise.all([
    startReplicaSet({ binary: mongod, folder: join(folder, 'mongodb'), guard }),
    startRabbitmq({ ...brokerPrograms, folder: brokerFolder, ports, guard }),
    // null: toxiproxy cannot be had here.
    program === null ? null : startToxiproxy(program, folder, guard),
  ])
  let primary = await mongodb.waitPrimary()
  await proxies?.open('amqp', ports.amqp)
  await proxies?.open('mongodb', primary.port)
  await proxies?.open('carrier', sandboxPort)
  /** Points the proxy at the present primary. */
  const followPrimary = async () => {
    const now = await mongodb.lead()
    if (now === null || now === primary) return
    primary = now
    await proxies?.redirect('mongodb', primary.port)
  }
  return { mongodb, broker, brokerFolder, proxies, followPrimary }
}

type Servers = Awaited<ReturnType<typeof startServers>>

/** The servers' addresses for the services: through the proxies, if there are any. */
const addressesOf = ({ mongodb, broker, proxies }: Servers, sandboxPort: number) => ({
  mongodbUri:
    proxies === null
      ? mongodb.uri
      : `mongodb://127.0.0.1:${proxies.port('mongodb')}/?directConnection=true`,
  amqpUrl:
    proxies === null
      ? broker.amqpUrl
      : broker.amqpUrl.replace(`:${broker.ports.amqp}`, `:${proxies.port('amqp')}`),
  carrierUrl: `http://127.0.0.1:${proxies?.port('carrier') ?? sandboxPort}/api/gateway_topup/v1`,
})

const startAll = async (folder: string, guard: Guard, seed: number) => {
  const sandboxPort = await freePort()
  const servers = await startServers(folder, guard, sandboxPort)
  const { mongodb, broker, proxies } = servers
  const { mongodbUri, amqpUrl, carrierUrl } = addressesOf(servers, sandboxPort)
  let isProxied = proxies !== null
  const selling = await startTwoOfEach({
    servers: { mongodb, broker, guard },
    stack: {
      folder,
      mongodbUri,
      amqpUrl,
      ports: { sandbox: sandboxPort },
      env: {
        ...quickSettings,
        sandbox: { SANDBOX_SEED: String(seed) },
        adapter: { ...quickSettings.adapter, TPAGA_BASE_URL: carrierUrl },
      },
    },
    settingsOf: (service) =>
      isProxied || service === 'gateway'
        ? {}
        : { MONGODB_URI: databaseOf(mongodb.uri, databases[service]) },
  })
  return {
    ...servers,
    ...selling,
    amqpUrls: [broker.amqpUrl],
    /** From their next start on services connect to the replica set itself. */
    leaveMongodbProxy: () => {
      isProxied = false
    },
  }
}

/** Two instances of each service on servers of their own, which end with them. */
export const startTwoOfEach = async (options: {
  readonly servers: {
    readonly mongodb: ReplicaSet
    readonly broker: { readonly kill: () => Promise<void> }
    readonly guard: Guard
  }
  readonly stack: StackOptions
  readonly settingsOf: (service: Service) => Environment
}) => {
  const { mongodb, broker, guard } = options.servers
  const stack = await startStack({ ...options.stack, guard, readyTimeoutMs: 60_000 })
  const instances = await startInstances(stack, options.settingsOf)
  const of = (service: Service) => instances.filter((instance) => instance.service === service)
  return {
    instances,
    of,
    sandboxUrl: stack.urls.sandbox,
    jwtSecret: stack.jwtSecret,
    /** For the oracle: an address without any proxy. */
    ledgerUri: databaseOf(mongodb.uri, databases.ledger),
    gatewayUrls: of('gateway').map(({ process }) => process.url),
    stop: async () => {
      // Their data are not read again, so a clean stop is not needed.
      await Promise.all(instances.map(({ process }) => process.kill('SIGKILL')))
      await stack.stop()
      await Promise.all([mongodb.stop(), broker.kill()])
      await guard.close()
    },
  }
}

/** The first instance of each service, which runs already, and a second one. */
const startInstances = async (
  stack: Stack,
  settingsOf: (service: Service) => Environment,
): Promise<readonly Instance[]> => {
  const ledger = await stack.another('ledger', 'ledger-2')
  const adapter = await stack.another('adapter', 'adapter-2')
  // Each gateway asks a ledger of its own.
  const gateway = await stack.another('gateway', 'gateway-2', { LEDGER_URL: ledger.url })
  const seconds = { ledger, adapter, gateway }
  await Promise.all(Object.values(seconds).map((second) => second.start()))
  return services.flatMap((service) =>
    [stack.processes[service], seconds[service]].map((process) =>
      createInstance(service, process, () => settingsOf(service)),
    ),
  )
}
