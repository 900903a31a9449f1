import { pause } from './timers.ts'

type Options = {
  readonly everyMs: number
  /** Whether the first round comes at once or after the first pause. */
  readonly begin: 'at-once' | 'after-pause'
  readonly onFailure: (error: unknown) => void
}

/** Does the same again and again, never twice at once, until stopped. A round that fails is only a round missed. */
export const runRounds = (
  round: () => Promise<void>,
  { everyMs, begin, onFailure }: Options,
): { readonly stop: () => Promise<void> } => {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = async (): Promise<void> => {
    if (begin === 'after-pause') await pause(everyMs, signal)
    while (!signal.aborted) {
      await round().catch(onFailure)
      await pause(everyMs, signal)
    }
  }
  const ended = loop()
  return {
    stop: async () => {
      stopping.abort()
      await ended
    },
  }
}
