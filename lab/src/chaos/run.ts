import { setTimeout as pause } from 'node:timers/promises'
import { runRounds } from '@recargas/runtime'
import { addOne } from '../runner/statistics.ts'
import { startChaosStack, type ChaosStack } from './chaos-stack.ts'
import { faults } from './faults.ts'
import { missedBy, tryToBreak, type FaultContext } from './break.ts'
import { partPossible, runJudged } from './judged-run.ts'
import { askedOf, linkFaultNames, planOf, randomBy } from './plan.ts'
import type { Fault, Plan, Profile } from './plan.ts'
import { areInLog } from './readers.ts'
import type { Selling } from './selling.ts'
import type { Tills } from './tills.ts'

type Options = { readonly profile: Profile; readonly seed: number; readonly folder: string }

const followEveryMs = 1_000
const triesMax = 5
const tryPauseMs = 1_000

/** Faults of services, servers, links and messages, side by side, on one broker. */
export const runChaos = ({ profile, seed, folder }: Options) => {
  const random = randomBy(seed)
  const planned = planOf(profile, random)
  return runJudged({
    profile,
    seed,
    random,
    start: () => startChaosStack(folder, seed),
    breakIt: async (selling, stack, counts) => {
      const { plan, skipped } = possible(planned, stack)
      const rounds = {
        everyMs: followEveryMs,
        begin: 'at-once',
        onFailure: () => undefined,
      } as const
      const follow = runRounds(stack.followPrimary, rounds)
      try {
        await carryOut(plan, injectionOf(selling, stack, random), profile, selling.tills, counts)
      } finally {
        await follow.stop()
      }
      return { asked: askedOf(plan), skipped }
    },
  })
}

const injectionOf = (
  { tills, reader, notes }: Selling,
  stack: ChaosStack,
  random: () => number,
): FaultContext => ({
  stack,
  inFlight: tills.inFlight,
  sent: (message) => notes.sent.push(message),
  areCarriedOut: (ids) => areInLog(reader, ids).catch(() => false),
  noteDeadLetters: notes.deadLetters,
  random,
})

/** Without toxiproxy no link can be disturbed. */
const possible = (plan: Plan, { proxies }: ChaosStack) => {
  const ofLinks: readonly string[] = linkFaultNames.map(({ name }) => name)
  const { plan: names, skipped } = partPossible(
    plan.serversProxied.map(({ name }) => name),
    (name) =>
      proxies === null && ofLinks.includes(name) ? 'no toxiproxy and no Go to build it' : null,
  )
  const serversProxied = plan.serversProxied.filter(({ name }) => names.includes(name))
  return { plan: { ...plan, serversProxied }, skipped }
}

const carryOut = async (
  plan: Plan,
  context: FaultContext,
  profile: Profile,
  tills: Tills,
  counts: Record<string, number>,
): Promise<void> => {
  const deadline = performance.now() + profile.timeLimitMs
  const isOver = () => performance.now() > deadline
  const tries = { max: triesMax, pauseMs: tryPauseMs, inFlight: context.inFlight }
  const lane = async (planned: readonly Fault[]): Promise<void> => {
    for (const { name, instance } of planned) {
      await pause(profile.gapMs * (0.5 + context.random()))
      if (isOver()) return
      const breakOnce = () => faults[name](context, instance).catch(missedBy)
      if ((await tryToBreak(name, tries, breakOnce)) !== null) addOne(counts, name)
    }
  }
  const servers = async () => {
    await lane(plan.serversProxied)
    await leaveProxy(context.stack)
    await lane(plan.serversDirect)
  }
  // Two at once, so that both instances of a service may be away.
  const [one, other] = [0, 1].map((part) => plan.services.filter((_, index) => index % 2 === part))
  await Promise.all([lane(one ?? []), lane(other ?? []), servers()])
  while (tills.accepted() < profile.sales && !isOver()) await pause(200)
}

/** One after the other, so that each service keeps one instance. */
const leaveProxy = async (stack: ChaosStack): Promise<void> => {
  stack.leaveMongodbProxy()
  for (const instance of stack.instances) {
    if (instance.service === 'gateway') continue
    await instance.alone(async () => {
      await instance.process.stop()
      await instance.revive()
    })
  }
}
