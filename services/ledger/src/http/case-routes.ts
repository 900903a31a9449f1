import { assertNever, CaseQuery, CloseCase } from '@recargas/contracts'
import express, { type Router } from 'express'
import { z } from 'zod'
import type { Cases } from '../cases/ports.ts'
import { readsOn } from './responses.ts'

const Path = z.object({ id: z.string().min(1).max(120) })

/** Discrepancies of every shop, and a person's word that closes one. */
export const caseRoutes = (cases: Cases): Router => {
  const router = express.Router()
  router.use(express.json({ limit: '8kb', strict: true }))
  const get = readsOn(router)
  get('/', ({ query }) => cases.list(CaseQuery.parse(query)))
  get('/:id', ({ params }) => cases.find(Path.parse(params).id))
  router.post('/:id/close', async ({ params, body }, response) => {
    const result = await cases.close(Path.parse(params).id, CloseCase.parse(body))
    switch (result.kind) {
      case 'closed':
        response.json(result.case)
        return
      case 'closed-before': {
        const { closing } = result.case
        const detail = `${closing?.by ?? ''} closed it at ${closing?.at ?? ''}`
        response.status(409).json({ code: 'CASE_CLOSED', detail, closing })
        return
      }
      case 'unknown':
        response.status(404).json({ code: 'NOT_FOUND' })
        return
      default:
        assertNever(result)
    }
  })
  return router
}
