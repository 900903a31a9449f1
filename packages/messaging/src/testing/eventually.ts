import { setTimeout as sleep } from 'node:timers/promises'

const limitMs = 10_000
const pauseMs = 15

/** Asks until there is an answer; fails after ten seconds. */
export const eventually = async <Value>(
  ask: () => Promise<Value | undefined> | Value | undefined,
): Promise<Value> => {
  const endsAt = performance.now() + limitMs
  while (performance.now() < endsAt) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(pauseMs)
  }
  throw new Error(`nothing after ${limitMs} ms: ${ask.toString()}`)
}

/** Waits until something holds. */
export const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
  await eventually(async () => ((await holds()) ? true : undefined))
}
