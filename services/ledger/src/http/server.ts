import { opsRoutes, requireServiceToken, type Log, type ReadinessCheck } from '@recargas/service'
import express, { type Express } from 'express'
import type { Registry } from 'prom-client'
import type { LedgerReads } from '../reads/ports.ts'
import { errorResponse } from './error-response.ts'
import { internalRoutes } from './internal-routes.ts'
import { reconcileRoutes, type ReconcileRoutes } from './reconcile-routes.ts'

/** What operators and the gateway ask the ledger. One guard stands before all of /internal. */
export const createHttp = (deps: {
  readonly checks: readonly ReadinessCheck[]
  readonly metrics: Registry
  readonly serviceToken: string
  readonly reads: LedgerReads
  readonly reconciliation: ReconcileRoutes
  /** What operators settle, on routes of its own below /internal. */
  readonly aside: { readonly mount: (app: Express, serviceToken: string) => void }
  readonly log: Log
}): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(opsRoutes(deps.checks, deps.metrics))
  app.use('/internal', requireServiceToken(deps.serviceToken))
  app.use('/internal/reconciliations', reconcileRoutes(deps.reconciliation))
  deps.aside.mount(app, deps.serviceToken)
  app.use('/internal', internalRoutes(deps.reads))
  app.use(errorResponse(deps.log))
  return app
}
