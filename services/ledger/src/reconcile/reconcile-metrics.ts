import { figuresOf } from '@recargas/runtime'
import type { Registry } from 'prom-client'
import { statuses } from './compare.ts'
import type { Report } from './report.ts'
import type { RunResult } from './run-reconciliation.ts'

export type ReconcileMetrics = {
  readonly onRun: (result: RunResult) => void
  /** Sets the figures of the last run, of any instance. */
  readonly onLatest: (report: Report) => void
}

export const createReconcileMetrics = (registry: Registry): ReconcileMetrics => {
  const { counter, gauge } = figuresOf(registry)
  const difference = gauge(
    'ledger_reconcile_difference',
    "What the carrier took and no sale explains, at the last run, in the carrier's unit",
  )
  const lastRun = gauge(
    'ledger_reconcile_last_run_timestamp_seconds',
    "When the carrier's balance was last compared with the sales",
  )
  const balance = gauge('ledger_carrier_balance', "The carrier's balance at the last run")
  const maxLoan = gauge('ledger_carrier_max_loan', 'What the carrier lends beyond the balance')
  const available = gauge(
    'ledger_carrier_available',
    "What can still be sold: the carrier's balance and its loan, at the last run",
  )
  const runs = counter(
    'ledger_reconcile_runs_total',
    'Reconciliations of this instance; missed when the carrier did not return its balance',
    ['status'],
  )
  for (const status of [...statuses, 'missed']) runs.inc({ status }, 0)
  const mismatches = counter(
    'ledger_reconcile_mismatches_total',
    'Reconciliations of this instance that opened a case',
  )
  const onLatest = (report: Report) => {
    difference.set(report.difference)
    lastRun.set(Date.parse(report.to) / 1000)
    balance.set(report.balance)
    maxLoan.set(report.maxLoanAmount)
    available.set(report.available)
  }
  return {
    onLatest,
    onRun: (result) => {
      if (result.kind === 'no-balance') runs.inc({ status: 'missed' })
      if (result.kind !== 'done') return
      runs.inc({ status: result.report.status })
      if (result.report.status === 'different') mismatches.inc()
      onLatest(result.report)
    },
  }
}
