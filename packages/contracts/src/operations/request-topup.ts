import { z } from 'zod'
import { CarrierName, CarrierTerms } from '../carriers.ts'
import { OperatorName, SequenceId } from '../ids.ts'
import { Money } from '../money.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** One top-up. Its `operationId` is the top-up's id and the carrier's idempotency token. */
export const requestTopup = declareOperation({
  kind: 'RequestTopup',
  schema: z.strictObject({
    ...shopPress,
    sessionId: SequenceId,
    operator: OperatorName,
    carrier: CarrierName,
    slug: z.string().min(1).max(20),
    number: z.string().regex(/^[0-9]{5,20}$/),
    amount: Money.refine((amount) => amount > 0),
    /** The amount in the carrier's own unit. */
    carrierAmount: z.int().positive(),
    terms: CarrierTerms.optional(),
    /** The cashier saw the earlier sale and sells again; audited. */
    confirmDuplicate: z.boolean(),
  }),
  payload: z.strictObject({
    operator: z.string(),
    number: z.string(),
    amount: z.number(),
    sessionId: z.number(),
  }),
  result: null,
  refusals: [
    'SESSION_NOT_OPEN',
    'SESSION_OF_ANOTHER',
    'CURRENCY_MISMATCH',
    'OPERATOR_NOT_REGISTERED',
    'DUPLICATE_SUSPECTED',
    'LIMIT_REACHED',
    'INSUFFICIENT_FLOAT',
  ],
  entry: { kind: 'reserve', statement: 'hold', shift: null },
})
export type RequestTopup = z.infer<typeof requestTopup.schema>
