/** However often somebody scrapes, the database is asked once in so long. */
const freshMs = 5_000

type LastRead<Value> = { readonly value: Value; readonly at: number }

/**
 * Reads for whoever asks often. While the database is away the last figures stand; its own readiness is told elsewhere.
 * @returns gives what was last read, and when; null where nothing ever was
 */
export const readSeldom = <Value>(
  read: () => Promise<Value>,
  now: () => number,
): (() => Promise<LastRead<Value> | null>) => {
  let last: LastRead<Value> | null = null
  let askedAt = -Infinity
  let asking: Promise<void> = Promise.resolve()
  return async () => {
    if (now() - askedAt >= freshMs) {
      askedAt = now()
      asking = read().then(
        (value) => void (last = { value, at: now() }),
        () => undefined,
      )
    }
    await asking
    return last
  }
}
