import { z } from 'zod'
import { hiddenCharacter } from './plain-text.ts'

/** The sales freeze. Only a restore stops new sales; settling goes on meanwhile. */
export const SellingState = z.strictObject({
  open: z.boolean(),
  /** The reason of the freeze and its remedy; null while sales are open. */
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

/** A person releases the freeze without a reconciliation's proof. */
export const AcceptSelling = z.strictObject({ by: PersonName, reason: WrittenReason })
export type AcceptSelling = z.infer<typeof AcceptSelling>
