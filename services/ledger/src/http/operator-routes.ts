import { HeldQuery, type ProofProgress } from '@recargas/contracts'
import express, { type Router } from 'express'
import type { OperatorReads } from '../reads/ports.ts'
import { readsOn } from './responses.ts'

export type ProofReads = { readonly progress: () => Promise<ProofProgress> }

/** Reads over every shop, and the progress of the proof, for the operators' tool. */
export const operatorRoutes = (reads: OperatorReads, proof: ProofReads): Router => {
  const router = express.Router()
  const get = readsOn(router)
  get('/held', ({ query }) => reads.held(HeldQuery.parse(query)))
  get('/retired-cajas', () => reads.retiredCajas())
  get('/overview', () => reads.overview())
  get('/proof', () => proof.progress())
  return router
}
