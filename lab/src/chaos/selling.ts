import { setTimeout as pause } from 'node:timers/promises'
import { progress } from '../runner/report.ts'
import { secondsSince, sumOf } from '../runner/statistics.ts'
import { readCalls, readTransactions } from '../till/carrier-control.ts'
import { openShop } from '../till/shop.ts'
import { isDeadLetteredWithCause, poisonMark, readDeadQueue } from './broker-messages.ts'
import { mixCarrierScenarios } from './carrier-mix.ts'
import type { ChaosStack } from './chaos-stack.ts'
import type { Facts, SentMessage } from './facts.ts'
import { watchInstances } from './instances.ts'
import { behind, newestPositions } from './oracle-log.ts'
import { idsIn, readBlocks } from './read-blocks.ts'
import {
  countUnsettled,
  openLedgerReader,
  readProjections,
  readQuarantine,
  type LedgerReader,
} from './readers.ts'
import { startSampler } from './sampler.ts'
import { openTills, type Tills } from './tills.ts'

/** The parts of a stack that sells and is judged afterwards. */
export type SellingStack = Pick<
  ChaosStack,
  'instances' | 'sandboxUrl' | 'jwtSecret' | 'ledgerUri' | 'gatewayUrls' | 'amqpUrls'
>

export type Load = {
  readonly salesPerSecond: number
  readonly tills: number
  readonly leavesChance?: number
}

const quietLimitMs = 60_000
const settledLimitMs = 10_000
const lookEveryMs = 250
const progressEveryMs = 1_000
const shopBegins = { cash: 1_000_000, float: 500_000 } as const
const openTriesMax = 10

/** A shop that sells while the stack is broken, and the notes that its judge reads. */
export type Selling = Awaited<ReturnType<typeof startSelling>>

export const startSelling = async (stack: SellingStack, load: Load, random: () => number) => {
  const reader = await openLedgerReader(stack.ledgerUri)
  const gateway = { url: () => stack.gatewayUrls[0] ?? '', jwtSecret: stack.jwtSecret }
  const { token, sessionId } = await retried(openTriesMax, () => openShop(gateway, shopBegins))
  await mixCarrierScenarios(stack.sandboxUrl)
  const sampler = startSampler(reader)
  const { gatewayUrls } = stack
  const tills = openTills({ ...load, token, sessionId, gatewayUrls, random })
  const notes = takeNotes(stack, reader)
  const watch = watchInstances(stack.instances, (words) => notes.crashes.push(words))
  const stop = async () => {
    await Promise.all([watch.stop(), sampler.stop(), tills.stop()])
  }
  return { tills, reader, notes, samples: sampler.stop, stop }
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

const takeNotes = (stack: SellingStack, reader: LedgerReader) => {
  const sent: Omit<SentMessage, 'isAccountedFor'>[] = []
  const crashes: string[] = []
  const letters = new Map<string, string>()
  return {
    sent,
    crashes,
    letters,
    deadLetters: async () => {
      for (const { messageId, text } of await readAtAny(stack.amqpUrls)) {
        letters.set(messageId, text)
      }
      for (const text of await readQuarantine(reader.db)) letters.set(text, text)
    },
  }
}

/** Reads at the first broker that answers. */
const readAtAny = ([first = '', ...others]: readonly string[]) =>
  others.reduce((found, url) => found.catch(() => readDeadQueue(url)), readDeadQueue(first))

/** @returns how long it took from now; null where it is not quiet within the limit */
export const waitQuiet = async ({ tills, reader }: Selling): Promise<number | null> => {
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

export const readFacts = async (
  stack: SellingStack,
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

export const showProgress = (
  { sales }: { readonly sales: number },
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
