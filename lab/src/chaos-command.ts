import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Option, type Command } from 'commander'
import { wholeNumber } from '@recargas/stack/given-value'
import { keepFigure } from './runner/report.ts'
import { inOwnFolder, isReached, type End } from './runner/scenario.ts'
import { goalsOfMembers } from './chaos/members/member-goals.ts'
import { memberFaultNames, type MemberFaultName } from './chaos/members/plan-members.ts'
import { runInNetwork, isInNetwork } from './chaos/members/network.ts'
import { prepareMembers, runMembers } from './chaos/members/run-members.ts'
import { runMutations } from './chaos/mutate.ts'
import { profiles, type Profile } from './chaos/plan.ts'
import { Report } from './chaos/report.ts'
import { runChaos } from './chaos/run.ts'
import { goalsOfServices, sumReports } from './chaos/sum.ts'

type Options = {
  readonly profile: Profile['name'] | 'members'
  readonly seed: number
  readonly out?: string
  readonly sum?: true | readonly string[]
  readonly mutate?: true
  readonly only?: string
  readonly from?: string
  readonly faults?: readonly MemberFaultName[]
  readonly keep?: true
}

export const addChaos = (program: Command, end: End) => {
  program
    .command('chaos')
    .summary('sells under faults and judges the books')
    .description(
      'Sells on a stack of its own, breaks it from a seed, heals it, waits for quiet and judges by an oracle of its own.\n\n' +
        'Two instances of each service, three mongods, a broker, a carrier that mixes all its scenarios: docs/chaos.md.\n' +
        'The profile members has three brokers of RabbitMQ 4.3; members die, stand still, are cut off and upgraded.',
    )
    .addOption(
      new Option('--profile <name>', 'how long and how hard')
        .choices([...Object.keys(profiles), 'members'])
        .default('smoke'),
    )
    .option('--seed <n>', 'of the plan of faults and of the carrier', wholeNumber(0), 1)
    .option('--out <file>', 'writes the report there as JSON')
    .option(
      '--sum [files...]',
      'adds up kept reports: these, or the profile’s in docs/figures: chaos-*.json, members-chaos-*.json',
    )
    .option(
      '--mutate',
      'breaks the code on purpose, twelve times; each must turn the smoke profile or its tests red',
    )
    .option('--only <mutation>', 'of the mutations, this one')
    .option(
      '--from <ref>',
      'members: the commit that services are upgraded from; the newest with other services by default',
    )
    .addOption(
      new Option('--faults <names...>', 'members: these faults alone').choices(memberFaultNames),
    )
    .option('--keep', 'keeps the stack’s folder, with its logs')
    .action((options: Options) => end(run(options)))
}

const run = async (options: Options): Promise<boolean> => {
  const { sum, mutate, seed, only, profile } = options
  if (sum !== undefined) return sumUp(sum, profile)
  return mutate ? runMutations(seed, only) : runOnce(options)
}

const figuresFolder = 'docs/figures'

const sumUp = (given: true | readonly string[], profile: Options['profile']): boolean => {
  const names = profile === 'members' ? /^members-chaos-\d+\.json$/ : /^chaos-\d+\.json$/
  const kept = () => readdirSync(figuresFolder).filter((name) => names.test(name))
  const files = given === true ? kept().map((name) => join(figuresFolder, name)) : given
  const reports = files.map((file) => Report.parse(JSON.parse(readFileSync(file, 'utf8'))))
  const { isReached: areReached, table } = sumReports(
    reports,
    profile === 'members' ? goalsOfMembers : goalsOfServices,
  )
  console.log(files.map((file) => basename(file)).join(' '))
  console.log(table)
  return areReached
}

const runOnce = async (options: Options): Promise<boolean> => {
  const { profile, seed, out, keep, from, faults } = options
  if (profile === 'members' && !isInNetwork()) {
    await prepareMembers(from)
    const code = await runInNetwork()
    if (code !== null) return code === 0
  }
  return inOwnFolder(async (folder) => {
    const judgement =
      profile === 'members'
        ? await runMembers({ seed, folder, from, only: faults })
        : await runChaos({ profile: profiles[profile], seed, folder })
    if (out !== undefined) keepFigure(out, judgement.figures)
    return isReached(`${profile} with seed ${seed}`, judgement)
  }, keep)
}
