import { runRounds, type LogFields } from '@recargas/runtime'
import type { Report } from './report.ts'
import type { Reconciler, RunResult } from './run-reconciliation.ts'

export type ScheduleOptions = {
  readonly everyMs: number
  readonly now: () => number
  readonly latest: () => Promise<Report | null>
  readonly onLatest: (report: Report) => void
  readonly log: { readonly warn: (message: string, fields?: LogFields) => void }
}

const lookEveryMsMax = 60_000

/**
 * Runs a reconciliation whenever the last one, whoever made it, is old enough. Every instance looks; the lease lets
 * one run. A run that fails is a run missed: the next one counts on from the last.
 */
export const scheduleReconciliations = (
  reconciler: Reconciler,
  options: ScheduleOptions,
): { readonly stop: () => Promise<void> } => {
  const look = async (): Promise<void> => {
    await reconciler.publishKept()
    const latest = await options.latest()
    if (latest !== null) options.onLatest(latest)
    const dueAt = latest === null ? 0 : Date.parse(latest.to) + options.everyMs
    if (options.now() < dueAt) return
    const result: RunResult = await reconciler.run()
    if (result.kind === 'no-balance') {
      options.log.warn('reconciliation missed: the carrier did not tell its balance', {
        error: result.error,
      })
    }
  }
  return runRounds(look, {
    everyMs: Math.min(Math.ceil(options.everyMs / 10), lookEveryMsMax),
    begin: 'at-once',
    onFailure: (error) => options.log.warn('reconciliation failed', { error }),
  })
}
