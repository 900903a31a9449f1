import type { components } from '@recargas/client'
import { moment, money } from '../language/format.ts'
import { valueOf } from './answer.ts'
import { client } from './client.ts'
import { createResource, valueIn } from './resource.ts'

export type Shop = components['schemas']['Comercio']

/** The shop's settings. */
export const shop = createResource({
  name: 'shop',
  everyMs: 60_000,
  ask: (): Promise<Shop> => valueOf(client.api.GET('/comercio')),
})

/** An amount in the shop's currency. Components that show one use `shop.useShown()` on their screen. */
export const shopMoney = (amount: number | string): string =>
  money(amount, valueIn(shop.shown.value)?.moneda ?? null)

/** Date and time by the shop's clock. */
export const shopTime = (at: string | number): string =>
  moment(at, valueIn(shop.shown.value)?.zona_horaria ?? null)
