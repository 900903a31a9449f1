import { startBenchServers } from './measure/bench-servers.ts'
import type { Plan } from './measure/plan.ts'
import type { Results, ScenarioName, Verified } from './results.ts'
import { scenarioNames } from './results.ts'
import type { Log } from './measure/rounds.ts'
import type { Bench, Outcome } from './measure/scenario.ts'
import { compareGrown } from './scenarios/grown.ts'
import { compareInstances } from './scenarios/instances.ts'
import { comparePaths } from './scenarios/paths.ts'
import { sweepRates } from './scenarios/rates.ts'
import { spreadOverFloats } from './scenarios/spread.ts'
import { measureTakeover } from './scenarios/takeover.ts'
import { drainWaiting } from './scenarios/waiting.ts'
import { compareWriters } from './scenarios/writer.ts'

export type Run = {
  readonly backend: string
  readonly results: Results
  readonly verified: Verified
  /** Scenarios that failed, and how; the others were measured all the same. */
  readonly failures: Readonly<Record<string, string>>
}

/** Share of the time limit after which no scenario starts, because it would not end in time. */
const startsWithin = 0.85

/** Runs the chosen scenarios one after the other on the same servers. */
export const runScenarios = async (
  plan: Plan,
  only: readonly ScenarioName[] | undefined,
  log: Log,
): Promise<Run> => {
  const servers = await startBenchServers(log)
  const bench: Bench = { servers, plan, log }
  const verified: Record<string, Verified[string]> = {}
  const failures: Record<string, string> = {}
  const startedAt = performance.now()
  const run = async <Figures>(
    name: ScenarioName,
    measure: () => Promise<Outcome<Figures>>,
  ): Promise<Figures | null> => {
    if (only !== undefined && !only.includes(name)) return null
    const minutes = (performance.now() - startedAt) / 60_000
    if (minutes > plan.limitMinutes * startsWithin) {
      failures[name] = `not begun: ${minutes.toFixed(1)} of ${plan.limitMinutes} minutes were over`
      return null
    }
    log(`\n${name} (after ${minutes.toFixed(1)} min)`)
    try {
      const outcome = await measure()
      for (const [ledger, each] of Object.entries(outcome.verified)) {
        verified[`${name} ${ledger}`] = each
        log(`  ${ledger} ${each.isVerified ? 'verified' : 'NOT VERIFIED'}: ${each.detail}`)
      }
      return outcome.figures
    } catch (error) {
      failures[name] = String(error)
      log(`  FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
      return null
    }
  }
  const { grownEntries, takeover } = plan
  try {
    const results: Results = {
      paths: await run('paths', () => comparePaths(bench)),
      writer: await run('writer', () => compareWriters(bench)),
      spread: await run('spread', () => spreadOverFloats(bench)),
      rates: await run('rates', () => sweepRates(bench)),
      waiting: await run('waiting', () => drainWaiting(bench)),
      instances: plan.withInstances ? await run('instances', () => compareInstances(bench)) : null,
      grown:
        grownEntries === null ? null : await run('grown', () => compareGrown(bench, grownEntries)),
      takeover:
        takeover === null ? null : await run('takeover', () => measureTakeover(bench, takeover)),
    }
    return { backend: servers.backend, results, verified, failures }
  } finally {
    await servers.stop()
  }
}

export const scenarioNamed = (name: string): ScenarioName => {
  const found = scenarioNames.find((known) => known === name)
  if (found === undefined) throw new Error(`no scenario ${name}: ${scenarioNames.join(', ')}`)
  return found
}
