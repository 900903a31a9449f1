import { writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { commitOf, machineOf } from '@recargas/stack/provenance'
import { wholeNumber } from '@recargas/stack/whole-number'
import { fullPlan, quickPlan, statedTakeover, type Plan } from './measure/plan.ts'
import { printReport } from './report.ts'
import { memoryOf, ratiosOf, scenarioNames, type ScenarioName } from './results.ts'
import { runScenarios, scenarioNamed, type Run } from './run.ts'

const scenarios = (text: string): ScenarioName[] =>
  text.split(',').map((name) => {
    try {
      return scenarioNamed(name)
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
    }
  })

const program = new Command('npm run bench --')
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
      '  grown      two million entries stored: throughput, pages, and verify beside a plain reading\n\n' +
      'Its ratios (docs/performance.md defines them), null where a run did not measure them:\n\n' +
      '  paths      wholeVsBare256, wholeVsBare512, wholeVsTrio256, p50Excess1\n' +
      '  writer     writerVsMedici, writerVsRaw\n' +
      '  spread     zipfVsHot256, tenVsHot256\n' +
      '  rates      p99VsP50Half, projectionLagP99Ms\n' +
      '  waiting    bytesPerSale\n' +
      '  instances  twoLedgersVsOne\n' +
      '  grown      grownVsEmpty, verifyLinesPerSecond\n' +
      '  all        memoryMbMax\n\n' +
      'All of it but takeover ends within 40 minutes; --quick within 10, without instances and grown.',
  )
  .option('--quick', 'fewer and shorter rounds, without instances and grown', false)
  .option('--only <list>', `some of ${scenarioNames.join(',')}`, scenarios)
  .option('--rounds <n>', 'rounds, instead of 5 (3 when quick)', wholeNumber())
  .option('--seconds <n>', 'measured time of each load', wholeNumber())
  .option('--entries <n>', 'entries of the grown ledger', wholeNumber())
  .option('--waiting <n>', 'messages of the waiting queue', wholeNumber())
  .option('--out <file>', 'writes the figures as JSON')
  .parse()
type Options = {
  readonly quick: boolean
  readonly only?: readonly ScenarioName[]
  readonly rounds?: number
  readonly seconds?: number
  readonly entries?: number
  readonly waiting?: number
  readonly out?: string
}
const options = program.opts<Options>()
const say = (line: string) => console.log(line)

const planOf = ({ quick, only, rounds, seconds, entries, waiting }: Options): Plan => {
  const plan = quick ? quickPlan : fullPlan
  return {
    ...plan,
    rounds: rounds ?? plan.rounds,
    seconds: seconds ?? plan.seconds,
    grownEntries: entries ?? plan.grownEntries,
    waitingMessages: waiting ?? plan.waitingMessages,
    withInstances: plan.withInstances || (only?.includes('instances') ?? false),
    takeover: only?.includes('takeover') === true ? statedTakeover : null,
  }
}

const finish = (plan: Plan, run: Run, minutes: number): boolean => {
  const { results, verified, failures, backend } = run
  const ratios = ratiosOf(results)
  const memory = memoryOf(results)
  const checks = Object.values(verified)
  const isVerified = checks.length > 0 && checks.every((check) => check.isVerified)
  const machine = machineOf()
  printReport(results, ratios, memory, verified, say)
  say(
    `\n${machine.cpus} × ${machine.model}, ${machine.memoryGb} GB, Node ${machine.node}, servers ${backend}; ${minutes.toFixed(1)} min`,
  )
  for (const [name, cause] of Object.entries(failures)) say(`${name} FAILED: ${cause}`)
  if (options.out !== undefined) {
    const figures = {
      commit: commitOf(),
      at: new Date().toISOString(),
      machine,
      backend,
      isQuick: options.quick,
      minutes: Math.round(minutes * 10) / 10,
      rounds: plan.rounds,
      verified: isVerified,
      ratios,
      memory,
      ledgers: verified,
      failures,
      ...results,
    }
    writeFileSync(options.out, `${JSON.stringify(figures, null, 2)}\n`)
    say(`written to ${options.out}`)
  }
  return isVerified && Object.keys(failures).length === 0
}

const run = async (): Promise<boolean> => {
  const startedAt = performance.now()
  const plan = planOf(options)
  say('starting servers …')
  const finished = await runScenarios(plan, options.only, say)
  return finish(plan, finished, (performance.now() - startedAt) / 60_000)
}

process.exitCode = (await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return false
}))
  ? 0
  : 1
