import { maskNumber, type Log, type Tracer } from '@recargas/runtime'
import cors from 'cors'
import express, { type Express, type RequestHandler, type Response } from 'express'
import helmet from 'helmet'
import { z } from 'zod'
import type { Authenticate } from '../auth/authenticate.ts'
import type { Shops } from '../catalogue/catalogue.ts'
import type { LiveShops } from '../catalogue/live-shops.ts'
import { parseQuery } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import type { Call, Principal, Route } from '../api/route.ts'
import type { Pages } from '../openapi/public-operations.ts'
import { errorResponse } from './error-response.ts'
import { jsonBody } from './json-body.ts'
import { isUnkeyedCommand, limitByAddress, limitBySubject, type Rates } from './rate-limits.ts'
import { createMethodsOf } from './methods.ts'
import { sendReply } from './send-reply.ts'
import { beginRequest, correlationIdOf, endRequest, spanOf } from './trace-request.ts'

type Deps = {
  readonly routes: readonly Route[]
  readonly opsRoutes: RequestHandler
  /** Public too, but part of the API: its requests are logged and counted. */
  readonly docsRoutes: RequestHandler
  /** The shop's own screen. */
  readonly screenRoutes: RequestHandler
  /** The public pages of this port: any other page has no methods here. */
  readonly pages: Pages
  readonly authenticate: Authenticate
  readonly shops: Pick<LiveShops, 'current' | 'keeping'>
  readonly bodyBytesMax: number
  readonly corsOrigins: readonly string[]
  readonly rates: Rates
  /** Proxies whose X-Forwarded-For is trusted. */
  readonly trustedProxies: readonly string[]
  readonly log: Log
  readonly tracer?: Tracer | null
  readonly observeRequest: (
    labels: { readonly route: string; readonly method: string; readonly status: number },
    seconds: number,
  ) => void
}

const corsMaxAgeSeconds = 600
/** Nginx's status for a client that left before its answer. */
const clientGone = 499
const urlLengthMax = 2_000
const noQuery = z.strictObject({})

/** The gateway's HTTP: one handler for the whole route table. */
export const createServer = (deps: Deps): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', deps.trustedProxies)
  app.use(deps.opsRoutes)
  app.use(requestLog(deps))
  app.use(helmet())
  app.use(crossOrigin(deps.corsOrigins))
  app.use(limitByAddress(deps.rates))
  app.use(shortUrl)
  app.use(methodsOnly(deps))
  const body = jsonBody(deps.bodyBytesMax)
  const fairShare = limitBySubject(deps.rates)
  for (const route of deps.routes) {
    const hasBody = route.method === 'post' || route.method === 'patch'
    app[route.method](
      route.path,
      named(route, deps),
      // First of all, so that no client makes us read a body without a token.
      admit(deps, route),
      fairShare,
      ...(hasBody ? body : []),
      serve(deps, route),
    )
  }
  app.use(deps.screenRoutes)
  app.use(deps.docsRoutes)
  app.use((request) => {
    throw new Problem('ROUTE_NOT_FOUND', {
      route: `${request.method} ${request.path.slice(0, 200)}`,
    })
  })
  app.use(errorResponse(deps.log, { bytesMax: deps.bodyBytesMax }))
  return app
}

/** A known path with another method gets 405, an unknown path 404. */
const methodsOnly = ({ routes, pages }: Deps): RequestHandler => {
  const methodsOf = createMethodsOf(routes, pages)
  return (request, _response, next) => {
    const methods = methodsOf(request.path)
    if (methods.length > 0 && !methods.includes(request.method)) {
      const allowed = methods.join(', ')
      throw new Problem('METHOD_NOT_ALLOWED', { allowed }, { headers: { allow: allowed } })
    }
    next()
  }
}

const shortUrl: RequestHandler = (request, _response, next) => {
  if (request.originalUrl.length > urlLengthMax) throw new Problem('URL_TOO_LONG')
  next()
}

const named =
  (route: Route, { tracer }: Deps): RequestHandler =>
  (request, response, next) => {
    response.locals['route'] = route.path
    if (tracer) beginRequest(tracer, route, request, response)
    next()
  }

const admit =
  ({ authenticate, shops }: Deps, { roles, scope }: Route): RequestHandler =>
  (request, response, next) => {
    response.locals['shops'] = shops.current()
    const principal = authenticate(request.headers.authorization, {
      isUnkeyedCommand: isUnkeyedCommand(request),
    })
    response.locals['principal'] = principal
    if (!roles.includes(principal.role)) throw new Problem('FORBIDDEN')
    if (scope !== undefined && !principal.scopes.includes(scope)) {
      throw new Problem('SCOPE_MISSING', { scope })
    }
    next()
  }

const serve =
  (deps: Deps, route: Route): RequestHandler =>
  async (request, response) => {
    // Refuses fields that a route does not read: their sender believes that they count.
    if (route.contract.query === undefined) parseQuery(noQuery, request.query)
    const call: Call = {
      correlationId: response.locals['correlationId'] as string,
      span: spanOf(response)?.id,
      principal: response.locals['principal'] as Principal,
      params: request.params as Record<string, string>,
      query: request.query,
      body: request.body as unknown,
      header: (name) => request.get(name),
    }
    await deps.shops.keeping(response.locals['shops'] as Shops, async () => {
      await sendReply(deps.log, response, await route.answer(call))
    })
  }

const crossOrigin = (origins: readonly string[]): RequestHandler =>
  cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Last-Event-ID',
      'Prefer',
      'Traceparent',
      'X-Confirmar-Duplicado',
      'X-Request-Id',
    ],
    exposedHeaders: [
      'Age',
      'Link',
      'Location',
      'Preference-Applied',
      'RateLimit',
      'RateLimit-Policy',
      'Retry-After',
      'X-Desactualizado',
      'X-Request-Id',
      'X-Total-Count',
    ],
    maxAge: corsMaxAgeSeconds,
  })

/** Logs and measures each request. Neither contains a query or a path's values, and of a customer's number two digits. */
const requestLog =
  ({ log, observeRequest }: Deps): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now()
    const correlationId = correlationIdOf((name) => request.get(name))
    response.locals['correlationId'] = correlationId
    response.set('x-request-id', correlationId)
    response.once('close', () => {
      const answeredAt = response.locals['answeredAt'] as number | undefined
      const seconds = ((answeredAt ?? performance.now()) - startedAt) / 1_000
      const isAnswered = response.writableFinished || answeredAt !== undefined
      const status = isAnswered ? response.statusCode : clientGone
      const route = (response.locals['route'] as string | undefined) ?? 'unknown'
      const method = knownMethods.has(request.method) ? request.method : 'other'
      observeRequest({ route, method, status }, seconds)
      endRequest(response, status)
      const principal = response.locals['principal'] as Principal | undefined
      log.info('request', () => ({
        correlationId,
        method,
        route,
        status,
        ms: Math.round(seconds * 1_000),
        ...(principal === undefined
          ? {}
          : { merchant: principal.merchant, userId: principal.userId }),
        ...answeredOf(response),
        ...numberOf(request.body),
      }))
    })
    next()
  }

/** The answer's code and ids, which the other services' logs name too. */
const answeredOf = ({ locals }: Response) => ({
  ...(locals['code'] === undefined ? {} : { code: locals['code'] as string }),
  ...(locals['operationId'] === undefined ? {} : { operationId: locals['operationId'] as string }),
})

const numberOf = (body: unknown) => {
  if (typeof body !== 'object' || body === null || !('numero_cliente' in body)) return {}
  const { numero_cliente: number } = body
  return typeof number === 'string' ? { number: maskNumber(number.slice(0, numberMax)) } : {}
}

const numberMax = 20

const knownMethods = new Set(['GET', 'POST', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PUT'])
