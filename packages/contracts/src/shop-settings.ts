import { z } from 'zod'
import { Money } from './money.ts'

/** Name of an IANA time zone that this runtime knows, such as `America/La_Paz`. */
export const TimeZone = z.string().min(1).max(64).refine(isTimeZone, {
  error: 'is not a time zone of the IANA database, such as America/La_Paz',
})

/** An opening count that differs from the drawer is booked as over or short, or refused. */
export const OpeningCount = z.enum(['record', 'refuse'])
export type OpeningCount = z.infer<typeof OpeningCount>

/** The catalogue's settings that the ledger needs. They travel in every command, outside its fingerprint. */
export const ShopSettings = z.strictObject({
  timeZone: z.string().min(1).max(64),
  openingCount: OpeningCount,
  /** A closing count that differs by this or more needs a reason, in minor units; absent: none does. */
  reasonFrom: Money.positive().optional(),
})
export type ShopSettings = z.infer<typeof ShopSettings>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    // A fixed offset such as `+05:00` is accepted by Intl and is no zone of the database.
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
}
