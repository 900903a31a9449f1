import { createServer, type Server } from 'node:http'
import { createActivity } from './carrier/activity.ts'
import { type Book, createBook } from './carrier/book.ts'
import { createDeliver } from './carrier/deliver.ts'
import { type CarrierDeps, serveCarrier } from './carrier/routes.ts'
import { createCallLog } from './carrier/call-log.ts'
import { serveControl } from './control/routes.ts'
import { createChooser } from './scenarios/chooser.ts'
import { createStateFile, type StateFile } from './state-file.ts'

export { documentedNumbers } from './carrier/test-numbers.ts'
export { type ScenarioName, scenarioNames, scenarios } from './scenarios/scenarios.ts'

export type SandboxOptions = {
  /** The one api-key that is let in. */
  readonly apiKey: string
  /** 0, the default, takes a free port. */
  readonly port?: number | undefined
  /** Default 127.0.0.1. */
  readonly host?: string | undefined
  /** The merchant's balance at the start and after a reset, in the carrier's units. */
  readonly balance?: number | undefined
  /** Largest debt, below a balance of zero. Default 0. */
  readonly maxLoanAmount?: number | undefined
  /** Duration of a sale; 0 answers in the same turn. Default 5. */
  readonly latencyMs?: number | undefined
  /** Seed of the scenarios' random draws. Default 1. */
  readonly seed?: number | undefined
  /** Keeps balance and transactions over restarts; a balance in it outranks `balance`. */
  readonly stateFile?: string | undefined
  /** Calls that `/_calls` remembers. Default 200,000. */
  readonly maxCalls?: number | undefined
  /** Tokens the carrier remembers; the oldest is forgotten first. Default 1,000,000. */
  readonly maxTransactions?: number | undefined
}

export type Sandbox = {
  /** Without a slash at the end. The API is below `${url}/api/gateway_topup/v1`. */
  readonly url: string
  readonly port: number
  /** Resets connections that are kept waiting, lets the others end, writes the state file. */
  readonly close: () => Promise<void>
}

/** Enough for a hundred million sales of a thousand. */
export const defaultBalance = 100_000_000_000

const closeGraceMs = 500

/** Starts the simulated carrier and resolves once it listens. Rejects when it cannot. */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const initialBalance = options.balance ?? defaultBalance
  const state: StateFile | undefined =
    options.stateFile === undefined ? undefined : createStateFile(options.stateFile, () => book)
  const book: Book = createBook({
    balance: initialBalance,
    maxLoanAmount: options.maxLoanAmount ?? 0,
    maxTransactions: options.maxTransactions ?? 1_000_000,
    onChange: (transaction) => state?.changed(transaction),
  })
  const saved = await state?.read()
  if (saved) book.load(saved)
  await state?.rewrite(book)

  const carrier = wire(options, book)
  const reset = async () => {
    carrier.activity.abandon()
    carrier.inFlight.clear()
    carrier.chooser.reset()
    carrier.log.clear()
    book.reset(initialBalance)
    await state?.rewrite(book)
  }
  const server = createServer((request, response) => {
    if (serveCarrier(carrier, request, response)) return
    serveControl({ ...carrier, initialBalance, reset }, request, response)
  })
  const host = options.host ?? '127.0.0.1'
  const port = await listen(server, options.port ?? 0, host)
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    close: async () => {
      carrier.activity.abandon()
      await closeServer(server)
      book.close()
      await state?.close(book)
    },
  }
}

function wire(options: SandboxOptions, book: Book): CarrierDeps {
  const log = createCallLog(options.maxCalls ?? 200_000)
  const activity = createActivity()
  return {
    book,
    log,
    activity,
    chooser: createChooser(options.seed ?? 1),
    deliver: createDeliver(log, activity),
    inFlight: new Map(),
    latencyMs: options.latencyMs ?? 5,
    authorization: `Basic ${Buffer.from(options.apiKey).toString('base64')}`,
  }
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  // Longer than any client keeps a connection, so that no request meets a socket just being closed.
  server.keepAliveTimeout = 75_000
  server.headersTimeout = 80_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), closeGraceMs)
  await closed
  clearTimeout(timer)
}
