import { parseArgs } from 'node:util'
import { errorText } from '@recargas/contracts'
import { z } from 'zod'
import { print, printError } from '../command-line.ts'
import { readTarget, type Target } from './config.ts'
import { printReport } from './print-report.ts'
import { ReportAnswer } from './report.ts'

const usage = `Compares the carrier's balance with the committed sales, now; the ledger does the same by itself each hour.

  npm run reconcile -- [--json]

  --json  the report as one line of JSON

Asks the ledger at LEDGER_URL with SERVICE_TOKEN; without them the one that npm start runs (STACK_DIR).
Exit code: 0 nothing differs (equal, open or the first run), 1 a difference, of this run or of an earlier one whose case is
open, 2 could not run.`

/** Longer than the ledger waits for the carrier and adds up the sales. */
const runTimeoutMs = 60_000

const Refusal = z.object({ code: z.string(), detail: z.string().optional() })

const whatToDo: Readonly<Record<string, string>> = {
  UNAUTHORIZED: 'SERVICE_TOKEN is not the one the ledger runs with',
  RECONCILIATION_RUNNING: 'another run is under way: try again in a minute',
  RECONCILIATION_OFF: 'the ledger has no ADAPTER_URL: set it and start the ledger again',
  CARRIER_BALANCE_UNKNOWN:
    'the carrier does not tell its balance: see whether the carrier-adapter is ready, then try again',
}

const ask = async ({ ledgerUrl, serviceToken }: Target): Promise<ReportAnswer> => {
  const response = await fetch(new URL('/internal/reconciliations', ledgerUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${serviceToken}` },
    signal: AbortSignal.timeout(runTimeoutMs),
  }).catch((error: unknown) => {
    throw new Error(`no ledger answers at ${ledgerUrl}: start it, or set LEDGER_URL`, {
      cause: error,
    })
  })
  const body: unknown = await response.json().catch(() => null)
  if (response.ok) return ReportAnswer.parse(body)
  const { code, detail } = Refusal.catch({ code: `HTTP ${response.status}` }).parse(body)
  throw new Error([code, whatToDo[code], detail].filter((part) => part !== undefined).join(': '))
}

const run = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    print(usage)
    return 0
  }
  // eslint-disable-next-line n/no-process-env -- a tool of its own, not the service
  const report = await ask(readTarget(process.env))
  print(values.json ? JSON.stringify(report) : printReport(report))
  return report.status === 'different' || report.casesOpen > 0 ? 1 : 0
}

process.exitCode = await run().catch((error: unknown) => {
  printError(errorText(error))
  return 2
})
