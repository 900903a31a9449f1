import { setTimeout } from 'node:timers/promises'
import type { Log } from '@recargas/service'
import type { Sweeper } from './sweep-topups.ts'

/** Sweeps again and again, never twice at once, until stopped. A failed sweep is only a sweep missed. */
export const runSweeper = (
  sweeper: Sweeper,
  options: {
    readonly everyMs: number
    readonly log: Log
    readonly onSwept: (counts: { readonly unsent: number; readonly asked: number }) => void
  },
): { readonly stop: () => Promise<void> } => {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      await setTimeout(options.everyMs, null, { signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      try {
        options.onSwept(await sweeper.sweep())
      } catch (error) {
        options.log.warn('sweep failed', { error })
      }
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
