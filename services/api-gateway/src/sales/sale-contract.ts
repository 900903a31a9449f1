import { gatewayRefusalCodes, saleReleaseReasons, type RefusalCode } from '@recargas/contracts'
import { z } from 'zod'
import type { RequestHeader, ToldReply } from '../api/contract.ts'
import { IdField } from '../api/fields.ts'
import type { ProblemCode } from '../api/problem-table.ts'
import { TopupAnswer } from './sale-replies.ts'

/** A sale's number or its id_transaccion. */
export const SaleParams = z.strictObject({ id: z.union([IdField, z.uuid()]) })

/** Why the ledger refuses a sale. */
export const saleRefusals = [
  'SESSION_NOT_OPEN',
  'SESSION_OF_ANOTHER',
  'CURRENCY_MISMATCH',
  'OPERATOR_NOT_REGISTERED',
  'DUPLICATE_SUSPECTED',
  'LIMIT_REACHED',
  'INSUFFICIENT_FLOAT',
] as const satisfies RefusalCode[]

export const isSaleRefusal = (code: string): boolean =>
  [...saleRefusals, ...gatewayRefusalCodes].some((refusal) => refusal === code)

/** What every sale can be answered with, whatever is sold. */
export const saleProblems = [
  'HEADER_INVALID',
  'SELLING_PAUSED',
  'AMOUNT_ZERO',
  'OPERATOR_UNKNOWN',
  'NUMBER_NOT_OF_OPERATOR',
  ...saleRefusals,
  ...saleReleaseReasons,
] as const satisfies ProblemCode[]

export const saleHeaders: readonly RequestHeader[] = [
  'Idempotency-Key',
  'X-Confirmar-Duplicado',
  'Prefer',
]

export const saleReplies: readonly ToldReply[] = [
  { status: 201, says: 'sold', body: TopupAnswer },
  {
    status: 202,
    says: 'not decided yet: the sale is held; ask `Location`, do not sell again',
    body: TopupAnswer,
    headers: ['Location', 'Retry-After', 'Preference-Applied'],
  },
]
