import { dayBounds, ShopDay } from '@recargas/contracts'
import { z } from 'zod'
import { fieldProblem } from './parse.ts'
import type { Problem } from './problem.ts'
import { wrongField } from './wrong-fields.ts'

/** A date as a client writes it: a whole day of the shop, or one instant. */
export type WrittenDate =
  | { readonly kind: 'day'; readonly day: ShopDay }
  | { readonly kind: 'instant'; readonly at: number }

/** Instants as the ledger's reads take them: `from` is within the period, `to` is not. */
export type Period = { readonly from?: string; readonly to?: string }

const sentence =
  'debe ser una fecha como 2026-11-28, o una fecha con hora y zona como 2026-11-28T08:00:00-04:00'

const dateField = (description: string) =>
  z
    .union([ShopDay.transform(dayOf), z.iso.datetime({ offset: true }).transform(instantOf)], {
      error: sentence,
    })
    .optional()
    .meta({ description, examples: ['2026-11-28', '2026-11-28T08:00:00-04:00'] })

/** The beginning and the end of a period, as query parameters. */
export const periodFields = {
  desde: dateField(
    'from this moment on. A date without a time is the beginning of that day at the shop, by its `zona_horaria`',
  ),
  hasta: dateField(
    'up to this moment, which is not part of the period. A date without a time includes that whole day at the shop, so ' +
      '`desde` and `hasta` with the same date are that day',
  ),
}

/** One day of the shop. */
export const DayField = z.iso
  .date({ error: 'debe ser una fecha como 2026-11-28' })
  .pipe(ShopDay)
  .meta({ examples: ['2026-11-28'] })

/** The same as a query parameter. */
export const dayField = DayField.optional().meta({
  description:
    'one day at the shop, by its `zona_horaria`; instead of `desde` and `hasta`, never with them',
  examples: ['2026-11-28'],
})

/** One instant, as a query parameter. */
export const instantField = (description: string) =>
  dateField(`${description}. A date without a time is the beginning of that day at the shop`)

type Written = {
  readonly desde?: WrittenDate | undefined
  readonly hasta?: WrittenDate | undefined
  readonly fecha?: ShopDay | undefined
}

/** Turns the dates of a query into instants by the shop's time zone. Throws {@link Problem} for a period that ends before it begins. */
export const periodOf = ({ desde, hasta, fecha }: Written, timeZone: string): Period => {
  if (fecha !== undefined) {
    if (desde !== undefined || hasta !== undefined) {
      throw queryProblem(
        'fecha',
        'no se combina con otras fechas',
        'no se combina con desde ni hasta',
      )
    }
    const { start, end } = dayBounds(fecha, timeZone)
    return { from: isoOf(start), to: isoOf(end) }
  }
  const from = desde === undefined ? undefined : beginningOf(desde, timeZone)
  const to = hasta === undefined ? undefined : endOf(hasta, timeZone)
  if (isAfter(desde, hasta, timeZone)) {
    throw queryProblem('desde', 'no debe ser posterior a la final', 'no debe ser posterior a hasta')
  }
  return {
    ...(from === undefined ? {} : { from: isoOf(from) }),
    ...(to === undefined ? {} : { to: isoOf(to) }),
  }
}

/** One instant of a query by the shop's time zone. */
export const momentOf = (written: WrittenDate, timeZone: string): string =>
  isoOf(beginningOf(written, timeZone))

const beginningOf = (written: WrittenDate, timeZone: string): number =>
  written.kind === 'day' ? dayBounds(written.day, timeZone).start : written.at

const endOf = (written: WrittenDate, timeZone: string): number =>
  written.kind === 'day' ? dayBounds(written.day, timeZone).end : written.at

/** Days are compared as days, since a day that a zone skipped has no instant. */
const isAfter = (
  desde: WrittenDate | undefined,
  hasta: WrittenDate | undefined,
  timeZone: string,
): boolean => {
  if (desde === undefined || hasta === undefined) return false
  if (desde.kind === 'day' && hasta.kind === 'day') return desde.day > hasta.day
  const from = beginningOf(desde, timeZone)
  return hasta.kind === 'day' ? from >= endOf(hasta, timeZone) : from > hasta.at
}

const queryProblem = (field: string, predicate: string, detail: string): Problem =>
  fieldProblem('QUERY_INVALID', [wrongField(field, predicate, detail)])

/** A time zone or an offset may lead out of the years that are written with four digits: no ledger has entries there. */
const earliest = Date.parse('0000-01-01T00:00:00.000Z')
const latest = Date.parse('9999-12-31T23:59:59.999Z')
const isoOf = (instant: number): string =>
  new Date(Math.min(Math.max(instant, earliest), latest)).toISOString()

function dayOf(day: ShopDay): WrittenDate {
  return { kind: 'day', day }
}

function instantOf(text: string): WrittenDate {
  return { kind: 'instant', at: Date.parse(text) }
}
