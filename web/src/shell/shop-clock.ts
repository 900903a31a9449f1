import { useEffect } from 'preact/hooks'
import { valueIn } from '../api/resource.ts'
import { shop } from '../api/shop.ts'
import { timeZone } from '../language/format.ts'

/** Tells the zone of the shop of the person signed in to everything that shows a time. */
export const ShopClock = () => {
  const zone = valueIn(shop.useShown())?.zona_horaria ?? null
  useEffect(() => {
    timeZone.value = zone
  }, [zone])
  return null
}
