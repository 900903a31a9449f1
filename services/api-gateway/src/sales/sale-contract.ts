import { gatewayRefusalCodes, operations, saleReleaseReasons } from '@recargas/contracts'
import { z } from 'zod'
import type { RequestHeader, DeclaredReply } from '../api/contract.ts'
import { IdField } from '../api/fields.ts'
import type { ProblemCode } from '../api/problem-table.ts'
import { TopupAnswer } from './sale-replies.ts'

/** A sale's number or its id_transaccion. */
export const SaleParams = z.strictObject({ id: z.union([IdField, z.uuid()]) })

/** The ledger refuses a top-up and a bundle alike. */
export const saleRefusals = operations.RequestTopup.refusals

export const isSaleRefusal = (code: string): boolean =>
  [...saleRefusals, ...gatewayRefusalCodes].some((refusal) => refusal === code)

/** Problems of every kind of sale. */
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

export const saleReplies: readonly DeclaredReply[] = [
  { status: 201, says: 'sold', body: TopupAnswer },
  {
    status: 202,
    says: 'not decided yet: the sale is held; ask `Location`, do not sell again',
    body: TopupAnswer,
    headers: ['Location', 'Retry-After', 'Preference-Applied'],
  },
]
