import { AcceptSelling } from '@recargas/contracts'
import express, { type Router } from 'express'
import type { SellingGate } from '../selling/selling-gate.ts'

/** Routes of the sales freeze: its state, and a person's release of it. */
export const sellingRoutes = (gate: Omit<SellingGate, 'stop'>): Router => {
  const router = express.Router()
  router.use(express.json({ limit: '8kb', strict: true }))
  router.get('/', (_request, response) => {
    response.json(gate.state())
  })
  router.post('/accept', async ({ body }, response) => {
    const { by, reason } = AcceptSelling.parse(body)
    await gate.accept(by, reason)
    response.json(gate.state())
  })
  return router
}
