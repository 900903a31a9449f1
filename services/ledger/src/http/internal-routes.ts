import {
  DayQuery,
  HistoryQuery,
  ledgerPositionHeader,
  MerchantId,
  OperationId,
  OperatorName,
  PageQuery,
  ShopDay,
  StatementQuery,
} from '@recargas/contracts'
import express, { type Router } from 'express'
import { z } from 'zod'
import type { Reads } from '../reads/create-reads.ts'
import type { LedgerReads } from '../reads/ports.ts'
import { readsOn } from './responses.ts'

const Merchant = z.object({ merchant: MerchantId })
const NumberedPath = Merchant.extend({ id: z.coerce.number().int().positive() })
const OperationPath = Merchant.extend({ id: OperationId })
const UserPath = Merchant.extend({ userId: z.string().min(1).max(64) })
const DayPath = Merchant.extend({ day: ShopDay })
const FloatPath = Merchant.extend({ operator: OperatorName })
/** The newest block that the caller knows from an event. */
const NamedPosition = z
  .string()
  .regex(/^\d{1,15}$/, `${ledgerPositionHeader}: not the position of a block`)
  .transform(Number)
  .optional()
const BalanceQuery = z.object({ at: z.iso.datetime() })

/** Reads for the gateway, from the block on that the request names; not reachable from outside. */
export const internalRoutes = (readsFrom: Reads['readsFrom']): Router => {
  const router = express.Router()
  const add = readsOn(router)
  const get: Get = (path, Path, read) =>
    add(path, (request) => {
      const named = NamedPosition.parse(request.get(ledgerPositionHeader))
      return read(readsFrom(named), Path.parse(request.params), request.query)
    })

  get('/identity', z.unknown(), (reads) => reads.identity())
  const shop = '/merchants/:merchant'
  get(`${shop}/operations/:id`, OperationPath, (reads, { merchant, id }) =>
    reads.operation(merchant, id),
  )
  get(`${shop}/topups/:id`, NumberedPath, (reads, { merchant, id }) => reads.topup(merchant, id))
  get(`${shop}/topups`, Merchant, (reads, { merchant }, query) =>
    reads.topups(merchant, HistoryQuery.parse(query)),
  )
  get(`${shop}/injections`, Merchant, (reads, { merchant }, query) =>
    reads.injections(merchant, HistoryQuery.parse(query)),
  )
  get(`${shop}/reviews`, Merchant, (reads, { merchant }, query) =>
    reads.reviews(merchant, PageQuery.parse(query)),
  )
  get(`${shop}/cases`, Merchant, (reads, { merchant }, query) =>
    reads.cases(merchant, PageQuery.parse(query)),
  )
  get(`${shop}/floats`, Merchant, (reads, { merchant }) => reads.floats(merchant))
  get(`${shop}/cajas`, Merchant, (reads, { merchant }) => reads.cajas(merchant))
  get(`${shop}/cajas/:id`, NumberedPath, (reads, { merchant, id }) => reads.caja(merchant, id))
  get(`${shop}/sessions/active/:userId`, UserPath, (reads, { merchant, userId }) =>
    reads.activeSession(merchant, userId),
  )
  get(`${shop}/sessions/:id`, NumberedPath, (reads, { merchant, id }) =>
    reads.session(merchant, id),
  )
  get(`${shop}/floats/:operator/statement`, FloatPath, (reads, { merchant, operator }, query) =>
    reads.floatStatement(merchant, operator, StatementQuery.parse(query)),
  )
  get(`${shop}/floats/:operator/balance`, FloatPath, (reads, { merchant, operator }, query) =>
    reads.floatBalance(merchant, operator, instantOf(query)),
  )
  get(`${shop}/sessions/:id/statement`, NumberedPath, (reads, { merchant, id }, query) =>
    reads.sessionStatement(merchant, id, StatementQuery.parse(query)),
  )
  get(`${shop}/sessions/:id/balance`, NumberedPath, (reads, { merchant, id }, query) =>
    reads.sessionBalance(merchant, id, instantOf(query)),
  )
  get(`${shop}/sessions/:id/report`, NumberedPath, (reads, { merchant, id }) =>
    reads.shiftReport(merchant, id),
  )
  get(`${shop}/days/:day`, DayPath, (reads, { merchant, day }, query) =>
    reads.dayReport(merchant, day, DayQuery.parse(query).timeZone),
  )
  return router
}

type Get = <Path extends z.ZodType>(
  path: string,
  schema: Path,
  read: (reads: LedgerReads, params: z.infer<Path>, query: unknown) => Promise<unknown>,
) => unknown

const instantOf = (query: unknown): number => Date.parse(BalanceQuery.parse(query).at)
