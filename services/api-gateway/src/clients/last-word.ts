type Deps<State> = {
  /** Throws when the other service cannot be asked. */
  readonly read: () => Promise<State>
  readonly now: () => number
  readonly freshMs: number
  readonly staleMs: number
}

/**
 * Another service's word on whether something can be sold, asked at most once in `freshMs` however many POS read it.
 * While that service is silent its last word counts for `staleMs`; then nobody knows: null.
 */
export const createLastWord = <State>({ read, now, freshMs, staleMs }: Deps<State>) => {
  let last: { readonly state: State; readonly at: number } | null = null
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
    /** For who looks: waits where the word is no longer fresh. */
    current: async (): Promise<State | null> => {
      await ask()
      return known()
    },
    /** For who sells: no sale waits while the last word still counts. */
    lastKnown: async (): Promise<State | null> => {
      const asked = ask()
      if (known() === null) await asked
      return known()
    },
  }
}
