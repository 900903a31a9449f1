import type { ProofProgress } from '@recargas/contracts'
import express, { type Router } from 'express'

export type ProofReads = { readonly progress: () => Promise<ProofProgress> }

/** The progress of the proof, for operators. */
export const proofRoutes = ({ progress }: ProofReads): Router => {
  const router = express.Router()
  router.get('/', async (_request, response) => {
    response.json(await progress())
  })
  return router
}
