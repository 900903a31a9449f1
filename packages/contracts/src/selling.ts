import { z } from 'zod'
import { hiddenCharacter } from './plain-text.ts'

/** Whether the ledger takes new sales. Only a restore stops them; settling goes on meanwhile. */
export const SellingState = z.strictObject({
  open: z.boolean(),
  /** Why not, and what opens it again; null while it is open. */
  reason: z.string().nullable(),
})
export type SellingState = z.infer<typeof SellingState>

/** A person's name as it stays in the audit. */
export const PersonName = z
  .string()
  .trim()
  .min(2)
  .max(80)
  .regex(/^[^\p{C}]+$/u)
export const WrittenReason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .refine((text) => !hiddenCharacter.test(text), {
    error: 'has control characters that no reader sees',
  })

/** A person answers for what a reconciliation could not show. */
export const AcceptSelling = z.strictObject({ by: PersonName, reason: WrittenReason })
export type AcceptSelling = z.infer<typeof AcceptSelling>
