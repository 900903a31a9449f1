import { randomUUID } from 'node:crypto'
import { sendHeartbeat, type Broker } from '@recargas/messaging'
import {
  closeServer,
  createCrashing,
  createMetrics,
  createQueueMetrics,
  openTracing,
  opsRoutes,
  createProbes,
  runHeartbeat,
  timerMs,
  type CrashPoint,
  type Crashing,
  type Log,
  type RunningService,
  type Tracer,
} from '@recargas/runtime'
import { createTokens, type Tokens } from './auth/tokens.ts'
import { settingsOf } from './catalogue/catalogue.ts'
import { startCatalogue, type RunningCatalogue } from './catalogue/start-catalogue.ts'
import type { GatewaySettings } from './config.ts'
import { openBroker, createCommandPublisher } from './open-broker.ts'
import { createAdapterClient, type AdapterClient } from './clients/adapter-client.ts'
import { listenLimited } from './server/connections.ts'
import { crashingExecute, crashingPorts, crashingWaiters } from './crash-points.ts'
import type { OperationDeps } from './operation/ports.ts'
import { listenForOperators, publicPorts } from './server/operations-server.ts'
import { createLedgerClient, type LedgerClient } from './clients/ledger-client.ts'
import { builtScreen, screenRoutes, signInSettingsOf } from './server/screen-routes.ts'
import { createServer } from './server/server.ts'
import { createGatewayMetrics, type GatewayMetrics } from './metrics.ts'
import { createHeartbeatWatch, type HeartbeatWatch } from './commands/heartbeat-watch.ts'
import { createNamespace, type Namespace } from './commands/namespace.ts'
import {
  createNotificationStreams,
  type NotificationStreams,
} from './notifications/notification-streams.ts'
import { openApiDocument } from './openapi/document.ts'
import type { Pages } from './openapi/public-operations.ts'
import { createExecuteCommand } from './commands/execute-command.ts'
import { createCommandSender, type Clock, type CommandSender } from './commands/send-and-await.ts'
import { createWaiters, type Waiters } from './commands/waiters.ts'
import { readinessOf, waitUntilReady } from './readiness.ts'
import { gatewayRoutes } from './routes.ts'
import { startEvents } from './start-events.ts'
import { startOperation } from './start-operation.ts'

const republishAfterMs = 500
const republishConfirmedAfterMs = 4_000
const namespaceRetryMs = 1_000
const namespaceRefreshMs = 30_000
const resolutionWaitMs = 10_000
/** Time that a gateway which is not ready keeps its port closed; afterwards its /ready gives the reason. */
const startWaitMs = 3_000

const clock: Clock = {
  now: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, timerMs(delayMs))
    return () => clearTimeout(timer)
  },
}

/** Wires the gateway: the POS's HTTP on one side, commands, events and the ledger's reads on the other. */
export const createApp = async (settings: GatewaySettings, log: Log): Promise<RunningService> => {
  const waiters = createWaiters()
  const registry = createMetrics('api-gateway')
  const tracing = await openTracing(settings, { service: 'api-gateway', log, registry })
  const { metrics, notifications } = createFigures(registry, settings, waiters)
  const tokens = await createTokens({ settings, clock, log, registry })
  const { SERVICE_TOKEN: serviceToken } = settings
  const ledger = createLedgerClient({
    url: settings.LEDGER_URL,
    serviceToken,
    connections: settings.LEDGER_CONNECTIONS,
    timeoutMs: settings.LEDGER_TIMEOUT_MS,
    now: clock.now,
  })
  const adapter = createAdapterClient({ url: settings.ADAPTER_URL, serviceToken, now: clock.now })
  const instance = randomUUID()
  const broker = await openBroker(settings, { instance, log, tracer: tracing.tracer })
  const crashing = createCrashing(settings.CRASH_AT)
  const heartbeats = watchHeartbeats(settings, instance)
  const subscription = await startEvents(
    broker,
    instance,
    {
      waiters: crashingWaiters(crashing, ledger.notePositions(waiters)),
      heartbeats,
      notifications,
    },
    createQueueMetrics(registry),
  )
  const namespace = createNamespace({
    read: ledger.identity,
    clock,
    retryEveryMs: namespaceRetryMs,
    refreshEveryMs: namespaceRefreshMs,
    onChange: ({ bornAt }) => log.info('ledger found', { bornAt }),
  })
  const commandSender = createCommandSender({
    ...crashingPorts(crashing, {
      publish: createCommandPublisher(broker, settings.WAITING_MAX),
      askLedger: ledger.askLedger,
    }),
    waiters,
    clock,
    limits: {
      pollAfterMs: settings.POLL_AFTER_MS,
      pollEveryMs: settings.POLL_EVERY_MS,
      republishAfterMs,
      republishConfirmedAfterMs,
      notAcceptedAfterMs: settings.NOT_ACCEPTED_AFTER_MS,
      waitingMax: settings.WAITING_MAX,
    },
    report: metrics.countRepublished,
  })
  let isClosing = false
  const heartbeat = runHeartbeat({
    service: 'api-gateway',
    checks: [{ name: 'broker', check: () => broker.state() }],
    // A broker under an alarm blocks publishers only: the gateway's own heartbeats discover it before the next sale does.
    send: sendHeartbeat(broker),
    instance,
  })
  const parts: Parts = {
    broker,
    catalogue: startCatalogue(settings, log, metrics.noteCatalogue),
    waiters,
    heartbeats,
    notifications,
    ledger,
    namespace,
    metrics,
    registry,
    commandSender,
    carriers: adapter.carriers,
    bundles: adapter.bundles,
    tokens,
    crashing,
    tracer: tracing.tracer,
    isClosing: () => isClosing,
  }
  const operation = startOperation(settings, {
    own: createProbes(readinessOf(parts)),
    heartbeats,
    now: clock.now,
  })
  const { http, operations } = createHttp(settings, log, { ...parts, ...operation })
  // A gateway opens its port only when it can serve: others stand in for it until then.
  await waitUntilReady(readinessOf(parts), startWaitMs)
  const server = await listenLimited(http, settings)
  const closeOps = await listenForOperators(operations, settings)
  log.info('api-gateway is listening', { port: settings.PORT })
  return {
    close: async () => {
      isClosing = true
      notifications.stop()
      const limitMs = settings.SHUTDOWN_TIMEOUT_MS
      const ended = heartbeat.stop()
      const closed = closeServer(server, {
        timeoutMs: (limitMs * 5) / 8,
        lingerMs: limitMs / 8,
      })
      // Most waiting requests receive their outcome in time; the others are answered with the last known state instead of a cut
      // connection.
      const giveUp = setTimeout(commandSender.stop, limitMs / 2)
      await closed
      clearTimeout(giveUp)
      commandSender.stop()
      namespace.stop()
      await Promise.all([subscription.cancel(), parts.catalogue.stop()])
      await broker.close(limitMs / 4)
      await Promise.all([ended, ledger.close(), adapter.close(), operation.close()])
      await Promise.all([tokens.close(), closeOps(), tracing.close(limitMs / 16)])
    },
  }
}

const createFigures = (
  registry: Parts['registry'],
  { EVENT_STREAMS_MAX: streamsMax }: GatewaySettings,
  waiters: Waiters,
) => {
  const metrics = createGatewayMetrics(registry, {
    countWaiting: waiters.count,
    countStreams: () => notifications.count(),
  })
  const notifications = createNotificationStreams({
    clock,
    streamsMax,
    newEpoch: () => randomUUID().slice(0, 8),
    reportDropped: metrics.countDroppedStream,
  })
  return { metrics, notifications }
}

const watchHeartbeats = (settings: GatewaySettings, instance: string): HeartbeatWatch =>
  createHeartbeatWatch({
    instance,
    now: clock.now,
    monotonicMs: () => performance.now(),
    silentAfterMs: settings.SILENT_AFTER_MS,
    skewMsMax: settings.CLOCK_SKEW_MS,
  })

type Parts = {
  readonly broker: Broker
  readonly catalogue: RunningCatalogue
  readonly heartbeats: HeartbeatWatch
  readonly waiters: Waiters
  readonly notifications: NotificationStreams
  readonly ledger: LedgerClient
  readonly namespace: Namespace
  readonly metrics: GatewayMetrics
  readonly registry: ReturnType<typeof createMetrics>
  readonly commandSender: Pick<CommandSender, 'sendAndAwait'>
  readonly carriers: AdapterClient['carriers']
  readonly bundles: AdapterClient['bundles']
  readonly tokens: Tokens
  readonly crashing: Crashing<CrashPoint<'gateway'>>
  readonly tracer: Tracer | null
  readonly isClosing: () => boolean
}

const createHttp = (settings: GatewaySettings, log: Log, parts: Parts & OperationDeps) => {
  const { broker, waiters, ledger, heartbeats, namespace, metrics, registry, catalogue } = parts
  const executeCommand = createExecuteCommand({
    ...parts.commandSender,
    namespace: namespace.current,
    shopSettings: (merchant) => settingsOf(catalogue.shops, merchant),
    isReady: () =>
      broker.state().ready &&
      heartbeats.serviceHealth.state('ledger').ready &&
      heartbeats.clockWatch.state().ready,
    isCarrierServed: () => heartbeats.serviceHealth.state('carrier-adapter').ready,
    selling: ledger.selling.lastKnown,
    now: clock.now,
    acceptUntilMs: settings.ACCEPT_UNTIL_MS,
    settlementWaitMs: settings.SETTLEMENT_WAIT_MS,
    report: metrics.countOutcome,
  })
  const deps = {
    executeCommand: crashingExecute(parts.crashing, executeCommand),
    shops: catalogue.shops,
    reads: ledger,
    waiters,
    notifications: parts.notifications,
    operation: parts.operation,
    authenticate: parts.tokens.authenticate,
    clock,
    pollEveryMs: settings.POLL_EVERY_MS,
    isClosing: parts.isClosing,
    carrierStates: async () => (await parts.carriers.current())?.value ?? null,
    lastCarrierStates: parts.carriers.lastKnown,
    bundles: parts.bundles,
    receiptMasksNumber: settings.RECEIPT_MASKS_NUMBER,
    operatorMayInject: settings.OPERATOR_MAY_INJECT,
    resolveFourEyes: settings.RESOLVE_FOUR_EYES,
    resolutionWaitMs,
    settlementWaitMs: settings.SETTLEMENT_WAIT_MS,
  }
  const routes = gatewayRoutes(deps)
  metrics.expectRoutes(routes)
  const documentOf = (pages: Pages) => openApiDocument(routes, pages)
  const ops = opsRoutes(readinessOf(parts), registry)
  const ports = publicPorts({ documentOf, opsRoutes: ops }, settings)
  const http = createServer({
    routes,
    ...ports.api,
    screenRoutes: screenRoutes(settings.SCREEN_PATH ?? builtScreen, signInSettingsOf(settings)),
    authenticate: parts.tokens.authenticate,
    shops: catalogue.shops,
    bodyBytesMax: settings.BODY_BYTES_MAX,
    corsOrigins: settings.CORS_ORIGINS,
    rates: {
      windowMs: settings.RATE_WINDOW_MS,
      subjectMax: settings.RATE_SUBJECT_MAX,
      addressMax: settings.RATE_ADDRESS_MAX,
    },
    trustedProxies: settings.TRUSTED_PROXIES,
    log,
    tracer: parts.tracer,
    observeRequest: metrics.observeRequest,
  })
  return { http, operations: ports.operations }
}
