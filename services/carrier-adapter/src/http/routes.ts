import type { CarrierStates } from '@recargas/contracts'
import { opsRoutes, requireServiceToken, type ReadinessCheck } from '@recargas/runtime'
import express, { type Express } from 'express'
import type { Registry } from 'prom-client'
import { bundleRoutes, type CarrierReads } from './bundle-routes.ts'

type Deps = {
  readonly metrics: Registry
  readonly checks: readonly ReadinessCheck[]
  readonly serviceToken: string
  readonly carrierStates: () => CarrierStates
  readonly reads: CarrierReads
}

/** The routes that operators and the gateway read. None sells anything; one guard stands before all of /internal. */
export const createHttp = ({
  metrics,
  checks,
  serviceToken,
  carrierStates,
  reads,
}: Deps): Express => {
  const app = express()
  app.disable('x-powered-by')
  app.use(opsRoutes(checks, metrics))
  app.use('/internal', requireServiceToken(serviceToken))
  app.get('/internal/carriers', (_request, response) => {
    response.set('cache-control', 'no-store').json(carrierStates())
  })
  app.use('/internal', bundleRoutes(reads))
  app.use((_request, response) => {
    response.status(404).json({ code: 'NOT_FOUND' })
  })
  return app
}
