import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CallEndpoint } from './call-log.ts'
import type { ScenarioEndpoint } from '../scenarios/chooser.ts'
import { scenarios } from '../scenarios/scenarios.ts'
import { pathAndQuery, readBody } from '../incoming.ts'
import { type Answer, failure } from '../scenarios/answer.ts'
import type { Call } from './deliver.ts'
import { packagesPage } from './packages.ts'
import { packageProviders, topupProviders } from './providers.ts'
import { parsePackagesQuery } from './requests.ts'
import { type SaleDeps, sell } from './sale.ts'
import { concurrentAnswer, lookupAnswer } from './wording.ts'

export type CarrierDeps = SaleDeps & {
  /** The one `Authorization` header that is let in. */
  readonly authorization: string
}

/** The document spells its own base path both ways. */
const bases = ['/api/gateway_topup/v1', '/api/gateway_top-up/v1']
const maxBodyBytes = 64 * 1024
const lookupPrefix = '/package_buy/'

type Route = { readonly method: 'GET' | 'POST'; readonly endpoint: ScenarioEndpoint }

const routes: Readonly<Record<string, Route | undefined>> = {
  '/topup_account': { method: 'POST', endpoint: 'topup_account' },
  '/package_buy': { method: 'POST', endpoint: 'package_buy' },
  '/merchant/balance': { method: 'GET', endpoint: 'balance' },
  '/service_providers': { method: 'GET', endpoint: 'service_providers' },
  '/mobile_package_service_providers_list': { method: 'GET', endpoint: 'package_providers' },
  '/packages': { method: 'GET', endpoint: 'packages' },
}

/** Answers a call of Tpaga's API. @returns false when the path is not the carrier's */
export function serveCarrier(
  deps: CarrierDeps,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { path, query } = pathAndQuery(request.url)
  if (path === '/elsewhere') {
    trap(deps, request, response)
    return true
  }
  const base = bases.find((each) => path.startsWith(each))
  if (base === undefined) return false

  const route = routeOf(path.slice(base.length))
  const call = startCall(deps, response, route?.endpoint ?? 'unknown')
  const refusal = refusalOf(deps, request, route)
  if (!route || refusal) {
    request.resume()
    deps.deliver(call, refusal ?? failure(404, 'not found'))
  } else if (route.endpoint === 'topup_account' || route.endpoint === 'package_buy') {
    readSale(deps, call, request, route.endpoint)
  } else {
    request.resume()
    read(deps, call, route.endpoint, path.slice(base.length), new URLSearchParams(query))
  }
  return true
}

function routeOf(path: string): Route | undefined {
  const exact = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (exact) return exact
  const isLookup = path.startsWith(lookupPrefix) && path.length > lookupPrefix.length
  return isLookup ? { method: 'GET', endpoint: 'package_lookup' } : undefined
}

function refusalOf(
  deps: CarrierDeps,
  request: IncomingMessage,
  route: Route | undefined,
): Answer | undefined {
  if (!isLetIn(deps, request.headers.authorization)) {
    const challenge = { 'www-authenticate': 'Basic realm="tpaga"' }
    return failure(401, 'invalid authorization token was provided', undefined, challenge)
  }
  if (route && request.method !== route.method) {
    return failure(405, `use ${route.method}`, undefined, { allow: route.method })
  }
  return undefined
}

function isLetIn(deps: CarrierDeps, header: string | undefined): boolean {
  if (header === undefined || header === deps.authorization) return header !== undefined
  // The name of the scheme is case-insensitive (RFC 9110), the credentials are not.
  return /^basic /i.test(header) && header.slice(6) === deps.authorization.slice(6)
}

function startCall(deps: CarrierDeps, response: ServerResponse, endpoint: CallEndpoint): Call {
  const entry = deps.log.start(endpoint)
  response.once('close', () => {
    deps.log.finish(entry, entry.status === 'open' ? 'left' : entry.status)
  })
  return { response, entry }
}

function readSale(
  deps: CarrierDeps,
  call: Call,
  request: IncomingMessage,
  endpoint: 'topup_account' | 'package_buy',
): void {
  const type = request.headers['content-type'] ?? ''
  if (!type.toLowerCase().startsWith('application/json')) {
    request.resume()
    deps.deliver(call, failure(415, 'send application/json'))
    return
  }
  readBody(request, maxBodyBytes, (body) => {
    if (body === undefined) {
      const close = { connection: 'close' }
      deps.deliver(call, failure(413, 'the body is too large', undefined, close))
      return
    }
    sell(deps, call, endpoint, body)
  })
}

/** The calls that read: they never have an effect, but may meet a scenario that is set for them. */
function read(
  deps: CarrierDeps,
  call: Call,
  endpoint: Exclude<ScenarioEndpoint, 'topup_account' | 'package_buy'>,
  path: string,
  query: URLSearchParams,
): void {
  const token = endpoint === 'package_lookup' ? tokenIn(path) : undefined
  if (token !== undefined) deps.log.identify(call.entry, token)
  const number = token === undefined ? undefined : deps.book.find(token)?.request.destination_number
  const named = number === undefined ? undefined : deps.chooser.chooseForNumber(endpoint, number)
  const chosen = named ?? deps.chooser.choose(endpoint)
  if (!chosen) {
    deps.deliver(call, readAnswer(deps, endpoint, token, query))
    return
  }
  const scenario = scenarios[chosen.name]
  call.entry.scenario = chosen.name
  const workMs = scenario.delays === 'effect' ? chosen.delayMs : 0
  deps.activity.after(workMs, call.response, () => {
    const answer = scenario.rewrite(readAnswer(deps, endpoint, token, query), chosen.delayMs)
    deps.deliver(call, answer, scenario.send, chosen.delayMs)
  })
}

function readAnswer(
  deps: CarrierDeps,
  endpoint: Exclude<ScenarioEndpoint, 'topup_account' | 'package_buy'>,
  token: string | undefined,
  query: URLSearchParams,
): Answer {
  switch (endpoint) {
    case 'balance': {
      const { book } = deps
      const body = { balance: book.balance(), max_loan_amount: book.maxLoanAmount }
      return { status: 200, body }
    }
    case 'service_providers':
      return { status: 200, body: { service_providers: topupProviders } }
    case 'package_providers':
      return { status: 200, body: { service_providers: packageProviders } }
    case 'packages': {
      const parsed = parsePackagesQuery(query)
      if (parsed.kind === 'refused') return parsed.answer
      const { provider_identifier: provider, page, per_page: perPage } = parsed.value
      return { status: 200, body: { packages: packagesPage(provider, page, perPage) } }
    }
    case 'package_lookup':
      return lookUp(deps, token)
  }
}

function lookUp(deps: CarrierDeps, token: string | undefined): Answer {
  const known = token === undefined ? undefined : deps.book.find(token)
  if (known?.request.endpoint === 'package_buy') return lookupAnswer(known.request, known)
  const running = token === undefined ? undefined : deps.inFlight.get(token)
  if (running?.endpoint === 'package_buy') return concurrentAnswer(running)
  return failure(404, 'there is no purchase with this idempotency_token', 'idempotency_token')
}

function tokenIn(path: string): string | undefined {
  try {
    return decodeURIComponent(path.slice(lookupPrefix.length))
  } catch {
    return undefined
  }
}

/** The target of `redirect`: answers "authorized" for a sale that was never made, to any client that follows. */
function trap(deps: CarrierDeps, request: IncomingMessage, response: ServerResponse): void {
  const call = startCall(deps, response, 'elsewhere')
  request.resume()
  deps.deliver(call, { status: 200, body: { status: 'authorized', result_code: '00' } })
}
