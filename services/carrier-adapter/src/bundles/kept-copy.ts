/** One list of the carrier's, kept in memory. */
export type KeptCopy<Value> = {
  /** The list and its age, read anew where it is no longer fresh; null where nothing young enough is known. */
  readonly current: () => Promise<Copy<Value> | null>
}

export type Copy<Value> = {
  readonly value: Value
  readonly ageSeconds: number
  /** A newer one was due and could not be had. */
  readonly stale: boolean
}

export type CopyLimits = {
  readonly freshMs: number
  readonly staleMs: number
  /** The longest wait of a reader for a new list, without any list and with an old one. */
  readonly firstWaitMs: number
  readonly renewWaitMs: number
  /** Pause after a failed reading. */
  readonly pauseMs: number
}

type Deps<Value> = {
  /** Null where the carrier does not tell. */
  readonly read: () => Promise<Value | null>
  readonly now: () => number
  readonly limits: CopyLimits
}

/** Reads once at a time for any number of callers; a caller that has waited long enough gets the copy as it is. */
export const keepCopy = <Value>({ read, now, limits }: Deps<Value>): KeptCopy<Value> => {
  let known: { readonly value: Value; readonly readAt: number } | null = null
  let reading: Promise<void> | null = null
  let pausedUntil = -Infinity

  const renew = async (): Promise<void> => {
    // The age counts from the question: the list may have changed while the carrier answered.
    const readAt = now()
    const value = await read().catch(() => null)
    if (value === null) pausedUntil = now() + limits.pauseMs
    else known = { value, readAt }
  }
  const ageMs = (): number => (known === null ? Infinity : now() - known.readAt)
  return {
    current: async () => {
      const before = known
      if (ageMs() >= limits.freshMs) {
        if (reading === null && now() >= pausedUntil) {
          reading = renew().finally(() => (reading = null))
        }
        if (reading !== null) {
          await atMost(known === null ? limits.firstWaitMs : limits.renewWaitMs, reading)
        }
      }
      const age = ageMs()
      if (known === null || age > limits.staleMs) return null
      return {
        value: known.value,
        ageSeconds: Math.max(0, Math.floor(age / 1_000)),
        // A list read while this caller waited is the newest one, however short a list stays fresh.
        stale: age >= limits.freshMs && known === before,
      }
    },
  }
}

/** Waits for a reading under way, but no longer than that; it goes on in the background. */
const atMost = async (waitMs: number, underWay: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([underWay, over])
  clearTimeout(timer)
}
