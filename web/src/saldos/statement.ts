import type { components } from '@recargas/client'

export type StatementPage = components['schemas']['ExtractoDeOperadora']
export type Entry = StatementPage['movimientos'][number]

export type Period = { readonly from: string; readonly to: string }

/** The pages of one statement that were read so far, as one. */
export type Statement = {
  readonly operator: string
  readonly period: Period
  readonly currency: string
  readonly opening: string | null
  readonly entries: readonly Entry[]
  readonly next: string | null
}

const dayMs = 24 * 60 * 60_000
const daysShown = 6

/** A date so many days before another. */
export const daysBefore = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - days * dayMs).toISOString().slice(0, 10)

/**
 * The days to ask for: each end as it was chosen, an empty one for no limit, and otherwise one of the last days up to today.
 * @returns null while an end that was not chosen needs a today that is not known
 */
export const periodOf = (chosen: Partial<Period>, today: string | null): Period | null => {
  const from = chosen.from ?? (today === null ? null : daysBefore(today, daysShown))
  const to = chosen.to ?? today
  return from === null || to === null ? null : { from, to }
}

/** @returns the statement of a first page, or the one before with a further page */
export const withPage = (
  before: Statement | null,
  asked: Pick<Statement, 'operator' | 'period'>,
  page: StatementPage,
): Statement => ({
  ...asked,
  currency: page.moneda,
  opening: before === null ? page.saldo_inicial : before.opening,
  entries: [...(before?.entries ?? []), ...page.movimientos],
  next: page.cursor_siguiente,
})

/** The balance after each entry; it begins with the one before the first. */
export const balanceOf = ({ opening, entries }: Statement) => {
  const [first] = entries
  const points = entries.map(
    ({ fecha, saldo }) => [Date.parse(fecha) / 1_000, Number(saldo)] as const,
  )
  const all =
    first === undefined || opening === null
      ? points
      : [[Date.parse(first.fecha) / 1_000, Number(opening)] as const, ...points]
  return { xs: all.map(([x]) => x), ys: all.map(([, y]) => y) }
}
