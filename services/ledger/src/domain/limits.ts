import type { RefusalDetails } from '@recargas/contracts'
import type { Topup } from './entities.ts'

/** Most sales, and most money, in one day; 0: no limit. */
export type Allowance = { readonly count: number; readonly amount: number }
/** What a shop allows in one day. The day's offset from UTC is fixed, so that a replay finds the same days. */
export type Limits = {
  readonly utcOffsetMinutes: number
  readonly cashier: Allowance
  readonly number: Allowance
  readonly operator: Allowance
}
export const limitedKinds = ['cashier', 'number', 'operator'] as const

/** What was sold so far on the day that began then: held or final, without what was released. */
export type Usage = { readonly count: number; readonly amount: number; readonly day: number }

const dayMs = 24 * 3_600_000
export const isPastDay = (day: number, at: number): boolean => at - day >= dayMs

/** When the day of an instant began. */
export const dayOf = (at: number, utcOffsetMinutes: number): number => {
  const offsetMs = utcOffsetMinutes * 60_000
  return Math.floor((at + offsetMs) / dayMs) * dayMs - offsetMs
}

type Sale = Pick<Topup, 'merchant' | 'phone' | 'operator' | 'amount'> & {
  readonly actor: Pick<Topup['actor'], 'userId'>
}
export type ReservedSale = Sale & Pick<Topup, 'reservedAt'>

const keysOf = ({ merchant, actor, phone, operator }: Sale, day: number) => ({
  cashier: `${merchant}|cashier|${actor.userId}|${day}`,
  number: `${merchant}|number|${phone}|${day}`,
  operator: `${merchant}|operator|${operator}|${day}`,
})

type UsageOf = (key: string) => Usage | undefined

/** The limit that a sale would pass; null: none. */
export const limitReached = (
  usageOf: UsageOf,
  limits: Limits,
  sale: Sale,
  at: number,
): RefusalDetails | null => {
  const keys = keysOf(sale, dayOf(at, limits.utcOffsetMinutes))
  for (const limit of limitedKinds) {
    const max = limits[limit]
    const { count, amount } = usageOf(keys[limit]) ?? { count: 0, amount: 0 }
    if (max.count > 0 && count + 1 > max.count) return { limit, of: 'count', max: max.count }
    if (max.amount > 0 && amount + sale.amount > max.amount) {
      return { limit, of: 'amount', max: max.amount }
    }
  }
  return null
}

export type UsageChange = readonly [key: string, usage: Usage]

/** What a new sale takes of its day. */
export const usageTaken = (
  usageOf: UsageOf,
  sale: ReservedSale,
  utcOffsetMinutes: number,
): readonly UsageChange[] => changed(usageOf, sale, utcOffsetMinutes, 1)

/** What a release gives back; a day that has passed needs nothing back. */
export const usageGivenBack = (
  usageOf: UsageOf,
  sale: ReservedSale,
  utcOffsetMinutes: number,
  at: number,
): readonly UsageChange[] =>
  dayOf(sale.reservedAt, utcOffsetMinutes) === dayOf(at, utcOffsetMinutes)
    ? changed(usageOf, sale, utcOffsetMinutes, -1)
    : []

const changed = (
  usageOf: UsageOf,
  sale: ReservedSale,
  utcOffsetMinutes: number,
  sign: 1 | -1,
): readonly UsageChange[] => {
  const day = dayOf(sale.reservedAt, utcOffsetMinutes)
  return Object.values(keysOf(sale, day)).map((key) => {
    const { count, amount } = usageOf(key) ?? { count: 0, amount: 0 }
    return [key, { count: count + sign, amount: amount + sign * sale.amount, day }]
  })
}
