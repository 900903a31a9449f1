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
  /** How long a reader waits for a new list where none is known, and where an old one is. */
  readonly firstWaitMs: number
  readonly renewWaitMs: number
  /** After a reading that failed the carrier is left alone so long. */
  readonly pauseMs: number
}

type Deps<Value> = {
  /** Null where the carrier does not tell. */
  readonly read: () => Promise<Value | null>
  readonly now: () => number
  readonly limits: CopyLimits
}

/** Reads at most once at a time, however many ask; who has waited long enough gets what is known. */
export const keepCopy = <Value>({ read, now, limits }: Deps<Value>): KeptCopy<Value> => {
  let known: { readonly value: Value; readonly readAt: number } | null = null
  let reading: Promise<void> | null = null
  let pausedUntil = -Infinity

  const renew = async (): Promise<void> => {
    // Its age counts from the question: what the carrier said may have changed while it spoke.
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
        // A list that was read while this caller waited is the newest there is, however short a list stays fresh.
        stale: age >= limits.freshMs && known === before,
      }
    },
  }
}

/** Waits for what is under way, but no longer than that; it goes on in the background. */
const atMost = async (waitMs: number, underWay: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([underWay, over])
  clearTimeout(timer)
}
