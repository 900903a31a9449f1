/** A cached value with its age, counted from the moment at which it was asked for. */
export type Cached<Value> = {
  readonly value: Value
  readonly readAt: number
  readonly ageMs: number
  /** A newer value was due and could not be read. */
  readonly isStale: boolean
}

export type CacheLimits = {
  /** A value of this age is read again when somebody asks for it. */
  readonly freshMs: number
  /** Largest age of a value that still counts. */
  readonly staleMs: number
  /** Longest wait of a reader where no value counts, and where an older one does; without it until the read ends. */
  readonly firstWaitMs?: number
  readonly renewWaitMs?: number
  /** Pause after a read that failed; `freshMs` where it is not given. */
  readonly pauseMs?: number
}

type Deps<Value> = {
  /** Rejects, or resolves with null, where the source does not answer. */
  readonly read: () => Promise<Value | null>
  readonly now: () => number
  readonly limits: CacheLimits
}

export type RefreshingCache<Value> = {
  /** The value and its age. Waits for a newer one where it is due; null where none counts. */
  readonly current: () => Promise<Cached<Value> | null>
  /** The last value that counts, at once, while a newer one is read beside. Waits only where none counts. */
  readonly lastKnown: () => Promise<Value | null>
}

/** Keeps one value of a source that many readers ask for: at most one read is under way, and the last value stands while the source is silent. */
export const createRefreshingCache = <Value>({
  read,
  now,
  limits,
}: Deps<Value>): RefreshingCache<Value> => {
  const { freshMs, staleMs, firstWaitMs, renewWaitMs, pauseMs = freshMs } = limits
  let known: { readonly value: Value; readonly readAt: number } | null = null
  let reading: Promise<void> | null = null
  let pausedUntil = -Infinity

  const ageMs = (): number => (known === null ? Infinity : now() - known.readAt)
  const renew = async (): Promise<void> => {
    const readAt = now()
    const value = await read().catch(() => null)
    if (value === null) pausedUntil = now() + pauseMs
    else known = { value, readAt }
  }
  /** The read that is under way, begun where it is due; null where the value is fresh or the source is left alone. */
  const due = (): Promise<void> | null => {
    if (ageMs() < freshMs) return null
    if (reading === null && now() >= pausedUntil) reading = renew().finally(() => (reading = null))
    return reading
  }
  const counted = () => (known !== null && ageMs() <= staleMs ? known : null)
  return {
    current: async () => {
      const before = known
      const underWay = due()
      if (underWay !== null) await atMost(counted() === null ? firstWaitMs : renewWaitMs, underWay)
      const found = counted()
      if (found === null) return null
      // A value that was read during this wait is the newest there is, however short `freshMs` is.
      return {
        ...found,
        ageMs: Math.max(0, ageMs()),
        isStale: ageMs() >= freshMs && found === before,
      }
    },
    lastKnown: async () => {
      const underWay = due()
      if (counted() === null) await underWay
      return counted()?.value ?? null
    },
  }
}

/** Waits for a promise, but no longer than `waitMs`; it goes on in the background. */
const atMost = async (waitMs: number | undefined, underWay: Promise<void>): Promise<void> => {
  if (waitMs === undefined) return underWay
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs)
  })
  await Promise.race([underWay, over])
  clearTimeout(timer)
}
