import { setTimeout as pause } from 'node:timers/promises'

export type WaitOptions = {
  /** Counted from the first read. A busy machine takes seconds for what takes milliseconds on an idle one. */
  readonly timeoutMs?: number
  /** Pause between two reads. */
  readonly everyMs?: number
}

/**
 * Reads again until `isDone` accepts the value, and returns it; it reads once at least.
 * @throws after `timeoutMs`, with the last value
 */
export async function eventually<Value, Done extends Value>(
  read: () => Value | Promise<Value>,
  isDone: (value: Value) => value is Done,
  options?: WaitOptions,
): Promise<Done>
export async function eventually<Value>(
  read: () => Value | Promise<Value>,
  isDone: (value: Value) => boolean,
  options?: WaitOptions,
): Promise<Value>
export async function eventually<Value>(
  read: () => Value | Promise<Value>,
  isDone: (value: Value) => boolean,
  { timeoutMs = 15_000, everyMs = 10 }: WaitOptions = {},
): Promise<Value> {
  const endsAt = performance.now() + timeoutMs
  for (;;) {
    const value = await read()
    if (isDone(value)) return value
    if (performance.now() >= endsAt) {
      throw new Error(`still ${JSON.stringify(value)} after ${timeoutMs} ms`)
    }
    await pause(everyMs)
  }
}

/** Waits until `holds` returns true. @throws after the time limit */
export const until = async (
  holds: () => boolean | Promise<boolean>,
  options?: WaitOptions,
): Promise<void> => {
  await eventually(holds, (isTrue) => isTrue, options)
}
