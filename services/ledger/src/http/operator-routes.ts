import { HeldQuery, type ProofProgress } from '@recargas/contracts'
import express, { type Router } from 'express'
import type { OperatorReads } from '../reads/ports.ts'

export type ProofReads = { readonly progress: () => Promise<ProofProgress> }

/** Reads over every shop, and the progress of the proof, for the operators' tool. */
export const operatorRoutes = (reads: OperatorReads, proof: ProofReads): Router => {
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
  router.get('/proof', async (_request, response) => {
    response.json(await proof.progress())
  })
  return router
}
