import { setTimeout as pause } from 'node:timers/promises'
import { readCalls, readTransactions } from '../till/carrier-control.ts'
import { proveStack } from '../till/proof.ts'
import { openShop } from '../till/shop.ts'
import { isDeadLetteredWithCause, poisonMark, readDeadQueue } from './broker-messages.ts'
import { startChaosStack, type ChaosStack } from './chaos-stack.ts'
import { runEvery } from './every.ts'
import type { Facts, Samples, SentMessage } from './facts.ts'
import { inject } from './inject.ts'
import type { Injection } from './injection.ts'
import { watchInstances } from './instances.ts'
import { behind, newestPositions } from './oracle-log.ts'
import { askedOf, nameOf, planOf, randomBy } from './plan.ts'
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
import { setScenarios } from './scenarios.ts'
import { startSampler } from './sampler.ts'
import { openTills, type Tills } from './tills.ts'

/** The observations of a run. */
export type Run = {
  readonly facts: Facts
  readonly asked: Readonly<Record<string, number>>
  readonly faults: Readonly<Record<string, number>>
  /** Faults that cannot be made on this machine, and why. */
  readonly skipped: readonly string[]
  /** From the last heal until every sale was final or in review; null: it was not within the limit. */
  readonly quietAfterMs: number | null
  /** The findings of the ledger's own proof, beside the oracle's. */
  readonly verified: { readonly entries: number; readonly findings: number }
  readonly seconds: number
}

type Options = {
  readonly profile: Profile
  readonly seed: number
  readonly folder: string
  readonly say: (line: string) => void
  readonly progress: (line: string) => void
  /** Rejects when the run is interrupted. */
  readonly interrupted: Promise<never>
}

const merchant = 'principal'
const quietLimitMs = 60_000
const settledLimitMs = 10_000
const progressEveryMs = 1_000
const followEveryMs = 1_000
/** Enough for the whole run. */
const shopBegins = { cash: 1_000_000, float: 500_000 } as const
const openTriesMax = 10

/** Starts everything, sells during the faults, heals, waits for quiet and judges the run. */
export const runChaos = async (options: Options): Promise<Run> => {
  const { profile, seed, folder, say } = options
  const startedAt = performance.now()
  const stack = await startChaosStack(folder, { seed, say })
  say(`stack ready after ${seconds(startedAt)} s`)
  const run = breakAndWatch(stack, options, startedAt)
  // The rest of an interrupted run fails on servers that are gone, and nobody waits for it.
  run.catch(() => undefined)
  try {
    return await Promise.race([run, options.interrupted])
  } finally {
    await stack.stop()
    say(`${profile.name} with seed ${seed}: stopped`)
  }
}

const seconds = (since: number): number => Math.round((performance.now() - since) / 1_000)

const breakAndWatch = async (
  stack: ChaosStack,
  options: Options,
  startedAt: number,
): Promise<Run> => {
  const { profile, seed, say } = options
  const random = randomBy(seed)
  const { plan, skipped } = possible(planOf(profile, random), stack)
  for (const name of skipped) say(`skipped: ${name}`)
  const reader = await openLedgerReader(stack.ledgerUri)
  const gateway = { url: () => stack.gatewayUrls[0] ?? '', jwtSecret: stack.jwtSecret }
  const { token, sessionId } = await retried(openTriesMax, () => openShop(gateway, shopBegins))
  await setScenarios(stack.sandboxUrl)
  const sampler = startSampler(reader)
  const { gatewayUrls } = stack
  const tills = openTills({ ...profile, token, sessionId, gatewayUrls, random })
  const notes = takeNotes(stack, reader)
  const watch = watchInstances(stack.instances, (words) => notes.crashes.push(words))
  const follow = runEvery(followEveryMs, () => stack.followPrimary().catch(() => undefined))
  const injection: Injection = {
    stack,
    merchant,
    inFlight: tills.inFlight,
    sent: (message) => notes.sent.push(message),
    areCarriedOut: (ids) => areInLog(reader, ids).catch(() => false),
    noteDeadLetters: notes.deadLetters,
    random,
  }
  const faults: Record<string, number> = {}
  const stopProgress = showProgress(options, tills, faults, startedAt)
  const watchers = [watch, follow]
  try {
    await carryOut(plan, injection, { ...options, tills, faults })
    await Promise.all(stack.instances.map((instance) => instance.alone(instance.revive)))
    const quietAfterMs = await waitQuiet(tills, reader)
    say(quietAfterMs === null ? 'NOT quiet in time' : `quiet after ${quietAfterMs} ms`)
    stopProgress()
    await Promise.all(watchers.map((each) => each.stop()))
    await notes.deadLetters()
    const samples = await sampler.stop()
    const proof = await proveStack(stack.ledgerUri, stack.sandboxUrl)
    return {
      facts: await readFacts(stack, reader, tills, notes, samples),
      asked: askedOf(plan),
      faults,
      skipped,
      quietAfterMs,
      verified: { entries: proof.entries, findings: proof.findings.length },
      seconds: seconds(startedAt),
    }
  } finally {
    stopProgress()
    await Promise.all([...watchers.map((each) => each.stop()), sampler.stop(), tills.stop()])
    await reader.close()
  }
}

/** Without toxiproxy no link can be disturbed: the report lists those faults as skipped. */
const possible = (plan: Plan, { proxies }: ChaosStack): { plan: Plan; skipped: string[] } => {
  if (proxies !== null) return { plan, skipped: [] }
  const isNetwork = ({ on }: Fault) => on === 'link'
  return {
    plan: { ...plan, serversProxied: plan.serversProxied.filter((fault) => !isNetwork(fault)) },
    skipped: plan.serversProxied
      .filter(isNetwork)
      .map((fault) => `${nameOf(fault)}: no toxiproxy and no Go to build it`),
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

type Work = Options & { readonly tills: Tills; readonly faults: Record<string, number> }

const carryOut = async (plan: Plan, injection: Injection, work: Work): Promise<void> => {
  const { profile, tills, faults, say } = work
  const deadline = performance.now() + profile.timeLimitMs
  const isOver = () => performance.now() > deadline
  const lane = async (planned: readonly Fault[]): Promise<void> => {
    for (const fault of planned) {
      await pause(profile.gapMs * (0.5 + injection.random()))
      if (isOver()) return
      const name = nameOf(fault)
      if (await inject(injection, fault, say)) faults[name] = (faults[name] ?? 0) + 1
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
const waitQuiet = async (tills: Tills, reader: LedgerReader): Promise<number | null> => {
  const startedAt = performance.now()
  const tookMs = () => Math.round(performance.now() - startedAt)
  const served = tills.stop().then(() => true)
  const isServed = () => Promise.race([served, Promise.resolve(false)])
  while (tookMs() < quietLimitMs) {
    const unsettled = await countUnsettled(reader).catch(() => null)
    if (unsettled === 0 && (await isServed())) return tookMs()
    await pause(250)
  }
  await served
  return null
}

const readFacts = async (
  stack: ChaosStack,
  reader: LedgerReader,
  tills: Tills,
  notes: Notes,
  samples: Samples,
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
    samples,
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
    await pause(250)
  }
}

const showProgress = (
  { profile, progress }: Options,
  tills: Tills,
  faults: Readonly<Record<string, number>>,
  startedAt: number,
): (() => void) => {
  const timer = setInterval(() => {
    const count = Object.values(faults).reduce((sum, each) => sum + each, 0)
    progress(
      `${seconds(startedAt)} s · ${tills.accepted()}/${profile.sales} accepted of ${tills.started()} · ${tills.inFlight()} in flight · ${count} faults`,
    )
  }, progressEveryMs)
  return () => clearInterval(timer)
}
