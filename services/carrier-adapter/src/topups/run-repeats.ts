import { setTimeout } from 'node:timers/promises'
import type { Log } from '@recargas/service'
import type { Repeats } from './repeat-topup.ts'

/** Looks for due top-ups again and again until stopped. A round that fails is only a round missed. */
export const runRepeats = (
  repeats: Repeats,
  {
    everyMs,
    stopMs,
    log,
  }: {
    readonly everyMs: number
    /** How long a stop waits for calls under way; an attempt that is left behind counts as unclear. */
    readonly stopMs: number
    readonly log: Log
  },
): { readonly stop: () => Promise<void> } => {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await setTimeout(everyMs, null, { signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      try {
        await repeats.round()
      } catch (error) {
        log.warn('due top-ups not found, looking again', { error })
      }
    }
  }
  const ended = loop()
  return {
    stop: async () => {
      stopping.abort()
      await ended
      await Promise.race([repeats.settle(), setTimeout(stopMs, null, { ref: false })])
    },
  }
}
