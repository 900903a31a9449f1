import { opsRoutes, requireServiceToken, type Log, type ReadinessCheck } from '@recargas/runtime'
import express, { type Express } from 'express'
import type { Registry } from 'prom-client'
import type { Cases } from '../cases/ports.ts'
import type { Days } from '../days/close-day.ts'
import type { RunningQuarantine } from '../quarantine/start-quarantine.ts'
import type { Reads } from '../reads/create-reads.ts'
import type { OperatorReads } from '../reads/ports.ts'
import type { SalesFreeze } from '../freeze/sales-freeze.ts'
import { caseRoutes } from './case-routes.ts'
import { dayRoutes } from './day-routes.ts'
import { internalRoutes } from './internal-routes.ts'
import { operatorRoutes, type ProofReads } from './operator-routes.ts'
import { quarantineRoutes } from './quarantine-routes.ts'
import { reconcileRoutes, type ReconcileRoutes } from './reconcile-routes.ts'
import { errorResponse } from './responses.ts'
import { salesFreezeRoutes } from './sales-freeze-routes.ts'

/** The ledger's internal HTTP server, for the gateway and operators. One guard protects all of /internal. */
export const createHttp = (deps: {
  readonly checks: readonly ReadinessCheck[]
  readonly metrics: Registry
  readonly serviceToken: string
  readonly readsFrom: Reads['readsFrom']
  readonly operatorReads: OperatorReads
  readonly reconciliation: ReconcileRoutes
  readonly quarantine: Omit<RunningQuarantine, 'stop'>
  readonly proof: ProofReads
  readonly freeze: Omit<SalesFreeze, 'stop'>
  readonly cases: Cases
  readonly days: Days
  readonly log: Log
}): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(opsRoutes(deps.checks, deps.metrics))
  app.use('/internal', requireServiceToken(deps.serviceToken))
  app.use('/internal/reconciliations', reconcileRoutes(deps.reconciliation))
  app.use('/internal/quarantine', quarantineRoutes(deps.quarantine))
  app.use('/internal/selling', salesFreezeRoutes(deps.freeze))
  app.use('/internal/cases', caseRoutes(deps.cases))
  app.use('/internal/merchants', dayRoutes(deps.days))
  app.use('/internal', operatorRoutes(deps.operatorReads, deps.proof))
  app.use('/internal', internalRoutes(deps.readsFrom))
  app.use(errorResponse(deps.log))
  return app
}
