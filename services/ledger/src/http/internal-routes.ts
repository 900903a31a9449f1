import {
  HistoryQuery,
  ledgerPositionHeader,
  MerchantId,
  OperationId,
  OperatorName,
  PageQuery,
  StatementQuery,
} from '@recargas/contracts'
import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import type { Reads } from '../reads/create-reads.ts'
import type { LedgerReads } from '../reads/ports.ts'

const Merchant = z.object({ merchant: MerchantId })
const NumberedPath = Merchant.extend({ id: z.coerce.number().int().positive() })
const OperationPath = Merchant.extend({ id: OperationId })
const UserPath = Merchant.extend({ userId: z.string().min(1).max(64) })
const FloatPath = Merchant.extend({ operator: OperatorName })
/** The newest block that the caller knows from an event. */
const NamedPosition = z
  .string()
  .regex(/^\d{1,15}$/, `${ledgerPositionHeader}: not the position of a block`)
  .transform(Number)
  .optional()
const BalanceQuery = z.object({ at: z.iso.datetime() })

/** Answers the found value, or 404 for null. */
const answer = (response: Response, found: unknown): void => {
  if (found === null) response.status(404).json({ code: 'NOT_FOUND' })
  else response.json(found)
}

/** Reads for the gateway, from the block on that the request names; not reachable from outside. */
export const internalRoutes = (readsFrom: Reads['readsFrom']): Router => {
  const router = express.Router()
  const get: Get = (path, read) =>
    router.get(path, async (request, response) => {
      const named = NamedPosition.parse(request.get(ledgerPositionHeader))
      answer(response, await read(request, readsFrom(named)))
    })

  get('/identity', (_, reads) => reads.identity())
  get('/merchants/:merchant/operations/:id', (request, reads) => {
    const { merchant, id } = OperationPath.parse(request.params)
    return reads.operation(merchant, id)
  })
  get('/merchants/:merchant/topups/:id', (request, reads) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.topup(merchant, id)
  })
  get('/merchants/:merchant/topups', (request, reads) =>
    reads.topups(Merchant.parse(request.params).merchant, HistoryQuery.parse(request.query)),
  )
  get('/merchants/:merchant/injections', (request, reads) =>
    reads.injections(Merchant.parse(request.params).merchant, HistoryQuery.parse(request.query)),
  )
  get('/merchants/:merchant/reviews', (request, reads) =>
    reads.reviews(Merchant.parse(request.params).merchant, PageQuery.parse(request.query)),
  )
  get('/merchants/:merchant/cases', (request, reads) =>
    reads.cases(Merchant.parse(request.params).merchant, PageQuery.parse(request.query)),
  )
  get('/merchants/:merchant/floats', (request, reads) =>
    reads.floats(Merchant.parse(request.params).merchant),
  )
  get('/merchants/:merchant/cajas', (request, reads) =>
    reads.cajas(Merchant.parse(request.params).merchant),
  )
  get('/merchants/:merchant/cajas/:id', (request, reads) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.caja(merchant, id)
  })
  get('/merchants/:merchant/sessions/active/:userId', (request, reads) => {
    const { merchant, userId } = UserPath.parse(request.params)
    return reads.activeSession(merchant, userId)
  })
  get('/merchants/:merchant/sessions/:id', (request, reads) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.session(merchant, id)
  })
  statementRoutes(get)
  return router
}

type Get = (
  path: string,
  read: (request: Request, reads: LedgerReads) => Promise<unknown>,
) => unknown

const statementRoutes = (get: Get): void => {
  get('/merchants/:merchant/floats/:operator/statement', (request, reads) => {
    const { merchant, operator } = FloatPath.parse(request.params)
    return reads.floatStatement(merchant, operator, StatementQuery.parse(request.query))
  })
  get('/merchants/:merchant/floats/:operator/balance', (request, reads) => {
    const { merchant, operator } = FloatPath.parse(request.params)
    return reads.floatBalance(merchant, operator, instantOf(request))
  })
  get('/merchants/:merchant/sessions/:id/statement', (request, reads) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.sessionStatement(merchant, id, StatementQuery.parse(request.query))
  })
  get('/merchants/:merchant/sessions/:id/balance', (request, reads) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.sessionBalance(merchant, id, instantOf(request))
  })
  get('/merchants/:merchant/sessions/:id/report', (request, reads) => {
    const { merchant, id } = NumberedPath.parse(request.params)
    return reads.shiftReport(merchant, id)
  })
}

const instantOf = ({ query }: Request): number => Date.parse(BalanceQuery.parse(query).at)
