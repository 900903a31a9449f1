import { shopDayOf, type ShopDay, type ShopSettings } from '@recargas/contracts'

const hourMs = 3_600_000
/**
 * A request and the ledger's time for it are never further apart: far more than a gateway's longest ACCEPT_UNTIL_MS and
 * than clocks differ.
 */
export const requestWithinMs = hourMs
/** Clocks in the world's zones are at most this far ahead of UTC, and behind it. */
const aheadMsMax = 14 * hourMs
const behindMsMax = 12 * hourMs

type Request = { readonly requestedAt: string; readonly shop: Pick<ShopSettings, 'timeZone'> }

/** The day of a request at its shop. */
export const dayOfRequest = ({ requestedAt, shop }: Request, at: number): ShopDay => {
  const near = Math.min(
    Math.max(Date.parse(requestedAt), at - requestWithinMs),
    at + requestWithinMs,
  )
  return shopDayOf(near, shop.timeZone)
}

/** True when no operation of this time or later can be of the day, in any zone. */
export const isPastDay = (day: ShopDay, at: number): boolean =>
  at - Date.parse(day) >= 24 * hourMs + behindMsMax + requestWithinMs

/** No operation before this time can be of a day that is not past. */
export const earliestOfDays = (at: number): number =>
  at - 24 * hourMs - behindMsMax - aheadMsMax - 2 * requestWithinMs
