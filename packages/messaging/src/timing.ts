import { setTimeout as sleep } from 'node:timers/promises'

/** Rejects once the limit is over, after `onLate`; the awaited work goes on unobserved. */
export const within = async <Value>(
  waitedFor: Promise<Value>,
  timeoutMs: number,
  what: string,
  onLate: (reason: string) => void = () => undefined,
): Promise<Value> => {
  const limit = new AbortController()
  const over = sleep(timeoutMs, null, { signal: limit.signal }).then(
    () => {
      const reason = `${what} took more than ${timeoutMs} ms`
      onLate(reason)
      throw new Error(reason)
    },
    // The limit was lifted: the race is decided.
    () => new Promise<never>(() => undefined),
  )
  try {
    return await Promise.race([waitedFor, over])
  } finally {
    limit.abort()
  }
}

/** Doubles from 100 ms with every failure up to the limit; half of it is chance, so that clients do not return at once. */
export const backoffMs = (failures: number, msMax: number): number => {
  const ceilingMs = Math.min(msMax, 100 * 2 ** Math.min(failures, 16))
  return ceilingMs * (0.5 + Math.random() / 2)
}
