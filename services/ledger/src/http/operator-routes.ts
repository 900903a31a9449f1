import { HeldQuery } from '@recargas/contracts'
import express, { type Router } from 'express'
import type { OperatorReads } from '../reads/ports.ts'

/** Reads over every shop, for the operators' tool. */
export const operatorRoutes = (reads: OperatorReads): Router => {
  const router = express.Router()
  router.get('/held', async ({ query }, response) => {
    response.json(await reads.held(HeldQuery.parse(query)))
  })
  router.get('/retired-cajas', async (_, response) => {
    response.json(await reads.retiredCajas())
  })
  router.get('/overview', async (_request, response) => {
    response.json(await reads.overview())
  })
  return router
}
