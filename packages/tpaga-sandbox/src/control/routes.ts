import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import type { Transaction } from '../carrier/book.ts'
import type { CarrierDeps } from '../carrier/routes.ts'
import { pathAndQuery, readBody } from '../incoming.ts'
import { maxActiveScenarios, scenarioEndpoints } from '../scenarios/chooser.ts'
import { scenarioNames, scenarios } from '../scenarios/scenarios.ts'
import { documentedNumbers } from '../carrier/test-numbers.ts'
import { callAsJson } from '../carrier/call-log.ts'
import { page } from './page.ts'

export type ControlDeps = CarrierDeps & {
  readonly initialBalance: number
  readonly reset: () => Promise<void>
}

type Exchange = {
  readonly query: URLSearchParams
  readonly response: ServerResponse
  readonly body: () => Promise<unknown>
}
type Control = (deps: ControlDeps, exchange: Exchange) => Promise<void> | void

const maxBodyBytes = 64 * 1024
const maxDelayMs = 3_600_000
const entriesPerChunk = 500

const NewScenario = z.strictObject({
  scenario: z.enum(scenarioNames),
  probability: z.number().gt(0).max(1).default(1),
  count: z.int().positive().optional(),
  delayMs: z.int().min(0).max(maxDelayMs).optional(),
  match: z
    .strictObject({
      number: z.string().min(1).max(20).optional(),
      endpoint: z.enum([...scenarioEndpoints, 'sale', 'any']).default('sale'),
    })
    .prefault({}),
})
const NewBalance = z.strictObject({ balance: z.int() })
const NewSeed = z.strictObject({ seed: z.int() })
const Count = z.coerce.number().int().nonnegative().optional()
const CallsQuery = z.object({ since: Count, last: Count, token: z.string().optional() })
const RemoveQuery = z.object({ id: Count })

const controls: Readonly<Record<string, Control | undefined>> = {
  'GET /': (_deps, { response }) => sendPage(response),
  'GET /_calls': sendCalls,
  'DELETE /_calls': (deps, { response }) => {
    deps.log.clear()
    send(response, 200, { calls: deps.log.totals() })
  },
  'GET /_transactions': sendTransactions,
  'GET /_state': (deps, { response }) => send(response, 200, stateOf(deps)),
  'GET /_scenarios': (_deps, { response }) => send(response, 200, knownScenarios()),
  'GET /_scenario': (deps, { response }) => send(response, 200, { active: deps.chooser.active() }),
  'POST /_scenario': addScenario,
  'DELETE /_scenario': (deps, { response, query }) => {
    const { id } = RemoveQuery.parse(Object.fromEntries(query))
    const removed = deps.chooser.remove(id)
    send(response, 200, { removed, active: deps.chooser.active() })
  },
  'POST /_seed': async (deps, { response, body }) => {
    deps.chooser.reseed(NewSeed.parse(await body()).seed)
    send(response, 200, stateOf(deps))
  },
  'POST /_balance': async (deps, { response, body }) => {
    deps.book.setBalance(NewBalance.parse(await body()).balance)
    send(response, 200, stateOf(deps))
  },
  'POST /_reset': async (deps, { response }) => {
    await deps.reset()
    send(response, 200, stateOf(deps))
  },
}

/** The sandbox's own routes: the calls received, the transactions, and the next scenario. */
export function serveControl(
  deps: ControlDeps,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { path, query } = pathAndQuery(request.url)
  const key = `${request.method ?? 'GET'} ${path}`
  const control = Object.hasOwn(controls, key) ? controls[key] : undefined
  if (!control) {
    request.resume()
    send(response, 404, { error_message: 'not found' })
    return
  }
  const exchange = { query: new URLSearchParams(query), response, body: () => readJson(request) }
  void answer(deps, control, exchange)
}

async function answer(deps: ControlDeps, control: Control, exchange: Exchange): Promise<void> {
  const { response } = exchange
  try {
    await control(deps, exchange)
  } catch (error) {
    if (response.headersSent) response.destroy()
    else if (error instanceof z.ZodError) send(response, 422, invalid(error))
    else if (error instanceof SyntaxError) send(response, 400, { error_message: error.message })
    else send(response, 500, { error_message: String(error) })
  }
}

async function addScenario(deps: ControlDeps, { response, body }: Exchange): Promise<void> {
  const added = NewScenario.parse(await body())
  if (deps.chooser.active().length >= maxActiveScenarios) {
    send(response, 422, { error_message: `at most ${maxActiveScenarios} scenarios at once` })
    return
  }
  send(response, 201, { added: deps.chooser.add(added), active: deps.chooser.active() })
}

async function sendCalls(deps: ControlDeps, { query, response }: Exchange): Promise<void> {
  const wanted = CallsQuery.parse(Object.fromEntries(query))
  const { latest, dropped, open } = deps.log.totals()
  const head = `{"latest":${latest},"dropped":${dropped},"open":${open},"calls":[`
  const calls = mapped(deps.log.entries(wanted), (entry) => JSON.stringify(callAsJson(entry)))
  await stream(response, head, calls, ']}')
}

async function sendTransactions(deps: ControlDeps, { query, response }: Exchange): Promise<void> {
  const token = query.get('token')
  // Only the present transactions: a list that is still growing would never end.
  const all = first(deps.book.totals().transactions, deps.book.transactions())
  const one = token === null ? undefined : deps.book.find(token)
  const wanted = token === null ? all : one ? [one] : []
  const pairs = mapped(wanted, (transaction) => {
    const key = JSON.stringify(transaction.request.idempotency_token)
    return `${key}:${JSON.stringify(transactionAsJson(transaction))}`
  })
  await stream(response, '{"transactions":{', pairs, '}}')
}

function transactionAsJson({ request, state, debits, settlement }: Transaction) {
  const { endpoint, amount, destination_number: number } = request
  return { endpoint, state, debits, amount, number, settlesAt: settlement?.at ?? null }
}

function stateOf(deps: ControlDeps): Record<string, unknown> {
  return {
    balance: deps.book.balance(),
    initialBalance: deps.initialBalance,
    maxLoanAmount: deps.book.maxLoanAmount,
    latencyMs: deps.latencyMs,
    seed: deps.chooser.seed(),
    ...deps.book.totals(),
    calls: deps.log.totals(),
    scenarios: deps.chooser.active(),
  }
}

function knownScenarios(): Record<string, unknown> {
  return {
    scenarios: scenarioNames.map((name) => {
      const { number, summary, effect, delays, delayMs } = scenarios[name]
      return { name, number, summary, effect, delays, delayMs }
    }),
    documented: documentedNumbers,
  }
}

/** Sends a list of any length in chunks, so that a long one never stops the carrier's own calls. */
async function stream(
  response: ServerResponse,
  head: string,
  parts: Iterable<string>,
  tail: string,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
  await pipeline(Readable.from(chunked(head, parts, tail)), response)
}

function* chunked(head: string, parts: Iterable<string>, tail: string): Iterable<string> {
  let chunk = head
  let count = 0
  for (const part of parts) {
    chunk += count === 0 ? part : `,${part}`
    count += 1
    if (count % entriesPerChunk !== 0) continue
    yield chunk
    chunk = ''
  }
  yield chunk + tail
}

function* first<T>(count: number, from: Iterable<T>): Iterable<T> {
  let left = count
  for (const each of from) {
    if (left === 0) return
    left -= 1
    yield each
  }
}

function* mapped<From, To>(from: Iterable<From>, map: (each: From) => To): Iterable<To> {
  for (const each of from) yield map(each)
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const text = await new Promise<string | undefined>((resolve) => {
    readBody(request, maxBodyBytes, resolve)
  })
  if (text === undefined) throw new SyntaxError('the body is too large')
  return JSON.parse(text) as unknown
}

function invalid(error: z.ZodError): Record<string, unknown> {
  const issues = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  return { error_message: issues.join('; '), scenarios: scenarioNames }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

function sendPage(response: ServerResponse): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(page),
    'content-security-policy':
      "default-src 'none'; connect-src 'self'; style-src 'unsafe-inline'; script-src 'unsafe-inline'",
  })
  response.end(page)
}
