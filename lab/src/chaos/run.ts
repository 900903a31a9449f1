import { setTimeout as pause } from 'node:timers/promises'
import { proveStack } from '../runner/judge.ts'
import { progress, say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { secondsSince, sumOf } from '../runner/statistics.ts'
import { readCalls, readTransactions } from '../till/carrier-control.ts'
import { openShop } from '../till/shop.ts'
import { isDeadLetteredWithCause, poisonMark, readDeadQueue } from './broker-messages.ts'
import { mixCarrierScenarios } from './carrier-mix.ts'
import { startChaosStack, type ChaosStack } from './chaos-stack.ts'
import { runEvery } from './every.ts'
import type { Facts, Samples, SentMessage } from './facts.ts'
import { inject } from './inject.ts'
import type { Injection } from './injection.ts'
import { watchInstances } from './instances.ts'
import { behind, newestPositions } from './oracle-log.ts'
import { askedOf, linkFaultNames, planOf, randomBy } from './plan.ts'
import type { Fault, Plan, Profile } from './plan.ts'
import {
  areInLog,
  countUnsettled,
  idsIn,
  openLedgerReader,
  readBlocks,
  readProjections,
  readQuarantine,
  type LedgerReader,
} from './readers.ts'
import { boundsOf, reportOf, tableOf, type Run } from './report.ts'
import { startSampler } from './sampler.ts'
import { openTills, type Tills } from './tills.ts'

type Options = { readonly profile: Profile; readonly seed: number; readonly folder: string }

const merchant = 'principal'
const quietLimitMs = 60_000
const settledLimitMs = 10_000
const lookEveryMs = 250
const progressEveryMs = 1_000
const followEveryMs = 1_000
/** Enough for the whole run. */
const shopBegins = { cash: 1_000_000, float: 500_000 } as const
const openTriesMax = 10

/** Starts everything, sells during the faults, heals, waits for quiet and judges the run. */
export const runChaos = ({ profile, seed, folder }: Options) => {
  const startedAt = performance.now()
  const random = randomBy(seed)
  const planned = planOf(profile, random)
  return runScenario({
    stack: async () => {
      const stack = await startChaosStack(folder, { seed, say })
      say(`stack ready after ${secondsSince(startedAt)} s`)
      return stack
    },
    load: (stack) => startSelling(stack, profile, random),
    faults: async (selling, stack) => {
      const { plan, skipped } = possible(planned, stack)
      for (const name of skipped) say(`skipped: ${name}`)
      const faults: Record<string, number> = {}
      const stopProgress = showProgress(profile, selling.tills, faults, startedAt)
      try {
        await carryOut(plan, injectionOf(selling, stack, random), profile, selling.tills, faults)
        await Promise.all(stack.instances.map((instance) => instance.alone(instance.revive)))
        const quietAfterMs = await waitQuiet(selling)
        say(quietAfterMs === null ? 'NOT quiet in time' : `quiet after ${quietAfterMs} ms`)
        return { asked: askedOf(plan), faults, skipped, quietAfterMs }
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
        ledgers: { proof: { isVerified: findings.length === 0, detail: `${entries} entries` } },
      }
    },
    report: (report) => say(tableOf(report)),
  })
}

type Selling = {
  readonly tills: Tills
  readonly reader: LedgerReader
  readonly notes: Notes
  readonly samples: () => Promise<Samples>
  readonly stop: () => Promise<void>
}

const startSelling = async (
  stack: ChaosStack,
  profile: Profile,
  random: () => number,
): Promise<Selling> => {
  const reader = await openLedgerReader(stack.ledgerUri)
  const gateway = { url: () => stack.gatewayUrls[0] ?? '', jwtSecret: stack.jwtSecret }
  const { token, sessionId } = await retried(openTriesMax, () => openShop(gateway, shopBegins))
  await mixCarrierScenarios(stack.sandboxUrl)
  const sampler = startSampler(reader)
  const { gatewayUrls } = stack
  const tills = openTills({ ...profile, token, sessionId, gatewayUrls, random })
  const notes = takeNotes(stack, reader)
  const watch = watchInstances(stack.instances, (words) => notes.crashes.push(words))
  const follow = runEvery(followEveryMs, () => stack.followPrimary().catch(() => undefined))
  const stop = async () => {
    await Promise.all([watch.stop(), follow.stop(), sampler.stop(), tills.stop()])
  }
  return { tills, reader, notes, samples: sampler.stop, stop }
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

/** A gateway that has only just started may refuse at first. */
const retried = async <Result>(tries: number, ask: () => Promise<Result>): Promise<Result> => {
  for (let left = tries; ; left -= 1) {
    try {
      return await ask()
    } catch (error) {
      if (left <= 1) throw error
      await pause(1_000)
    }
  }
}

type Notes = {
  readonly sent: Omit<SentMessage, 'isAccountedFor'>[]
  readonly crashes: string[]
  readonly letters: Map<string, string>
  readonly deadLetters: () => Promise<void>
}

const takeNotes = (stack: ChaosStack, reader: LedgerReader): Notes => {
  const letters = new Map<string, string>()
  return {
    sent: [],
    crashes: [],
    letters,
    deadLetters: async () => {
      for (const { messageId, text } of await readDeadQueue(stack.broker.amqpUrl)) {
        letters.set(messageId, text)
      }
      for (const text of await readQuarantine(reader.db)) letters.set(text, text)
    },
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

/** @returns how long it took from now; null where it is not quiet within the limit */
const waitQuiet = async ({ tills, reader }: Selling): Promise<number | null> => {
  const startedAt = performance.now()
  const tookMs = () => Math.round(performance.now() - startedAt)
  const served = tills.stop().then(() => true)
  const isServed = () => Promise.race([served, Promise.resolve(false)])
  while (tookMs() < quietLimitMs) {
    const unsettled = await countUnsettled(reader).catch(() => null)
    if (unsettled === 0 && (await isServed())) return tookMs()
    await pause(lookEveryMs)
  }
  await served
  return null
}

const readFacts = async (
  stack: ChaosStack,
  { reader, tills, notes, samples }: Selling,
): Promise<Facts> => {
  const { blocks, projections } = await readSettled(reader)
  const known = idsIn(blocks)
  const letters = [...notes.letters.values()]
  return {
    sales: tills.sales(),
    blocks,
    projections,
    transactions: await readTransactions(stack.sandboxUrl),
    calls: await readCalls(stack.sandboxUrl),
    sent: notes.sent.map((message) => ({
      ...message,
      isAccountedFor:
        message.kind === 'command'
          ? known.has(message.id)
          : letters.some((letter) => isDeadLetteredWithCause(letter, message.id)),
    })),
    deadLetters: letters.filter((letter) => !letter.includes(poisonMark)),
    crashes: notes.crashes,
    samples: await samples(),
  }
}

/**
 * Reads the log and its projections. Restarted instances take partitions over when all is quiet, so a block may be appended
 * between two reads: both are read again until they agree or the time is over, and then judged as they are.
 */
const readSettled = async (reader: LedgerReader) => {
  const startedAt = performance.now()
  for (;;) {
    const blocks = await readBlocks(reader.blocks, new Map())
    const projections = await readProjections(reader.db)
    const isShown = behind(newestPositions(blocks), projections.positions).length === 0
    if (isShown || performance.now() - startedAt > settledLimitMs) return { blocks, projections }
    await pause(lookEveryMs)
  }
}

const showProgress = (
  { sales }: Profile,
  tills: Tills,
  faults: Readonly<Record<string, number>>,
  startedAt: number,
): (() => void) => {
  const timer = setInterval(() => {
    const [accepted, started, inFlight] = [tills.accepted(), tills.started(), tills.inFlight()]
    progress(
      `${secondsSince(startedAt)} s · ${accepted}/${sales} accepted of ${started} · ${inFlight} in flight · ${sumOf(Object.values(faults))} faults`,
    )
  }, progressEveryMs)
  return () => clearInterval(timer)
}
