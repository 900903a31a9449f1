import Table from 'cli-table3'
import { z } from 'zod'
import { exceededOf, type Bounds } from '../runner/judge.ts'
import { provenance } from '../runner/report.ts'
import { sumOf } from '../runner/statistics.ts'
import type { Facts } from './facts.ts'
import { isBorne, MemberFault } from './judge-member-faults.ts'
import { checks } from './oracle-findings.ts'
import { judge } from './oracle.ts'

export type Run = {
  readonly facts: Facts
  readonly asked: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  /** Faults that cannot be made on this machine, and why. */
  readonly skipped: readonly string[]
  /** From the last heal until every sale was final or in review; null: it was not within the limit. */
  readonly quietAfterMs: number | null
  /** The findings of the ledger's own proof, beside the oracle's. */
  readonly verified: { readonly entries: number; readonly findings: number }
  readonly seconds: number
  /** Faults of a cluster's members; none in other profiles. */
  readonly members?: MembersRun
}

const Count = z.int().nonnegative()
const Counts = z.record(z.string(), Count)

const MembersRun = z.object({
  /** The commit of the services that the run's own were upgraded from. */
  upgradedFrom: z.string().nullable(),
  faults: z.array(MemberFault),
})
type MembersRun = z.infer<typeof MembersRun>

/** The stored form of a run. */
export const Report = z.object({
  seed: z.int(),
  profile: z.enum(['smoke', 'full', 'members']),
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
  members: MembersRun.optional(),
  findings: z.array(z.object({ check: z.string(), detail: z.string() })),
  passed: z.boolean(),
})
export type Report = z.infer<typeof Report>

const findingsMax = 50

/** Without colours: reports are kept in files too. */
export const plain = { head: [], border: [], compact: true }

/** Fewer faults or sales than asked, or no quiet in time, fail a run like a lost sale does. */
export const boundsOf = (run: Run, sales: number): Bounds => boundsOn(judge(run.facts), run, sales)

const boundsOn = (verdict: ReturnType<typeof judge>, run: Run, sales: number): Bounds => ({
  'nothing is found': checks.every((check) => verdict.counts[check] === 0),
  'the ledger is verified': run.verified.findings === 0,
  'every fault is made': Object.entries(run.asked).every(
    ([name, count]) => (run.faults[name] ?? 0) >= count,
  ),
  'enough sales are accepted': verdict.sales.accepted >= sales,
  'all is quiet in time': run.quietAfterMs !== null,
  'the ledger can be looked at': run.facts.samples.taken > run.facts.samples.missed,
  ...(run.members && { 'selling bears every member’s fault': run.members.faults.every(isBorne) }),
})

export const reportOf = (
  run: Run,
  { seed, profile, sales }: { seed: number; profile: Report['profile']; sales: number },
): Report => {
  const { facts, verified, quietAfterMs, seconds } = run
  const verdict = judge(facts)
  const { taken, missed } = facts.samples
  return {
    seed,
    profile,
    ...provenance(),
    faults: sorted(run.faults),
    asked: sorted(run.asked),
    skipped: [...run.skipped],
    sales: verdict.sales,
    salesAsked: sales,
    ...verdict.counts,
    customers: facts.sales.length,
    presses: sumOf(facts.sales.map(({ presses }) => presses.length)),
    samples: { taken, missed },
    verified,
    quietAfterMs,
    seconds,
    ...(run.members && { members: run.members }),
    findings: verdict.findings
      .slice(0, findingsMax)
      .map(({ check, detail }) => ({ check, detail: detail.slice(0, 500) })),
    passed: exceededOf(boundsOn(verdict, run, sales)).length === 0,
  }
}

const sorted = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1)))

export const tableOf = (report: Report): string => {
  const faults = new Table({ head: ['fault', 'asked', 'counted'], style: plain })
  for (const [name, asked] of Object.entries(report.asked)) {
    faults.push([name, asked, report.faults[name] ?? 0])
  }
  for (const name of report.skipped) faults.push([name, 'skipped', ''])
  const { sales, samples, verified, quietAfterMs } = report
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
    { 'quiet after healing': quietAfterMs === null ? 'not in time' : `${quietAfterMs} ms` },
    { seconds: report.seconds },
  )
  const findings = report.findings.map(({ check, detail }) => `  ${check}: ${detail}`)
  const members = report.members === undefined ? [] : [membersTable(report.members)]
  return [faults.toString(), ...members, outcome.toString(), ...findings].join('\n')
}

const membersTable = ({ upgradedFrom, faults }: MembersRun): string => {
  const head = ['member’s fault', 'at', 'no sale for', 'sold', '503', 'failed', '']
  const table = new Table({ head, style: plain })
  const ms = (given: number | null) => (given === null ? 'no end' : `${given} ms`)
  for (const fault of faults) {
    const { name, target, waitedMs, sold, refusals, failed } = fault
    const verdict = isBorne(fault) ? '' : 'NOT BORNE'
    table.push([name, target, ms(waitedMs), sold, refusals, failed, verdict])
  }
  const from = upgradedFrom === null ? [] : [`services upgraded from ${upgradedFrom}`]
  return [table.toString(), ...from].join('\n')
}
