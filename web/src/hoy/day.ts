import { minorOf } from '../language/format.ts'

/** A day at the shop, by the clock of its zone. */
export const dayIn = (zone: string, at: number): string => {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at)
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year')}-${of('month')}-${of('day')}`
}

export type Sum = { readonly cantidad: number; readonly monto: number }
type State = 'vendidas' | 'pendientes' | 'en_revision' | 'rechazadas'
export type Sums = Readonly<Record<State, Sum>>
export type Group = Sums & { readonly name: string }

/** The part of the largest amount sold, for the length of a bar: 0 to 100. */
export const shareOf = (group: Sums, groups: readonly Sums[]): number => {
  const most = Math.max(0, ...groups.map(({ vendidas }) => minorOf(vendidas.monto)))
  return most === 0 ? 0 : Math.round((minorOf(group.vendidas.monto) / most) * 100)
}

/** Hours and minutes that a float lasts; null without sales. */
export const runwayOf = (
  minutes: number | null,
): { readonly hours: number; readonly minutes: number } | null =>
  minutes === null ? null : { hours: Math.floor(minutes / 60), minutes: minutes % 60 }

/** The hours from the first to the last with a sale, so that a quiet hour is seen too. */
export const hoursOf = (hours: readonly (Sums & { readonly hora: number })[]): readonly Group[] => {
  const known = new Map(hours.map((each) => [each.hora, each]))
  const first = Math.min(...known.keys())
  const last = Math.max(...known.keys())
  if (known.size === 0) return []
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const hora = first + at
    return { ...(known.get(hora) ?? none), name: `${String(hora).padStart(2, '0')}:00` }
  })
}

/** The amount sold in each group, in their order, for a plot. */
export const barsOf = (groups: readonly Group[]) => ({
  kind: 'bars' as const,
  xs: groups.map((_, at) => at),
  ys: groups.map(({ vendidas }) => vendidas.monto),
  nameOfX: (at: number) => groups[at]?.name ?? '',
  nameOfY: (amount: number) => amount.toFixed(2),
})

const nothing: Sum = { cantidad: 0, monto: 0 }
const none: Sums = {
  vendidas: nothing,
  pendientes: nothing,
  en_revision: nothing,
  rechazadas: nothing,
}
