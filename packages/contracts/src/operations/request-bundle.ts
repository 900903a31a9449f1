import { z } from 'zod'
import { Bundle } from '../bundles.ts'
import { declareOperation } from './operation.ts'
import { requestTopup } from './request-topup.ts'

/** One mobile package, sold like a top-up. `amount` is the carrier's list price. */
export const requestBundle = declareOperation({
  kind: 'RequestBundle',
  schema: z.strictObject({ ...requestTopup.schema.shape, bundle: Bundle }),
  payload: z.strictObject({
    operator: z.string(),
    code: z.string(),
    number: z.string(),
    sessionId: z.number(),
    seenPrice: z.number().nullable(),
  }),
  result: null,
  refusals: requestTopup.refusals,
  entry: requestTopup.entry,
})
export type RequestBundle = z.infer<typeof requestBundle.schema>
