import type { Server } from 'node:http'
import type { Express } from 'express'
import type { Log } from './log.ts'

export type RunningService = {
  /** Stops taking work, finishes what is under way, then frees its connections. */
  readonly close: () => Promise<void>
}

/** Listens, or fails with what holds the port. Header and request time-outs guard against slow clients. */
export const listen = (app: Express, port: number, host: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = app.listen(port, host)
    server.headersTimeout = 10_000
    server.requestTimeout = 15_000
    server.keepAliveTimeout = 65_000
    server.once('listening', () => resolve(server))
    server.once('error', reject)
  })

/** Lets requests under way finish, up to the limit, then cuts what is left. */
export const closeServer = async (server: Server, timeoutMs: number): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs)
  await closed
  clearTimeout(cut)
}

/**
 * Runs a service until SIGTERM or SIGINT. A second signal, or a shutdown over its limit, ends it at once.
 * An error nobody caught outside of message handling ends the process: its state cannot be trusted.
 */
export const runUntilSignal = async (
  start: () => Promise<RunningService>,
  { log, shutdownTimeoutMs }: { readonly log: Log; readonly shutdownTimeoutMs: number },
): Promise<void> => {
  process.on('uncaughtException', (error) => {
    log.error('uncaught exception, ending', { error })
    setImmediate(() => process.exit(1))
  })
  process.on('unhandledRejection', (error) => {
    log.error('unhandled rejection, ending', { error })
    setImmediate(() => process.exit(1))
  })
  let service: RunningService
  try {
    service = await start()
  } catch (error) {
    log.error('could not start', { error })
    process.exitCode = 1
    setTimeout(() => process.exit(1), 200)
    return
  }
  let stopping = false
  const stop = (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info('stopping', { signal })
    setTimeout(() => {
      log.error('shutdown took too long, ending', { shutdownTimeoutMs })
      process.exit(1)
    }, shutdownTimeoutMs).unref()
    service.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('shutdown failed', { error })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => stop('SIGTERM'))
  process.on('SIGINT', () => stop('SIGINT'))
}
