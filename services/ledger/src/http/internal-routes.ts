import {
  HistoryQuery,
  MerchantId,
  OperationId,
  OperatorName,
  PageQuery,
  StatementQuery,
} from '@recargas/contracts'
import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import type { LedgerReads } from '../reads/ports.ts'

const Merchant = z.object({ merchant: MerchantId })
const NumberedPath = Merchant.extend({ id: z.coerce.number().int().positive() })
const OperationPath = Merchant.extend({ id: OperationId })
const UserPath = Merchant.extend({ userId: z.string().min(1).max(64) })
const FloatPath = Merchant.extend({ operator: OperatorName })
const BalanceQuery = z.object({ at: z.iso.datetime() })

/** Answers what is found, 404 for null. */
const answer = (response: Response, found: unknown): void => {
  if (found === null) response.status(404).json({ code: 'NOT_FOUND' })
  else response.json(found)
}

/** Reads for the gateway; not reachable from outside. */
export const internalRoutes = (reads: LedgerReads): Router => {
  const router = express.Router()
  const get = (path: string, read: (request: Request) => Promise<unknown>) =>
    router.get(path, async (request, response) => answer(response, await read(request)))

  get('/identity', () => reads.identity())
  get('/merchants/:merchant/operations/:id', (request) => {
    const { merchant, id } = OperationPath.parse(request.params)
    return reads.operation(merchant, id)
  })
  get('/merchants/:merchant/topups/:id', (request) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.topup(merchant, id)
  })
  get('/merchants/:merchant/topups', (request) =>
    reads.topups(Merchant.parse(request.params).merchant, HistoryQuery.parse(request.query)),
  )
  get('/merchants/:merchant/injections', (request) =>
    reads.injections(Merchant.parse(request.params).merchant, HistoryQuery.parse(request.query)),
  )
  get('/merchants/:merchant/reviews', (request) =>
    reads.reviews(Merchant.parse(request.params).merchant, PageQuery.parse(request.query)),
  )
  get('/merchants/:merchant/cases', (request) =>
    reads.cases(Merchant.parse(request.params).merchant, PageQuery.parse(request.query)),
  )
  get('/merchants/:merchant/floats', (request) =>
    reads.floats(Merchant.parse(request.params).merchant),
  )
  get('/merchants/:merchant/cajas', (request) =>
    reads.cajas(Merchant.parse(request.params).merchant),
  )
  get('/merchants/:merchant/cajas/:id', (request) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.caja(merchant, id)
  })
  get('/merchants/:merchant/sessions/active/:userId', (request) => {
    const { merchant, userId } = UserPath.parse(request.params)
    return reads.activeSession(merchant, userId)
  })
  get('/merchants/:merchant/sessions/:id', (request) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.session(merchant, id)
  })
  statementRoutes(get, reads)
  return router
}

type Get = (path: string, read: (request: Request) => Promise<unknown>) => unknown

const statementRoutes = (get: Get, reads: LedgerReads): void => {
  get('/merchants/:merchant/floats/:operator/statement', (request) => {
    const { merchant, operator } = FloatPath.parse(request.params)
    return reads.floatStatement(merchant, operator, StatementQuery.parse(request.query))
  })
  get('/merchants/:merchant/floats/:operator/balance', (request) => {
    const { merchant, operator } = FloatPath.parse(request.params)
    return reads.floatBalance(merchant, operator, instantOf(request))
  })
  get('/merchants/:merchant/sessions/:id/statement', (request) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.sessionStatement(merchant, id, StatementQuery.parse(request.query))
  })
  get('/merchants/:merchant/sessions/:id/balance', (request) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.sessionBalance(merchant, id, instantOf(request))
  })
  get('/merchants/:merchant/sessions/:id/report', (request) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.shiftReport(merchant, id)
  })
}

const instantOf = ({ query }: Request): number => Date.parse(BalanceQuery.parse(query).at)
