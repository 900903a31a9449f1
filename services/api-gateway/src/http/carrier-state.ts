import type { CarrierState } from '@recargas/contracts'

type Deps = {
  /** Throws when the adapter cannot be asked. */
  readonly read: () => Promise<CarrierState>
  readonly now: () => number
  readonly freshMs: number
  readonly staleMs: number
}

/**
 * The adapter's word on the carrier, asked at most once in `freshMs` however many POS read it. While the adapter is
 * silent its last word counts for `staleMs`; then nobody knows: null.
 */
export const createCarrierState = ({ read, now, freshMs, staleMs }: Deps) => {
  let last: { readonly state: CarrierState; readonly at: number } | null = null
  let askedAt = -Infinity
  let underWay: Promise<void> = Promise.resolve()
  const refresh = async (): Promise<void> => {
    try {
      const state = await read()
      last = { state, at: now() }
    } catch {
      // The last word stands until it is too old.
    }
  }
  return async (): Promise<CarrierState | null> => {
    if (now() - askedAt >= freshMs) {
      askedAt = now()
      underWay = refresh()
    }
    await underWay
    return last !== null && now() - last.at <= staleMs ? last.state : null
  }
}
