import type { MerchantId, PageQuery } from '@recargas/contracts'
import { z } from 'zod'
import { nextPageLink, wholeParameter } from './page.ts'
import { parseQuery } from './parse.ts'
import { administratorOnly, type Route } from './route.ts'

/** Below the histories' limit: every row comes with all that happened to it. */
const limitMax = 100

const Page = z.strictObject({
  limit: wholeParameter(limitMax).default(limitMax),
  cursor: wholeParameter().optional(),
})

/** A bare array for an Administrador, bounded; the next page is named in the Link header. */
export const pagedRoute = <Row>(route: {
  readonly path: string
  readonly summary: string
  readonly says: string
  readonly answer: z.ZodType
  /** Throws when the ledger cannot be asked. */
  readonly read: (merchant: MerchantId, page: PageQuery) => Promise<readonly Row[]>
  readonly bodyOf: (row: Row, merchant: MerchantId) => unknown
  /** The cursor after a page that is full. */
  readonly cursorAfter: (last: Row, page: PageQuery) => number
}): Route => ({
  method: 'get',
  path: route.path,
  roles: administratorOnly,
  contract: {
    summary: route.summary,
    query: Page,
    replies: [{ status: 200, says: route.says, body: z.array(route.answer), headers: ['Link'] }],
    problems: ['LEDGER_UNAVAILABLE'],
  },
  answer: async ({ principal: { merchant }, query }) => {
    const page = parseQuery(Page, query)
    const rows = await route.read(merchant, page)
    const last = rows.length < page.limit ? undefined : rows.at(-1)
    const next = last === undefined ? null : route.cursorAfter(last, page)
    return {
      status: 200,
      body: rows.map((row) => route.bodyOf(row, merchant)),
      headers: nextPageLink(route.path, query, next),
    }
  },
})
