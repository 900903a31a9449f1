import { setTimeout } from 'node:timers/promises'

/** Node's longest timer. A longer one, or a negative one, ends at once and warns. */
const timerMsMax = 2 ** 31 - 1

/** A delay that a timer takes, whatever a clock that jumped made of it. */
export const timerMs = (delayMs: number): number =>
  Number.isNaN(delayMs) ? 0 : Math.min(Math.max(0, delayMs), timerMsMax)

/** Waits; a signal ends it early, without failing. */
export const pause = async (delayMs: number, signal?: AbortSignal): Promise<void> => {
  const options = signal === undefined ? {} : { signal }
  await setTimeout(timerMs(delayMs), undefined, options).catch(() => undefined)
}
