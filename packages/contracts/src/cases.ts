import { z } from 'zod'
import { MerchantId } from './ids.ts'
import { CaseClosing, CaseView, HistoryQuery, caseKinds } from './reads.ts'
import { PersonName, WrittenReason } from './plain-text.ts'

export const CaseKind = z.enum(caseKinds)

/** The number of open cases of each kind. */
export const OpenCases = z.array(z.strictObject({ kind: CaseKind, count: z.int().nonnegative() }))
export type OpenCases = z.infer<typeof OpenCases>

/** A case of any shop, for operators of the system. */
export const OperatorCase = z.strictObject({
  ...CaseView.shape,
  merchant: MerchantId,
})
export type OperatorCase = z.infer<typeof OperatorCase>
export const OperatorCases = z.array(OperatorCase)

export const caseStates = ['open', 'closed', 'all'] as const
/** The oldest first; `cursor` is the number of cases before the page. */
export const CaseQuery = z.strictObject({
  state: z.enum(caseStates).default('open'),
  merchant: MerchantId.optional(),
  limit: HistoryQuery.shape.limit,
  cursor: z.coerce.number().int().nonnegative().default(0),
})
export type CaseQuery = z.infer<typeof CaseQuery>

export const CloseCase = z.strictObject({
  by: PersonName,
  reason: WrittenReason,
  /** Only a case of this shop; absent: of any. */
  merchant: MerchantId.optional(),
})
export type CloseCase = z.infer<typeof CloseCase>

/** Another word has closed the case before: the first one stands. */
export const CaseClosedBefore = z.object({ code: z.literal('CASE_CLOSED'), closing: CaseClosing })
