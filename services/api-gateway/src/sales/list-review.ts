import {
  toDecimalNumber,
  type CaseView,
  type MerchantId,
  type PageQuery,
  type TopupView,
} from '@recargas/contracts'
import { z } from 'zod'
import { nextPageLink, wholeParameter } from '../api/page.ts'
import { parseQuery } from '../api/parse.ts'
import { administratorOnly, type Route } from '../api/route.ts'
import { caseWords } from '../api/words.ts'
import { AuditedTopupAnswer, CaseAnswer } from './sale-replies.ts'
import { auditedTopupBody } from './sale-body.ts'

/** Oldest first. Throw when the ledger cannot be asked. */
export type ReviewReads = {
  /** The cursor is the number of the sale before the page. */
  readonly reviews: (merchant: MerchantId, query: PageQuery) => Promise<readonly TopupView[]>
  /** The cursor is how many cases come before the page. */
  readonly cases: (merchant: MerchantId, query: PageQuery) => Promise<readonly CaseView[]>
}

/** Below the histories' limit: every sale comes with all that happened to it. */
const limitMax = 100

const Page = z.strictObject({
  limit: wholeParameter(limitMax).default(limitMax),
  cursor: wholeParameter().optional(),
})

/** Sales and cases in review, with the facts that a person needs: bare arrays, oldest first. */
export const reviewRoutes = (reads: ReviewReads): readonly Route[] => [
  {
    method: 'get',
    path: '/recargas/revision',
    roles: administratorOnly,
    contract: {
      summary: 'Sales that wait for a person, the longest first',
      query: Page,
      replies: [
        {
          status: 200,
          says: 'a page of sales',
          body: z.array(AuditedTopupAnswer),
          headers: ['Link'],
        },
      ],
      problems: ['LEDGER_UNAVAILABLE'],
    },
    answer: async ({ principal, query }) => {
      const page = parseQuery(Page, query)
      const topups = await reads.reviews(principal.merchant, page)
      const next = topups.length < page.limit ? null : (topups.at(-1)?.id ?? null)
      return {
        status: 200,
        body: topups.map(auditedTopupBody),
        headers: nextPageLink('/recargas/revision', query, next),
      }
    },
  },
  {
    method: 'get',
    path: '/incidencias',
    roles: administratorOnly,
    contract: {
      summary: 'Discrepancies a person must see, oldest first',
      query: Page,
      replies: [
        { status: 200, says: 'a page of cases', body: z.array(CaseAnswer), headers: ['Link'] },
      ],
      problems: ['LEDGER_UNAVAILABLE'],
    },
    answer: async ({ principal, query }) => {
      const page = parseQuery(Page, query)
      const cases = await reads.cases(principal.merchant, page)
      const next = cases.length < page.limit ? null : (page.cursor ?? 0) + cases.length
      return {
        status: 200,
        body: cases.map(caseBody),
        headers: nextPageLink('/incidencias', query, next),
      }
    },
  },
]

/** A discrepancy with the sale it is about. */
export const caseBody = (view: CaseView) => ({
  id: view.id,
  tipo: caseWords[view.kind],
  monto: view.amount === null ? null : toDecimalNumber(view.amount, view.currency),
  fecha: view.openedAt,
  recarga: view.topup === null ? null : auditedTopupBody(view.topup),
  ...(view.mismatch === null ? {} : { diferencia: mismatchBody(view.mismatch) }),
  cierre: view.closing === null ? null : closingBody(view.closing),
})

/** A case is closed by an operator of the system, by name: no user of a POS. */
const closingBody = ({ by, at, reason }: NonNullable<CaseView['closing']>) => ({
  por: by,
  fecha: at,
  motivo: reason,
})

/** By how much the carrier's balance differs, in its own unit: no shop's money, so no decimals. */
const mismatchBody = ({ carrierAmount, from, to, likely }: NonNullable<CaseView['mismatch']>) => ({
  unidades_proveedor: carrierAmount,
  desde: from,
  hasta: to,
  posibles: likely.map(auditedTopupBody),
})
