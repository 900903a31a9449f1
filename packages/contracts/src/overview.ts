import { z } from 'zod'
import { OpenCases } from './cases.ts'
import { MerchantId, OperatorName } from './ids.ts'
import { Currency } from './money.ts'
import { HeldQuery } from './reads.ts'
import { PersonName, WrittenReason } from './plain-text.ts'

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

/** The sales freeze. Only a restore stops new sales; settling goes on meanwhile. */
export const SellingState = z.strictObject({
  open: z.boolean(),
  /** The reason of the freeze and its remedy; null while sales are open. */
  reason: z.string().nullable(),
})
export type SellingState = z.infer<typeof SellingState>

/** A person releases the freeze without a reconciliation's proof. */
export const AcceptSelling = z.strictObject({ by: PersonName, reason: WrittenReason })
export type AcceptSelling = z.infer<typeof AcceptSelling>
