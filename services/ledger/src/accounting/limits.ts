import type { RefusalDetails, ShopDay } from '@recargas/contracts'
import { isPastDay } from './days.ts'
import type { Topup } from './entities.ts'

/** Most sales, and most money, in one day; 0: no limit. */
export type Allowance = { readonly count: number; readonly amount: number }
/** The limits of a shop in one of its days. */
export type Limits = {
  readonly cashier: Allowance
  readonly number: Allowance
  readonly operator: Allowance
}
export const limitedKinds = ['cashier', 'number', 'operator'] as const

/** The sales so far on a day of the shop: held or final, without those released. */
export type Usage = { readonly count: number; readonly amount: number; readonly day: ShopDay }

export type LimitedSale = Pick<Topup, 'merchant' | 'phone' | 'operator' | 'amount' | 'day'> & {
  readonly actor: Pick<Topup['actor'], 'userId'>
}

const keysOf = ({ merchant, actor, phone, operator, day }: LimitedSale) => ({
  cashier: `${merchant}|cashier|${actor.userId}|${day}`,
  number: `${merchant}|number|${phone}|${day}`,
  operator: `${merchant}|operator|${operator}|${day}`,
})

type UsageOf = (key: string) => Usage | undefined

/** The limit that a sale would pass; null: none. */
export const limitReached = (
  usageOf: UsageOf,
  limits: Limits,
  sale: LimitedSale,
): RefusalDetails | null => {
  const keys = keysOf(sale)
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

/** The changes by a new sale to its day. */
export const usageTaken = (usageOf: UsageOf, sale: LimitedSale): readonly UsageChange[] =>
  changed(usageOf, sale, 1)

/** The changes by a release to the day of its sale; a day that has passed needs nothing back. */
export const usageGivenBack = (
  usageOf: UsageOf,
  sale: LimitedSale,
  at: number,
): readonly UsageChange[] => (isPastDay(sale.day, at) ? [] : changed(usageOf, sale, -1))

const changed = (usageOf: UsageOf, sale: LimitedSale, sign: 1 | -1): readonly UsageChange[] =>
  Object.values(keysOf(sale)).map((key) => {
    const { count, amount } = usageOf(key) ?? { count: 0, amount: 0 }
    return [key, { count: count + sign, amount: amount + sign * sale.amount, day: sale.day }]
  })
