import { setTimeout } from 'node:timers/promises'

type Options = {
  readonly everyMs: number
  /** Starts the first round at once, or after the first pause. */
  readonly begin: 'at-once' | 'after-pause'
  readonly onFailure: (error: unknown) => void
}

export type Rounds = {
  /** Ends the present pause, or the next one where a round is under way: a round begins after this call. */
  readonly wake: () => void
  readonly stop: () => Promise<void>
}

/** Does the same again and again, never twice at once, until stopped. A round that fails is only a round missed. */
export const runRounds = (
  round: () => Promise<void>,
  { everyMs, begin, onFailure }: Options,
): Rounds => {
  let isStopping = false
  let waking = new AbortController()
  const pauseOnce = async (): Promise<void> => {
    await pause(everyMs, waking.signal)
    waking = new AbortController()
  }
  const loop = async (): Promise<void> => {
    if (begin === 'after-pause') await pauseOnce()
    while (!isStopping) {
      await round().catch(onFailure)
      await pauseOnce()
    }
  }
  const ended = loop()
  return {
    wake: () => {
      waking.abort()
    },
    stop: async () => {
      isStopping = true
      waking.abort()
      await ended
    },
  }
}

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
