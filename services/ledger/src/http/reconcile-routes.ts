import { assertNever } from '@recargas/contracts'
import express, { type Router } from 'express'
import type { Report, ReportAnswer } from '../reconcile/report.ts'
import type { RunResult } from '../reconcile/run-reconciliation.ts'
import { readsOn } from './responses.ts'

export type ReconcileRoutes = {
  /** null where no adapter is configured. */
  readonly run: (() => Promise<RunResult>) | null
  readonly latest: () => Promise<Report | null>
  /** Differences that no person has closed. */
  readonly casesOpen: () => Promise<number>
}

/** Reconciles now, and shows the last run. */
export const reconcileRoutes = ({ run, latest, casesOpen }: ReconcileRoutes): Router => {
  const answerOf = async (report: Report): Promise<ReportAnswer> => ({
    ...report,
    casesOpen: await casesOpen(),
  })
  const router = express.Router()
  router.post('/', async (_request, response) => {
    if (run === null) {
      response.status(503).json({ code: 'RECONCILIATION_OFF', detail: 'ADAPTER_URL is not set' })
      return
    }
    const result = await run()
    switch (result.kind) {
      case 'done':
        response.json(await answerOf(result.report))
        return
      case 'running':
        response.status(409).json({ code: 'RECONCILIATION_RUNNING' })
        return
      case 'no-balance':
        response.status(503).json({ code: 'CARRIER_BALANCE_UNKNOWN', detail: String(result.error) })
        return
      default:
        assertNever(result)
    }
  })
  readsOn(router)('/latest', async () => {
    const report = await latest()
    return report === null ? null : answerOf(report)
  })
  return router
}
