/** Text storage that survives a terminal's restart, such as a browser's localStorage. */
export type KeptText = {
  readonly getItem: (name: string) => string | null
  readonly setItem: (name: string, text: string) => void
}

export type ConfirmedKeys = {
  readonly has: (key: string) => boolean
  readonly add: (key: string) => void
}

const itemName = 'recargas.confirmed-keys'
/** Far more presses than a terminal repeats; the oldest goes first. */
const keysMax = 200

/**
 * Remembers the presses that the cashier has confirmed, so that every repeat confirms again, also after a restart of the
 * terminal. Without a storage it remembers for as long as the program runs.
 */
export const createConfirmedKeys = (storage: KeptText | undefined): ConfirmedKeys => {
  const known = new Set(storage === undefined ? [] : readKeys(storage))
  return {
    has: (key) => known.has(key),
    add: (key) => {
      if (known.has(key)) return
      known.add(key)
      const [oldest] = known
      if (known.size > keysMax && oldest !== undefined) known.delete(oldest)
      storage?.setItem(itemName, JSON.stringify([...known]))
    },
  }
}

/** A foreign value is ignored: the cashier is asked once more. */
const readKeys = (storage: KeptText): readonly string[] => {
  try {
    const kept: unknown = JSON.parse(storage.getItem(itemName) ?? '[]')
    return Array.isArray(kept) ? kept.filter((key) => typeof key === 'string') : []
  } catch {
    return []
  }
}
