import { z } from 'zod'
import { gatewayRefusalCodes } from './errors.ts'
import { Currency } from './money.ts'

/** Figures a refusal names, so that the POS can say them: amounts in minor units, ids, names. */
export const RefusalDetails = z.record(z.string(), z.union([z.string(), z.int()]))
export type RefusalDetails = z.infer<typeof RefusalDetails>

/** A refusal of the gateway's own, found before the press was published. */
export const GatewayRefusal = z.strictObject({
  code: z.enum(gatewayRefusalCodes),
  details: RefusalDetails,
  /** Currency of the amounts in the details. */
  currency: Currency.optional(),
})
export type GatewayRefusal = z.infer<typeof GatewayRefusal>
