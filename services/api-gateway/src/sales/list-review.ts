import {
  toDecimalNumber,
  type CaseView,
  type MerchantId,
  type PageQuery,
  type TopupView,
} from '@recargas/contracts'
import { pagedRoute } from '../api/paged-route.ts'
import type { Route } from '../api/route.ts'
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

/** Sales and cases in review, with the facts that a person needs, oldest first. */
export const reviewRoutes = (reads: ReviewReads): readonly Route[] => [
  pagedRoute({
    path: '/recargas/revision',
    summary: 'Sales that wait for a person, the longest first',
    says: 'a page of sales',
    answer: AuditedTopupAnswer,
    read: reads.reviews,
    bodyOf: auditedTopupBody,
    cursorAfter: ({ id }) => id,
  }),
  pagedRoute({
    path: '/incidencias',
    summary: 'Discrepancies a person must see, oldest first',
    says: 'a page of cases',
    answer: CaseAnswer,
    read: reads.cases,
    bodyOf: caseBody,
    cursorAfter: (_, { limit, cursor = 0 }) => cursor + limit,
  }),
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
