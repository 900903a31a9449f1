import { runRounds, type Log } from '@recargas/runtime'
import type { Report } from './report.ts'
import type { Reconciler, RunResult } from './run-reconciliation.ts'

export type ScheduleOptions = {
  readonly everyMs: number
  readonly now: () => number
  readonly latest: () => Promise<Report | null>
  readonly onLatest: (report: Report) => void
  readonly log: Pick<Log, 'warn'>
}

const lookEveryMsMax = 5_000
const afterMissedMsMax = 60_000

/**
 * Runs a reconciliation whenever the last one, whoever made it, is old enough. Every instance looks; the lease lets
 * one run. A run that fails is a run missed: the next one counts on from the last. The very first one is tried at each look, since
 * an adapter that starts beside the ledger answers a moment later.
 */
export const scheduleReconciliations = (
  reconciler: Reconciler,
  options: ScheduleOptions,
): { readonly stop: () => Promise<void> } => {
  const lookEveryMs = Math.ceil(options.everyMs / 10)
  let againAt = 0
  const look = async (): Promise<void> => {
    await reconciler.publishKept()
    const latest = await options.latest()
    if (latest !== null) options.onLatest(latest)
    const dueAt = latest === null ? 0 : Date.parse(latest.to) + options.everyMs
    if (options.now() < Math.max(dueAt, againAt)) return
    const result: RunResult = await reconciler.run()
    if (result.kind === 'no-balance') {
      if (latest !== null) againAt = options.now() + Math.min(lookEveryMs, afterMissedMsMax)
      options.log.warn('reconciliation missed: the carrier did not tell its balance', {
        error: result.error,
      })
    }
  }
  return runRounds(look, {
    everyMs: Math.min(lookEveryMs, lookEveryMsMax),
    begin: 'at-once',
    onFailure: (error) => options.log.warn('reconciliation failed', { error }),
  })
}
