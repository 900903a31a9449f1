import { assertNever, CloseDay, MerchantId, PageQuery, ShopDay } from '@recargas/contracts'
import express, { type Router } from 'express'
import { z } from 'zod'
import type { Days } from '../days/close-day.ts'
import { readsOn } from './responses.ts'

const OfShop = z.object({ merchant: MerchantId })
const DayPath = OfShop.extend({ day: ShopDay })
const ClosingPath = OfShop.extend({ number: z.coerce.number().int().positive() })

/** Closings of a shop's days. */
export const dayRoutes = (days: Days): Router => {
  const router = express.Router()
  router.use(express.json({ limit: '8kb', strict: true }))
  const get = readsOn(router)
  get('/:merchant/day-closings', ({ params, query }) =>
    days.list(OfShop.parse(params).merchant, PageQuery.parse(query)),
  )
  get('/:merchant/day-closings/:number', ({ params }) => {
    const { merchant, number } = ClosingPath.parse(params)
    return days.find(merchant, number)
  })
  router.post('/:merchant/days/:day/close', async ({ params, body }, response) => {
    const { merchant, day } = DayPath.parse(params)
    const result = await days.close(merchant, day, CloseDay.parse(body))
    switch (result.kind) {
      case 'closed':
        response.json(result.closing)
        return
      case 'open-sessions':
        response.status(409).json({ code: 'DAY_HAS_OPEN_SESSIONS', sessions: result.sessions })
        return
      case 'busy':
        response.status(503).json({ code: 'BUSY' })
        return
      default:
        assertNever(result)
    }
  })
  return router
}
