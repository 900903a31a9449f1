import {
  type Currency,
  type ShopDay,
  type CloseDay,
  type DayClosing,
  type DayNotClosable,
  type MerchantId,
  type PageQuery,
} from '@recargas/contracts'
import { z } from 'zod'
import { pagedRoute } from '../api/paged-route.ts'
import { parseBody, parseId } from '../api/parse.ts'
import { DayField } from '../api/period.ts'
import { Problem } from '../api/problem.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import { personOf } from '../api/users.ts'
import { InstantText, WireId } from '../api/wire.ts'
import { settingsOf, type Shops } from '../catalogue/catalogue.ts'
import { DayAnswer, dayBody } from './day-report.ts'

/** Throw where the ledger cannot be asked. */
export type DayClosingReads = {
  readonly closeDay: (
    merchant: MerchantId,
    day: ShopDay,
    word: CloseDay,
  ) => Promise<DayClosing | DayNotClosable>
  readonly dayClosings: (merchant: MerchantId, page: PageQuery) => Promise<readonly DayClosing[]>
  readonly dayClosing: (merchant: MerchantId, number: number) => Promise<DayClosing | null>
}
type Deps = { readonly reads: DayClosingReads; readonly shops: Shops }

const CloseRequest = z.strictObject({ fecha: DayField })

const ClosingAnswer = z
  .strictObject({
    numero: WireId.meta({ description: 'by shop, without a gap' }),
    fecha: z.iso.date(),
    por: z.string(),
    cerrado: InstantText,
    reemplaza: WireId.nullable().meta({
      description: 'an earlier closing of the same day, after which the day changed',
    }),
    dia: DayAnswer,
  })
  .meta({ id: 'CierreDelDia' })

const Params = z.strictObject({
  numero: z.string().meta({ description: 'a `numero` of GET /cierres' }),
})

/** Closings of days: numbered, never changed, each with the position of the ledger that it covers. */
export const dayClosingRoutes = (deps: Deps): readonly Route[] => [
  closeDayRoute(deps),
  listRoute(deps),
  readRoute(deps),
]

const closeDayRoute = ({ reads, shops }: Deps): Route => ({
  method: 'post',
  path: '/cierres',
  roles: administratorOnly,
  contract: {
    summary: 'Close a day of the shop',
    description:
      'Keeps the day’s figures as they stand, under the shop’s next number. Every session of the day must be closed. Safe to ' +
      'repeat without a key: a day that has not changed keeps its closing; one that has gets another, which names the first.',
    body: CloseRequest,
    replies: [{ status: 200, says: 'closed', body: ClosingAnswer }],
    problems: ['MERCHANT_NOT_CONFIGURED', 'DAY_HAS_OPEN_SESSIONS', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal, body }) => {
    const { fecha } = parseBody(CloseRequest, body)
    const { merchant } = principal
    const { timeZone } = shops.of(merchant).settings
    const closed = await reads.closeDay(merchant, fecha, { by: personOf(principal), timeZone })
    if ('code' in closed) {
      throw new Problem('DAY_HAS_OPEN_SESSIONS', { sessions: closed.sessions.join(', ') })
    }
    return { status: 200, body: closingBodyOf(shops, merchant, closed) }
  },
})

const listRoute = ({ reads, shops }: Deps): Route =>
  pagedRoute({
    path: '/cierres',
    summary: 'Closings of days, newest first',
    says: 'a page of closings',
    answer: ClosingAnswer,
    read: reads.dayClosings,
    bodyOf: (closing, merchant) => closingBodyOf(shops, merchant, closing),
    cursorAfter: ({ number }) => number,
  })

const readRoute = ({ reads, shops }: Deps): Route => ({
  method: 'get',
  path: '/cierres/:numero',
  roles: administratorOnly,
  contract: {
    summary: 'A closing of a day, by its number',
    params: Params,
    replies: [{ status: 200, says: 'the closing', body: ClosingAnswer }],
    problems: ['DAY_CLOSING_NOT_FOUND', 'LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal: { merchant }, params }) => {
    const number = parseId(params['numero'])
    const found = number === null ? null : await reads.dayClosing(merchant, number)
    if (found === null) throw new Problem('DAY_CLOSING_NOT_FOUND')
    return { status: 200, body: closingBodyOf(shops, merchant, found) }
  },
})

const closingBodyOf = (shops: Shops, merchant: MerchantId, closing: DayClosing) =>
  dayClosingBody(closing, {
    currency: closing.currency ?? shops.find(merchant)?.currency ?? 'BOB',
    timeZone: settingsOf(shops, merchant).timeZone,
  })

export const dayClosingBody = (
  { number, by, at, previous, report }: DayClosing,
  of: { readonly currency: Currency; readonly timeZone: string },
): z.infer<typeof ClosingAnswer> => ({
  numero: number,
  fecha: report.day,
  por: by,
  cerrado: at,
  reemplaza: previous,
  dia: dayBody(report, of),
})
