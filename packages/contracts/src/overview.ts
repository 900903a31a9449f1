import { z } from 'zod'
import { OpenCases } from './cases.ts'
import { MerchantId, OperatorName } from './ids.ts'
import { Currency } from './money.ts'
import { HeldQuery } from './reads.ts'

/** State of the ledger over every shop, for operators of the system. */
export const Overview = z.strictObject({
  held: z.array(
    z.strictObject({
      state: HeldQuery.shape.state,
      /** 10000 means at least so many. */
      count: z.int().nonnegative(),
      oldestAt: z.iso.datetime().nullable(),
    }),
  ),
  lowFloats: z.array(
    z.strictObject({
      merchant: MerchantId,
      operator: OperatorName,
      currency: Currency,
      available: z.int(),
      runwayMinutes: z.int().nonnegative().nullable(),
    }),
  ),
  openCases: OpenCases,
})
export type Overview = z.infer<typeof Overview>
