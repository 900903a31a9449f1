import { closeServer, listen } from '@recargas/runtime'
import express, { type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { GatewaySettings } from '../config.ts'
import type { OpenApiDocument } from '../openapi/document.ts'
import type { Pages } from '../openapi/public-operations.ts'
import { docsRoutes } from './docs-routes.ts'

type Public = { readonly opsRoutes: RequestHandler; readonly docsRoutes: RequestHandler }

const nothing: RequestHandler = (_request, _response, next) => {
  next()
}

/** The public routes of one port; /live and /ready always stay, because load balancers and supervisors need them. */
export const shownRoutes = (
  { opsRoutes, docsRoutes }: Public,
  { docs, metrics }: Pages,
): Public => ({
  docsRoutes: docs ? docsRoutes : nothing,
  opsRoutes: metrics
    ? opsRoutes
    : (request, response, next) => {
        if (/^\/metrics\/?$/i.test(request.path)) next()
        else opsRoutes(request, response, next)
      },
})

/** A port of its own for figures and the API's pages, which a firewall keeps to operators. */
export const createOperationsServer = ({ opsRoutes, docsRoutes }: Public): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.use(helmet())
  app.use(opsRoutes)
  app.use(docsRoutes)
  return app
}

type Made = {
  readonly opsRoutes: RequestHandler
  readonly documentOf: (pages: Pages) => OpenApiDocument
}

/** The public routes of the API's port, and the server of the operators' port. Both show the API port's document. */
export const publicPorts = (
  { opsRoutes, documentOf }: Made,
  { API_DOCS, API_METRICS, OPERATIONS_PORT }: GatewaySettings,
) => {
  const shown: Pages = { docs: API_DOCS, metrics: API_METRICS }
  const pages: Pages = OPERATIONS_PORT === undefined ? shown : { docs: false, metrics: false }
  const all = { opsRoutes, docsRoutes: docsRoutes(() => documentOf(pages)) }
  return {
    api: { ...shownRoutes(all, pages), pages },
    operations: createOperationsServer(shownRoutes(all, shown)),
  }
}

/** Listens when a port is set. @returns a function that stops it */
export const listenForOperators = async (
  app: Express,
  { OPERATIONS_PORT: port, HOST }: GatewaySettings,
): Promise<() => Promise<void>> => {
  if (port === undefined) return () => Promise.resolve()
  const server = await listen(app, port, HOST)
  return () => closeServer(server, { timeoutMs: closeMs })
}

const closeMs = 500
