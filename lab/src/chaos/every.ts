import { setTimeout as pause } from 'node:timers/promises'

/** Runs again and again, never twice at once. */
export const runEvery = (
  everyMs: number,
  round: () => Promise<void>,
): { readonly stop: () => Promise<void> } => {
  const ending = new AbortController()
  const run = async () => {
    while (!ending.signal.aborted) {
      await round()
      await pause(everyMs, null, { signal: ending.signal }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    stop: () => {
      ending.abort()
      return running
    },
  }
}
