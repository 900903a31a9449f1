import { InvalidArgumentError, type Command } from 'commander'
import { machineOf } from '@recargas/stack/provenance'
import { wholeNumber } from '@recargas/stack/given-value'
import type { Verification } from '../runner/judge.ts'
import { keepFigure, say } from '../runner/report.ts'
import { isInterrupted, isReached, withServers, type End } from '../runner/scenario.ts'
import { fullPlan, quickPlan, scenarioNames, type Plan, type ScenarioName } from './plan.ts'
import { named } from './print-results.ts'
import { memoryOf, ratiosOf, scenarios, type Results } from './results.ts'
import type { Bench } from './scenario.ts'

const scenariosIn = (text: string): ScenarioName[] =>
  text.split(',').map((name) => {
    const found = scenarioNames.find((known) => known === name)
    if (found !== undefined) return found
    throw new InvalidArgumentError(`no scenario ${name}: ${scenarioNames.join(', ')}`)
  })

type Options = {
  readonly quick: boolean
  readonly only?: readonly ScenarioName[]
  readonly rounds?: number
  readonly seconds?: number
  readonly entries?: number
  readonly waiting?: number
  readonly out?: string
}

export const addBench = (program: Command, end: End) => {
  program
    .command('bench')
    .summary('measures throughput and latency beside a bare path and peers')
    .description(
      'Measures on servers and databases of its own, and proves every ledger it wrote afterwards:\n\n' +
        '  paths      one hot float: our whole path, the bare path (the same hops and carrier, nothing written)\n' +
        '             and the plain trio (one transaction for each message), at 1 to 512 connections\n' +
        '  writer     our writer and projector alone, the same appends and projections by the bare driver, and medici\n' +
        '  spread     one float, ten floats, a thousand shops by Zipf\n' +
        '  rates      requests at fixed times (open loop): latency at shares of the maximum\n' +
        '  waiting    a ledger that finds a long queue: how fast, how much memory, and disk for each sale\n' +
        '  instances  two ledgers on many shops, and one\n' +
        '  takeover   two million entries in 100,000 blocks and 20,000 sales held, taken over; only where it is named\n' +
        '  members    three members of each server and one, two of each service and one; only where it is named\n' +
        '  grown      two million entries stored: throughput, pages, and verify beside a plain reading\n\n' +
        'docs/performance.md defines its ratios; they are null where a run did not measure them.\n\n' +
        'All of it but takeover and members ends within 40 minutes; --quick within 10, without instances and grown.',
    )
    .option('--quick', 'fewer and shorter rounds, without instances and grown', false)
    .option('--only <list>', `some of ${scenarioNames.join(',')}`, scenariosIn)
    .option('--rounds <n>', 'rounds, instead of 5 (3 when quick)', wholeNumber())
    .option('--seconds <n>', 'measured time of each load', wholeNumber())
    .option('--entries <n>', 'entries of the grown ledger', wholeNumber())
    .option('--waiting <n>', 'messages of the waiting queue', wholeNumber())
    .option('--out <file>', 'writes the figures as JSON')
    .action((options: Options) => end(run(options)))
}

const planOf = ({ quick, only, rounds, seconds, entries, waiting }: Options): Plan => {
  const plan = quick ? quickPlan : fullPlan
  const chosen = only ?? [...plan.scenarios, ...(entries === undefined ? [] : ['grown' as const])]
  return {
    ...plan,
    scenarios: scenarioNames.filter((name) => chosen.includes(name)),
    rounds: rounds ?? plan.rounds,
    seconds: seconds ?? plan.seconds,
    grownEntries: entries ?? plan.grownEntries,
    waitingMessages: waiting ?? plan.waitingMessages,
  }
}

/** Share of the time limit after which no scenario starts, because it would not end in time. */
const startsWithin = 0.85

/** Runs the chosen scenarios one after the other. After a failed one the next still runs. */
const runAll = async (bench: Bench) => {
  const results: Record<string, unknown> = {}
  const ledgers: Record<string, Verification> = {}
  const failures: Record<string, string> = {}
  let isGood = true
  const startedAt = performance.now()
  for (const name of bench.plan.scenarios) {
    const minutes = (performance.now() - startedAt) / 60_000
    const { limitMinutes } = bench.plan
    if (minutes > limitMinutes * startsWithin) {
      failures[name] = `not started: ${minutes.toFixed(1)} of ${limitMinutes} minutes had passed`
      continue
    }
    say(`\n${name} (after ${minutes.toFixed(1)} min)`)
    try {
      const judgement = await scenarios[name](bench)
      isGood = isReached(name, judgement) && isGood
      for (const [ledger, verification] of Object.entries(judgement.ledgers)) {
        ledgers[`${name} ${ledger}`] = verification
      }
      results[name] = judgement.figures
    } catch (error) {
      if (isInterrupted()) throw error
      failures[name] = String(error)
      say(`  FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    }
  }
  const none = Object.fromEntries(scenarioNames.map((name) => [name, null]))
  isGood &&= Object.keys(failures).length === 0
  return { results: { ...none, ...results } as Results, ledgers, failures, isGood }
}

const run = (options: Options): Promise<boolean> =>
  withServers(async (servers) => {
    const startedAt = performance.now()
    const plan = planOf(options)
    const { results, ledgers, failures, isGood } = await runAll({ servers, plan })
    const minutes = Math.round((performance.now() - startedAt) / 6_000) / 10
    const ratios = ratiosOf(results)
    const memory = memoryOf(results)
    const checks = Object.values(ledgers)
    const verified = checks.length > 0 && checks.every(({ isVerified }) => isVerified)
    console.table(ratios)
    printMemory(memory)
    const { cpus, model, memoryGb, node } = machineOf()
    say(`\n${cpus} × ${model}, ${memoryGb} GB, Node ${node}, servers ${servers.backend}`)
    say(`${minutes} min; every ledger ${verified ? 'verified' : 'NOT VERIFIED'}`)
    for (const [name, cause] of Object.entries(failures)) say(`${name} FAILED: ${cause}`)
    if (options.out !== undefined) {
      const { backend } = servers
      const { quick: isQuick } = options
      const kept = { backend, isQuick, minutes, rounds: plan.rounds, verified, ratios, memory }
      keepFigure(options.out, { ...kept, ledgers, failures, ...results })
      say(`written to ${options.out}`)
    }
    return verified && isGood
  })

const printMemory = ({ limitMb, isWithinLimit, peaksMb, peersMb }: ReturnType<typeof memoryOf>) => {
  say(`\npeak memory in MB (limit ${limitMb})${isWithinLimit ? '' : ': EXCEEDED'}`)
  for (const [scenario, peaks] of Object.entries(peaksMb)) say(`  ${scenario}: ${named(peaks)}`)
  for (const [peer, peaks] of Object.entries(peersMb)) say(`  peer ${peer}: ${named(peaks)}`)
}
