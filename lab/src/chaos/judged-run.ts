import { proveStack, verificationOf } from '../runner/judge.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { secondsSince } from '../runner/statistics.ts'
import { boundsOf, reportOf, tableOf, type Report, type Run } from './report.ts'
import {
  readFacts,
  showProgress,
  startSelling,
  waitQuiet,
  type Load,
  type Selling,
  type SellingStack,
} from './selling.ts'

/** Separates the faults that this machine can make from those that it cannot, and reports why it skips these. */
export const partPossible = <Name extends string>(
  planned: readonly Name[],
  whyNot: (name: Name) => string | null,
) => {
  const skipped = planned.flatMap((name) => {
    const why = whyNot(name)
    return why === null ? [] : [`${name}: ${why}`]
  })
  for (const name of skipped) say(`skipped: ${name}`)
  return { plan: planned.filter((name) => whyNot(name) === null), skipped }
}

type Parts<Stack> = {
  readonly profile: Load & { readonly name: Report['profile']; readonly sales: number }
  readonly seed: number
  readonly random: () => number
  readonly start: () => Promise<Stack>
  /** Breaks and heals the stack while it sells. @param faults counts what was done, by name */
  readonly breakIt: (
    selling: Selling,
    stack: Stack,
    faults: Record<string, number>,
  ) => Promise<Pick<Run, 'asked' | 'skipped' | 'members'>>
}

/** Starts everything, sells during the faults, heals, waits for quiet and judges the run. */
export const runJudged = <Stack extends SellingStack & { readonly stop: () => Promise<void> }>({
  profile,
  seed,
  random,
  start,
  breakIt,
}: Parts<Stack>) => {
  const startedAt = performance.now()
  return runScenario({
    stack: async () => {
      const stack = await start()
      say(`stack ready after ${secondsSince(startedAt)} s`)
      return stack
    },
    load: (stack) => startSelling(stack, profile, random),
    faults: async (selling, stack) => {
      const faults: Record<string, number> = {}
      const stopProgress = showProgress(profile, selling.tills, faults, startedAt)
      try {
        const broken = await breakIt(selling, stack, faults)
        await Promise.all(stack.instances.map((instance) => instance.alone(instance.revive)))
        const quietAfterMs = await waitQuiet(selling)
        say(quietAfterMs === null ? 'NOT quiet in time' : `quiet after ${quietAfterMs} ms`)
        return { ...broken, faults, quietAfterMs }
      } finally {
        stopProgress()
        await selling.stop()
      }
    },
    judge: async (found, stack, selling) => {
      await selling.notes.deadLetters()
      const proof = await proveStack(stack.ledgerUri, stack.sandboxUrl)
      const { entries, findings } = proof
      const facts = await readFacts(stack, selling)
      await selling.reader.close()
      const verified = { entries, findings: findings.length }
      const run: Run = { ...found, facts, verified, seconds: secondsSince(startedAt) }
      const report = reportOf(run, { seed, profile: profile.name, sales: profile.sales })
      return {
        figures: report,
        bounds: boundsOf(run, profile.sales),
        ledgers: { proof: verificationOf([proof]) },
      }
    },
    report: (report) => say(tableOf(report)),
  })
}
