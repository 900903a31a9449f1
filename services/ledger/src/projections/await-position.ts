/** The positions that the projections show of one partition, by name. */
export type Positions = ReadonlyMap<string, number>

export type Awaited =
  | { readonly kind: 'reached'; readonly position: number }
  /** Not shown in time: 503 with Retry-After. */
  | { readonly kind: 'late'; readonly position: number; readonly projection: string }
  /** Too many reads wait already: 503 with Retry-After. */
  | { readonly kind: 'busy' }

export type AwaitPosition = {
  /**
   * Waits until the projections that a read needs show everything that was appended before it (ledger-log L9).
   * @param named the position that the answer's event named, where the caller has one; the newer of the two counts
   * @param since when the request began to wait: all its waits together have one limit
   */
  readonly shown: (
    partition: number,
    needs: readonly string[],
    named?: number,
    since?: number,
  ) => Promise<Awaited>
  /** The clock of the limits. */
  readonly now: () => number
}

type Deps = {
  /** Position of the partition's newest block, as a majority has it on the primary; -1 before its birth. */
  readonly newest: (partition: number) => Promise<number>
  /** As a majority has them on the primary: this instance need not be the one that projects. */
  readonly positions: (partition: number) => Promise<Positions>
  /** A projector of this instance begins its next round at once. */
  readonly wakeProjector: () => void
  readonly now: () => number
  readonly pause: (delayMs: number) => Promise<void>
  readonly limits: {
    readonly waitMsMax: number
    readonly waitingMax: number
    readonly pollEveryMs: number
  }
}

type Waiter = {
  readonly position: number
  readonly needs: readonly string[]
  readonly until: number
  readonly answer: (awaited: Awaited) => void
  readonly fail: (error: unknown) => void
}

/** Reads that wait for one partition share one look at its positions. */
export const createAwaitPosition = (deps: Deps): AwaitPosition => {
  const { limits, now } = deps
  const partitions = new Map<number, Waiter[]>()
  let waiting = 0

  const look = async (partition: number, waiters: Waiter[]): Promise<void> => {
    for (;;) {
      const shown = await deps.positions(partition)
      const left = waiters.filter((waiter) => !answered(waiter, shown, now()))
      waiters.splice(0, waiters.length, ...left)
      if (waiters.length === 0) {
        // In the same turn as the last look: a read that comes after it begins a look of its own.
        partitions.delete(partition)
        return
      }
      deps.wakeProjector()
      await deps.pause(limits.pollEveryMs)
    }
  }
  const wait = (partition: number, waiter: Waiter): void => {
    const known = partitions.get(partition)
    if (known !== undefined) {
      known.push(waiter)
      return
    }
    const waiters = [waiter]
    partitions.set(partition, waiters)
    look(partition, waiters).catch((error: unknown) => {
      partitions.delete(partition)
      for (const { fail } of waiters) fail(error)
    })
  }
  return {
    now,
    shown: async (partition, needs, named = -1, since = now()) => {
      if (waiting >= limits.waitingMax) return { kind: 'busy' }
      waiting += 1
      try {
        const until = since + limits.waitMsMax
        const position = Math.max(named, await deps.newest(partition))
        return await new Promise<Awaited>((answer, fail) => {
          wait(partition, { position, needs, until, answer, fail })
        })
      } finally {
        waiting -= 1
      }
    },
  }
}

const answered = (
  { position, needs, until, answer }: Waiter,
  shown: Positions,
  now: number,
): boolean => {
  const behind = needs.find((name) => (shown.get(name) ?? -1) < position)
  if (behind === undefined) {
    // Every projection that the read needs shows at least this: the request is cut here.
    answer({ kind: 'reached', position: Math.min(...needs.map((name) => shown.get(name) ?? -1)) })
    return true
  }
  if (now < until) return false
  answer({ kind: 'late', position, projection: behind })
  return true
}
