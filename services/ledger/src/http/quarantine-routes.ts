import {
  DiscardRequest,
  QuarantineQuery,
  QuarantineState,
  ReplayRequest,
  type QuarantineSettled,
} from '@recargas/contracts'
import express, { type Response, type Router } from 'express'
import { z } from 'zod'
import type { RunningQuarantine } from '../quarantine/start-quarantine.ts'
import { readsOn } from './responses.ts'

const Path = z.object({ id: z.string().max(64) })
const GroupsQuery = z.strictObject({ state: QuarantineState.default('waiting') })
/** A hundred ids and a reason. */
const bodyLimit = '32kb'

const answer = (response: Response, settled: QuarantineSettled): void => {
  response.status('code' in settled ? 409 : 200).json(settled)
}

/** Routes of the quarantine, for the operators' tool and the gateway. */
export const quarantineRoutes = (quarantine: Omit<RunningQuarantine, 'stop'>): Router => {
  const router = express.Router()
  router.use(express.json({ limit: bodyLimit, strict: true }))
  const get = readsOn(router)
  get('/', ({ query }) => quarantine.page(QuarantineQuery.parse(query)))
  get('/groups', ({ query }) => quarantine.groups(GroupsQuery.parse(query).state))
  get('/:id', ({ params }) => quarantine.show(Path.parse(params).id))
  router.post('/replay', async ({ body }, response) => {
    answer(response, await quarantine.replay(ReplayRequest.parse(body)))
  })
  router.post('/discard', async ({ body }, response) => {
    answer(response, await quarantine.discard(DiscardRequest.parse(body)))
  })
  return router
}
