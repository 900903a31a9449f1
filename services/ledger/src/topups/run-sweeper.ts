import { runRounds, type Log } from '@recargas/service'
import type { Sweeper } from './sweep-topups.ts'

/** Sweeps until stopped. */
export const runSweeper = (
  sweeper: Sweeper,
  options: {
    readonly everyMs: number
    readonly log: Log
    readonly onSwept: (counts: { readonly unsent: number; readonly asked: number }) => void
  },
) =>
  runRounds(async () => options.onSwept(await sweeper.sweep()), {
    everyMs: options.everyMs,
    begin: 'after-pause',
    onFailure: (error) => options.log.warn('sweep failed', { error }),
  })
