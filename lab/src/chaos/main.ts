import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Command, Option } from 'commander'
import { wholeNumber } from '@recargas/stack/whole-number'
import { runMutations } from './mutate.ts'
import { profiles, type Profile } from './plan.ts'
import { Report, reportOf, tableOf } from './report.ts'
import { runChaos } from './run.ts'
import { sumOf } from './sum.ts'

const program = new Command('npm run chaos --')
  .description(
    'Sells on a stack of its own, breaks it from a seed, heals it, waits for quiet and judges by an oracle of its own.\n\n' +
      'Two instances of each service, three mongods, a broker, a carrier that mixes all its scenarios: docs/chaos.md.',
  )
  .addOption(
    new Option('--profile <name>', 'how long and how hard')
      .choices(Object.keys(profiles))
      .default('smoke'),
  )
  .option('--seed <n>', 'of the plan of faults and of the carrier', wholeNumber(0), 1)
  .option('--out <file>', 'writes the report there as JSON')
  .option('--sum [files...]', 'adds up kept reports: these, or docs/figures/chaos-*.json')
  .option(
    '--mutate',
    'breaks the code on purpose, twelve times; each must turn the smoke profile or its tests red',
  )
  .option('--only <mutation>', 'of the mutations, this one')
  .option('--keep', 'keeps the stack’s folder, with its logs')
  .parse()
const options = program.opts<{
  readonly profile: Profile['name']
  readonly seed: number
  readonly out?: string
  readonly sum?: true | readonly string[]
  readonly mutate?: true
  readonly only?: string
  readonly keep?: true
}>()

const lineEveryMs = 15_000
let lastLineAt = 0
/** One line that changes on a terminal; elsewhere a line now and then. */
const progress = (line: string): void => {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\u001B[K${line}`)
    return
  }
  if (performance.now() - lastLineAt < lineEveryMs) return
  lastLineAt = performance.now()
  console.log(line)
}
const say = (line: string): void => {
  if (process.stdout.isTTY) process.stdout.write('\r\u001B[K')
  console.log(line)
}

/** The first signal ends the run in order; at a second one the guards end whatever was started. */
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => reject(new Error(`stopped by ${signal}`)))
  }
})
interrupted.catch(() => say('stopping'))

const sum = (given: true | readonly string[]): boolean => {
  const folder = 'docs/figures'
  const files =
    given === true
      ? readdirSync(folder)
          .filter((name) => /^chaos-.*\.json$/.test(name))
          .map((name) => join(folder, name))
      : given
  const reports = files.map((file) => Report.parse(JSON.parse(readFileSync(file, 'utf8'))))
  const { isReached, table } = sumOf(reports)
  console.log(files.map((file) => basename(file)).join(' '))
  console.log(table)
  return isReached
}

const runOnce = async (): Promise<boolean> => {
  const profile = profiles[options.profile]
  const folder = mkdtempSync(join(tmpdir(), 'recargas-chaos-'))
  if (options.keep) say(`folder: ${folder}`)
  try {
    const run = await runChaos({
      profile,
      seed: options.seed,
      folder,
      say,
      progress,
      interrupted,
    })
    const report = reportOf(run, {
      seed: options.seed,
      profile: profile.name,
      sales: profile.sales,
    })
    say(tableOf(report))
    say(report.passed ? 'PASSED' : 'FAILED')
    if (options.out !== undefined) {
      writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`)
    }
    return report.passed
  } finally {
    if (!options.keep) rmSync(folder, { recursive: true, force: true })
  }
}

const run = (): Promise<boolean> | boolean => {
  if (options.sum !== undefined) return sum(options.sum)
  if (options.mutate)
    return runMutations({ seed: options.seed, only: options.only, say, interrupted })
  return runOnce()
}

process.exitCode = (await Promise.resolve(run()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return false
}))
  ? 0
  : 1
process.exit()
