import { AcceptSelling } from '@recargas/contracts'
import express, { type Router } from 'express'
import type { SalesFreeze } from '../freeze/sales-freeze.ts'

/** Routes of the sales freeze: its state, and a person's release of it. */
export const salesFreezeRoutes = (freeze: Omit<SalesFreeze, 'stop'>): Router => {
  const router = express.Router()
  router.use(express.json({ limit: '8kb', strict: true }))
  router.get('/', (_request, response) => {
    response.json(freeze.state())
  })
  router.post('/accept', async ({ body }, response) => {
    const { by, reason } = AcceptSelling.parse(body)
    await freeze.accept(by, reason)
    response.json(freeze.state())
  })
  return router
}
