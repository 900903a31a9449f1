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
  const ask = (): Promise<void> => {
    if (now() - askedAt >= freshMs) {
      askedAt = now()
      underWay = refresh()
    }
    return underWay
  }
  const known = () => (last !== null && now() - last.at <= staleMs ? last.state : null)
  return {
    /** For who looks: waits for the adapter where its word is no longer fresh. */
    current: async (): Promise<CarrierState | null> => {
      await ask()
      return known()
    },
    /** For who sells: no sale waits for the adapter while its last word still counts. */
    lastKnown: async (): Promise<CarrierState | null> => {
      const asked = ask()
      if (known() === null) await asked
      return known()
    },
  }
}
