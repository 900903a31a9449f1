import type { Signal } from '@preact/signals'

/** Exclusive names among all tabs of this browser. */
export type Locks = {
  /** Runs `work` alone under the name, or returns `held` at once when another one has it. */
  readonly whileHeld: (name: string, work: () => Promise<void>) => Promise<'done' | 'held'>
}

/**
 * Web Locks end with their tab, so a crash leaves none. A page without https has none of them: there the tabs do not see each
 * other, and the gateway alone keeps one key to one sale.
 */
export const createLocks = (manager: LockManager | undefined): Locks => {
  const own = new Set<string>()
  return {
    whileHeld: async (name, work) => {
      if (own.has(name)) return 'held'
      own.add(name)
      try {
        if (manager === undefined) {
          await work()
          return 'done'
        }
        return await manager.request(name, { ifAvailable: true }, async (lock) => {
          if (lock === null) return 'held'
          await work()
          return 'done'
        })
      } finally {
        own.delete(name)
      }
    },
  }
}

/**
 * Lets one work run at a time: a second one of this tab is not begun, nor one while another tab has the name. `isBusy` is true
 * meanwhile.
 */
export const takeTurns =
  (locks: Locks, name: string, isBusy: Signal<boolean>) =>
  async (work: () => Promise<void>): Promise<'done' | 'held' | 'busy'> => {
    if (isBusy.value) return 'busy'
    isBusy.value = true
    try {
      return await locks.whileHeld(name, work)
    } finally {
      isBusy.value = false
    }
  }

/** A random UUID, also where the page has no https and `randomUUID` is missing. */
export const newKey = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((byte, at) => {
    const marked = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte
    return marked.toString(16).padStart(2, '0')
  })
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
