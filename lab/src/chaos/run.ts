import { setTimeout as pause } from 'node:timers/promises'
import { say } from '../runner/report.ts'
import { startChaosStack, type ChaosStack } from './chaos-stack.ts'
import { runEvery } from './every.ts'
import { inject } from './inject.ts'
import type { Injection } from './injection.ts'
import { runJudged } from './judged-run.ts'
import { askedOf, linkFaultNames, planOf, randomBy } from './plan.ts'
import type { Fault, Plan, Profile } from './plan.ts'
import { areInLog } from './readers.ts'
import type { Selling } from './selling.ts'
import type { Tills } from './tills.ts'

type Options = { readonly profile: Profile; readonly seed: number; readonly folder: string }

const merchant = 'principal'
const followEveryMs = 1_000

/** Faults of services, servers, links and messages, side by side, on one broker. */
export const runChaos = ({ profile, seed, folder }: Options) => {
  const random = randomBy(seed)
  const planned = planOf(profile, random)
  return runJudged({
    profile,
    seed,
    random,
    start: () => startChaosStack(folder, { seed, say }),
    breakIt: async (selling, stack, faults) => {
      const { plan, skipped } = possible(planned, stack)
      for (const name of skipped) say(`skipped: ${name}`)
      const follow = runEvery(followEveryMs, () => stack.followPrimary().catch(() => undefined))
      try {
        await carryOut(plan, injectionOf(selling, stack, random), profile, selling.tills, faults)
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
): Injection => ({
  stack,
  merchant,
  inFlight: tills.inFlight,
  sent: (message) => notes.sent.push(message),
  areCarriedOut: (ids) => areInLog(reader, ids).catch(() => false),
  noteDeadLetters: notes.deadLetters,
  random,
})

/** Without toxiproxy no link can be disturbed: the report lists those faults as skipped. */
const possible = (plan: Plan, { proxies }: ChaosStack): { plan: Plan; skipped: string[] } => {
  if (proxies !== null) return { plan, skipped: [] }
  const ofLinks: readonly string[] = linkFaultNames.map(({ name }) => name)
  const isNetwork = ({ name }: Fault) => ofLinks.includes(name)
  return {
    plan: { ...plan, serversProxied: plan.serversProxied.filter((fault) => !isNetwork(fault)) },
    skipped: plan.serversProxied
      .filter(isNetwork)
      .map((fault) => `${fault.name}: no toxiproxy and no Go to build it`),
  }
}

const carryOut = async (
  plan: Plan,
  injection: Injection,
  profile: Profile,
  tills: Tills,
  faults: Record<string, number>,
): Promise<void> => {
  const deadline = performance.now() + profile.timeLimitMs
  const isOver = () => performance.now() > deadline
  const lane = async (planned: readonly Fault[]): Promise<void> => {
    for (const fault of planned) {
      await pause(profile.gapMs * (0.5 + injection.random()))
      if (isOver()) return
      if (await inject(injection, fault, say)) faults[fault.name] = (faults[fault.name] ?? 0) + 1
    }
  }
  const servers = async () => {
    await lane(plan.serversProxied)
    await leaveProxy(injection.stack)
    await lane(plan.serversDirect)
  }
  // Two at once, so that both instances of a service may be away.
  const [one, other] = [0, 1].map((part) => plan.services.filter((_, index) => index % 2 === part))
  await Promise.all([lane(one ?? []), lane(other ?? []), servers()])
  while (tills.accepted() < profile.sales && !isOver()) await pause(200)
}

/** In sequence, so that one gateway always sells. */
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
