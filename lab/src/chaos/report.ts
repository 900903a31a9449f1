import Table from 'cli-table3'
import { z } from 'zod'
import { commitOf, machineOf } from '@recargas/stack/provenance'
import { checks, judge, type Finding } from './oracle.ts'
import type { Run } from './run.ts'

const Count = z.int().nonnegative()
const Counts = z.record(z.string(), Count)

/** The stored form of a run. */
export const Report = z.object({
  seed: z.int(),
  profile: z.enum(['smoke', 'full']),
  commit: z.string(),
  at: z.iso.datetime(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])),
  faults: Counts,
  asked: Counts,
  skipped: z.array(z.string()),
  sales: z.object({ accepted: Count, committed: Count, released: Count, inReview: Count }),
  salesAsked: Count,
  lost: Count,
  debitedTwice: Count,
  wrongReleases: Count,
  unsettled: Count,
  imbalance: Count,
  wrongAnswers: Count,
  disorder: Count,
  customers: Count,
  presses: Count,
  samples: z.object({ taken: Count, missed: Count }),
  verified: z.object({ entries: Count, findings: Count }),
  quietAfterMs: Count.nullable(),
  seconds: Count,
  findings: z.array(z.object({ check: z.string(), detail: z.string() })),
  passed: z.boolean(),
})
export type Report = z.infer<typeof Report>

const findingsMax = 50

/** Without colours: reports are kept in files too. */
export const plain = { head: [], border: [], compact: true }

/** Judges a run. Fewer faults or sales than asked, or no quiet in time, fail it like a lost sale does. */
export const reportOf = (
  run: Run,
  { seed, profile, sales }: { seed: number; profile: Report['profile']; sales: number },
): Report => {
  const { facts, faults, asked } = run
  const verdict = judge(facts)
  const short = Object.entries(asked).some(([name, count]) => (faults[name] ?? 0) < count)
  const isClean =
    checks.every((check) => verdict.counts[check] === 0) && run.verified.findings === 0
  const { taken, missed } = facts.samples
  return {
    seed,
    profile,
    commit: commitOf(),
    at: new Date().toISOString(),
    machine: machineOf(),
    faults: sorted(faults),
    asked: sorted(asked),
    skipped: [...run.skipped],
    sales: verdict.sales,
    salesAsked: sales,
    ...verdict.counts,
    customers: facts.sales.length,
    presses: facts.sales.reduce((sum, { presses }) => sum + presses.length, 0),
    samples: { taken, missed },
    verified: run.verified,
    quietAfterMs: run.quietAfterMs,
    seconds: run.seconds,
    findings: verdict.findings.slice(0, findingsMax).map(({ check, detail }: Finding) => ({
      check,
      detail: detail.slice(0, 500),
    })),
    passed:
      isClean &&
      !short &&
      verdict.sales.accepted >= sales &&
      run.quietAfterMs !== null &&
      taken > missed,
  }
}

const sorted = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1)))

/** The report for people. */
export const tableOf = (report: Report): string => {
  const faults = new Table({ head: ['fault', 'asked', 'counted'], style: plain })
  for (const [name, asked] of Object.entries(report.asked)) {
    faults.push([name, asked, report.faults[name] ?? 0])
  }
  for (const name of report.skipped) faults.push([name, 'skipped', ''])
  const { sales, samples, verified } = report
  const outcome = new Table({ style: plain })
  outcome.push(
    { customers: `${report.customers}, who pressed ${report.presses} times` },
    { 'sales accepted': `${sales.accepted} of ${report.salesAsked} asked` },
    { committed: sales.committed },
    { released: sales.released },
    { 'in review': sales.inReview },
    ...checks.map((check) => ({ [check]: report[check] })),
    { 'looks at the ledger': `${samples.taken}, ${samples.missed} missed` },
    { 'ledger’s own proof': `${verified.entries} entries, ${verified.findings} findings` },
    {
      'quiet after healing':
        report.quietAfterMs === null ? 'not in time' : `${report.quietAfterMs} ms`,
    },
    { seconds: report.seconds },
  )
  const findings = report.findings.map(({ check, detail }) => `  ${check}: ${detail}`)
  return [faults.toString(), outcome.toString(), ...findings].join('\n')
}
