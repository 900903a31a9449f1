import { createServer, type Server, type ServerResponse } from 'node:http'
import { Server as NetServer } from 'node:net'
import type { Express } from 'express'
import { describeError, writeLastWords } from './last-words.ts'
import { ignoreErrorsOf } from './line-output.ts'
import { createLog, type Log, type LogFields } from './log.ts'
import { onEndSignal } from './signals.ts'

export type RunningService = {
  /** Stops consuming, finishes the work under way, then closes its connections. */
  readonly close: () => Promise<void>
}

/** Time limits for a client, so that a slow one does not hold a connection for ever. */
export type Patience = {
  /** For the head of a request; also for the first byte of a new connection. */
  readonly headersMs: number
  /** For the whole of a request. */
  readonly requestMs: number
  /** Between two requests. */
  readonly keepAliveMs: number
}

const usualPatience: Patience = { headersMs: 10_000, requestMs: 15_000, keepAliveMs: 65_000 }
/** Node looks for slow clients twice a minute by default. Often, so that few are hung up on at once and come again at once. */
const checkEveryMs = 100
const headerBytesMax = 16_384

/** Listens, or fails with the error of the port. */
export const listen = (
  app: Express,
  port: number,
  host: string,
  { headersMs, requestMs, keepAliveMs }: Patience = usualPatience,
): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer(
      {
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        keepAliveTimeout: keepAliveMs,
        connectionsCheckingInterval: Math.min(checkEveryMs, headersMs),
        maxHeaderSize: headerBytesMax,
      },
      app,
    )
    followResponses(server)
    server.once('listening', () => resolve(server))
    server.once('error', reject)
    server.listen(port, host)
  })

/** Responses under way, by server: at its end each of them still announces that its connection closes. */
const responses = new WeakMap<Server, Set<ServerResponse>>()

const followResponses = (server: Server): void => {
  const underWay = new Set<ServerResponse>()
  responses.set(server, underWay)
  server.prependListener('request', (_request, response: ServerResponse) => {
    underWay.add(response)
    response.once('close', () => underWay.delete(response))
  })
}

type Closing = {
  /** Then whatever is still open is cut. */
  readonly timeoutMs: number
  /**
   * Time in which a kept connection may bring one more request, whose answer announces the close. An immediate close may meet a
   * request just sent, whose client could not learn its outcome.
   */
  readonly lingerMs?: number
}

const idleCheckMs = 100

/** Accepts no new connection, lets requests under way finish up to the limit, then cuts the others. */
export const closeServer = async (
  server: Server,
  { timeoutMs, lingerMs = 0 }: Closing,
): Promise<void> => {
  const sayLast = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader('connection', 'close')
  }
  server.prependListener('request', (_request, response: ServerResponse) => sayLast(response))
  for (const response of responses.get(server) ?? []) sayLast(response)
  const closed = new Promise<void>((resolve) => {
    // An HTTP server's own close() also ends idle connections, at once.
    NetServer.prototype.close.call(server, () => resolve())
  })
  const lingersUntil = performance.now() + lingerMs
  const closeIdle = () => {
    if (performance.now() >= lingersUntil) server.closeIdleConnections()
  }
  closeIdle()
  const idle = setInterval(closeIdle, idleCheckMs)
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs)
  await closed
  clearInterval(idle)
  clearTimeout(cut)
  // Closing the server also clears its timers.
  server.close()
}

type Running = {
  /** Name of this process on standard error. */
  readonly service: string
  readonly log: Log
  readonly shutdownTimeoutMs: number
}

/** A start that is asked to end may still finish within this time, and is then stopped in order. */
const startGraceMs = 1_000

/**
 * Runs a service until SIGTERM, SIGINT or SIGHUP. A second signal, or a shutdown over its limit, ends it at once; a signal
 * during the start ends it after a short grace, since a start may wait for a database without a limit. An uncaught error
 * outside of message handling ends the process: its state cannot be trusted.
 */
const runUntilSignal = async (
  start: () => Promise<RunningService>,
  { service, log, shutdownTimeoutMs }: Running,
): Promise<void> => {
  const state: { running: RunningService | null; stopping: boolean } = {
    running: null,
    stopping: false,
  }
  const end = (message: string, fields: { readonly error?: unknown } & LogFields = {}): void => {
    const { error } = fields
    writeLastWords(
      `${service}: ${message}${error === undefined ? '' : `: ${describeError(error)}`}`,
    )
    log.error(message, fields)
    // The log's line gets one turn of the event loop to leave the process.
    setImmediate(() => process.exit(1))
  }
  const close = (service: RunningService) => {
    setTimeout(
      () => end('shutdown took too long, ending', { shutdownTimeoutMs }),
      shutdownTimeoutMs,
    )
      // The time alone keeps no process alive.
      .unref()
    service.close().then(
      () => process.exit(0),
      (error: unknown) => end('shutdown failed', { error }),
    )
  }
  onEndSignal((signal) => {
    if (state.stopping) {
      writeLastWords(`${service}: a second signal, ${signal}: ending at once`)
      process.exit(1)
    }
    state.stopping = true
    log.info('stopping', { signal })
    if (state.running !== null) close(state.running)
    else setTimeout(() => process.exit(0), startGraceMs)
  })
  // Node writes its own warnings there.
  ignoreErrorsOf(process.stderr)
  process.on('uncaughtException', (error) => end('uncaught exception, ending', { error }))
  process.on('unhandledRejection', (error) => end('unhandled rejection, ending', { error }))
  try {
    state.running = await start()
  } catch (error) {
    end('could not start', { error })
    return
  }
  if (state.stopping) close(state.running)
}

/** The settings that running a service reads; each service has them. */
export type RunSettings = {
  readonly LOG_LEVEL: string
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined
  readonly SHUTDOWN_TIMEOUT_MS: number
}

/**
 * Creates a service's app with its settings and its log, and runs it until a signal ends it. Where traces are exported, each
 * line of the log about a request names its trace.
 */
export const runService = async <Settings extends RunSettings>(
  service: string,
  settings: Settings,
  createApp: (settings: Settings, log: Log) => Promise<RunningService>,
): Promise<void> => {
  const { LOG_LEVEL, OTEL_EXPORTER_OTLP_ENDPOINT, SHUTDOWN_TIMEOUT_MS } = settings
  const isTraced = OTEL_EXPORTER_OTLP_ENDPOINT !== undefined
  const log = createLog(service, LOG_LEVEL, { isTraced })
  await runUntilSignal(() => createApp(settings, log), {
    service,
    log,
    shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
  })
}
