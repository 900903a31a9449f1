import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** One day of a shop's own calendar, such as `2026-11-28`. */
export const ShopDay = z.iso.date().brand('ShopDay')
export type ShopDay = z.infer<typeof ShopDay>

/** The instants of a day, in milliseconds: from `start` up to the moment before `end`. */
export type DayBounds = { readonly start: number; readonly end: number }

/**
 * The first instant of a day and of the next one. A day of a clock change has 23 or 25 hours; a day that begins in the skipped
 * hour begins after it, and one whose midnight comes twice begins at the first.
 */
export const dayBounds = (day: ShopDay, timeZone: string): DayBounds => {
  const date = Temporal.PlainDate.from(day)
  return { start: startOf(date, timeZone), end: startOf(date.add({ days: 1 }), timeZone) }
}

/** The day in which an instant lies at the shop. Throws for a time zone that this runtime does not know. */
export const shopDayOf = (instant: number, timeZone: string): ShopDay =>
  knownDay(instant, timeZone).day

/** An instant by the shop's clock, to the second, as spreadsheets read it: `2026-11-28 20:30:00`. */
export const shopTimeOf = (instant: number, timeZone: string): string => {
  const { offsetMs } = knownDay(instant, timeZone)
  return new Date(instant + (offsetMs ?? offsetOf(instant, timeZone)))
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ')
}

type KnownDay = DayBounds & {
  readonly day: ShopDay
  /** From UTC to the shop's clock; null for a day on which that changes. */
  readonly offsetMs: number | null
}

/** The day last asked for in each time zone: nearly all instants are of today, and a zone's rules are slow to ask. */
const recentDays = new Map<string, KnownDay>()
const recentDaysMax = 500

const knownDay = (instant: number, timeZone: string): KnownDay => {
  const recent = recentDays.get(timeZone)
  if (recent !== undefined && recent.start <= instant && instant < recent.end) return recent
  const known = readDay(instant, timeZone)
  recentDays.delete(timeZone)
  recentDays.set(timeZone, known)
  const [oldest] = recentDays.keys()
  if (recentDays.size > recentDaysMax && oldest !== undefined) recentDays.delete(oldest)
  return known
}

const readDay = (instant: number, timeZone: string): KnownDay => {
  const day = ShopDay.parse(zoned(instant, timeZone).toPlainDate().toString())
  const bounds = dayBounds(day, timeZone)
  const offsetMs = offsetOf(bounds.start, timeZone)
  return {
    day,
    ...bounds,
    offsetMs: offsetOf(bounds.end - 1, timeZone) === offsetMs ? offsetMs : null,
  }
}

const offsetOf = (instant: number, timeZone: string): number =>
  zoned(instant, timeZone).offsetNanoseconds / 1_000_000

const startOf = (date: Temporal.PlainDate, timeZone: string): number =>
  date.toZonedDateTime({ timeZone }).epochMilliseconds

const zoned = (instant: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone)
