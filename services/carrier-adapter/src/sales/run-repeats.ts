import { setTimeout } from 'node:timers/promises'
import { runRounds, type Log } from '@recargas/runtime'
import type { Repeats } from './repeat-sale.ts'

/** Looks for due sales until stopped. */
export const runRepeats = (
  repeats: Repeats,
  {
    everyMs,
    stopMs,
    log,
  }: {
    readonly everyMs: number
    /** The longest wait of a stop for calls under way; an attempt that is left behind counts as unclear. */
    readonly stopMs: number
    readonly log: Log
  },
): { readonly stop: () => Promise<void> } => {
  const rounds = runRounds(
    async () => {
      await repeats.round()
    },
    {
      everyMs,
      begin: 'after-pause',
      onFailure: (error) => log.warn('due sales could not be read, trying again', { error }),
    },
  )
  return {
    stop: async () => {
      await rounds.stop()
      await Promise.race([repeats.settle(), setTimeout(stopMs, null, { ref: false })])
    },
  }
}
