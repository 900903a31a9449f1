import { setTimeout as pause } from 'node:timers/promises'
import type { ConfirmChannel } from 'amqplib'
import { withChannel } from '../runner/broker.ts'
import { inTurn, notSoldOf, sellAtRate, type LoadResult, type SaleTarget } from '../runner/load.ts'
import { quarantineOf } from '../runner/quarantine.ts'
import { say } from '../runner/report.ts'
import { latencyOf, median, ratioOf, rounded, sumOf } from '../runner/statistics.ts'
import { quiet, type System } from '../runner/system.ts'
import { openShops, writeCatalogue } from '../runner/shops.ts'
import { experiment } from '../runner/experiment.ts'
import { poisonOf, type Poison } from './poison-messages.ts'

/** With the usual rounds and seconds, 1,000 poison messages. */
const usual = { rounds: 5, seconds: 20 }
const shops = 64
const salesPerSecond = 40
const poisonPerSecond = 10
const warmSeconds = 10
const quarantineLimitMs = 5_000
const p99RatioMax = 1.5

export const poison = experiment({
  description:
    'sales over all partitions beside 1,000 poison messages: how soon each is quarantined',
  onlyNamed: true,
  // The consumers' warnings are part of the cost of poison messages.
  env: { ...quiet, adapter: { LOG_LEVEL: 'warn' } },
  load: async (system) => {
    // Enough shops for every partition to sell; the usual catalogue has two.
    const gateway = await system.another('gateway', 'gateway-of-many', {
      CATALOGUE_PATH: writeCatalogue(system.folder, shops),
    })
    await gateway.start()
    const { jwtSecret } = system
    const opened = await openShops({ url: () => gateway.url, jwtSecret }, shops)
    return { gateway, target: { urls: [gateway.url], next: inTurn(opened) } }
  },
  faults: ({ gateway, target }, system, { rounds = usual.rounds, seconds = usual.seconds }) =>
    withChannel(system.amqpUrl, async (channel) => {
      const poisoner = createPoisoner(system, channel)
      const { alone, beside } = await takeTurns(target, poisoner.poison, rounds, seconds)
      return {
        rounds,
        salesPerSecond,
        poisonPerSecond,
        ...poisoner.counts(),
        /** The messages in quarantine afterwards: no valid one may be among them. */
        inQuarantine: await quarantineOf(system).count(),
        ...comparisonOf(alone, beside),
      }
    }).finally(() => gateway.stop()),
  judge: (found) => ({
    runs: { poison: found },
    bounds: {
      'messages are poisoned': found.poisoned > 0,
      'every poison message is quarantined': found.quarantined === found.poisoned,
      'no valid message is quarantined': found.inQuarantine === found.poisoned,
      'every message has the expected cause': found.ofAnotherCause === 0,
      'every message is quarantined in time': found.quarantineMaxMs < quarantineLimitMs,
      'sales are made beside poison': found.salesBeside > 0,
      'every press is a sale': found.otherAnswers === 0,
      'poison hardly slows sales': found.p99Ratio < p99RatioMax,
    },
  }),
})

/** Sells without and with poison in each round, in alternating order, so that other work of the machine slows both alike. */
const takeTurns = async (
  target: SaleTarget,
  poisonFor: (count: number) => Promise<void>,
  rounds: number,
  seconds: number,
) => {
  const sell = (forTime: number) =>
    sellAtRate(target, { perSecond: salesPerSecond, seconds: forTime })
  const sellBeside = async () =>
    (await Promise.all([sell(seconds), poisonFor(seconds * poisonPerSecond)]))[0]
  const alone: LoadResult[] = []
  const beside: LoadResult[] = []
  await sell(Math.min(warmSeconds, seconds))
  for (let round = 1; round <= rounds; round += 1) {
    const early = round % 2 === 0 ? await sellBeside() : null
    const without = await sell(seconds)
    const poisoned = early ?? (await sellBeside())
    alone.push(without)
    beside.push(poisoned)
    const [one, other] = [without.latencyMs.p99, poisoned.latencyMs.p99]
    say(`${round}/${rounds}: p99 ${one} ms alone, ${other} ms beside`)
  }
  return { alone, beside }
}

const comparisonOf = (alone: readonly LoadResult[], beside: readonly LoadResult[]) => {
  const sold = (loads: readonly LoadResult[]) => sumOf(loads.map((load) => load.sold))
  /** Median of the rounds. */
  const middle = (loads: readonly LoadResult[], of: 'p50' | 'p99') =>
    rounded(median(loads.map(({ latencyMs }) => latencyMs[of])))
  const [aloneP99Ms, besideP99Ms] = [middle(alone, 'p99'), middle(beside, 'p99')]
  return {
    salesAlone: sold(alone),
    aloneP50Ms: middle(alone, 'p50'),
    aloneP99Ms,
    salesBeside: sold(beside),
    besideP50Ms: middle(beside, 'p50'),
    besideP99Ms,
    p99Ratio: ratioOf(besideP99Ms, aloneP99Ms),
    otherAnswers: sumOf([...alone, ...beside].map(notSoldOf)),
  }
}

type Sent = Pick<Poison, 'cause'> & {
  readonly publishedAt: number
  /** null: not confirmed yet. */
  confirmedAt: number | null
}

const lookEveryMs = 200
/** Longer than the limit, so that a late message is reported as late, not as lost. */
const giveUpAfterMs = 30_000
const clockMarginMs = 1_000

/** Publishes poison at a steady rate, straight into the queues, and records when each message is in quarantine. */
const createPoisoner = (system: System, channel: ConfirmChannel) => {
  const quarantine = quarantineOf(system)
  const underWay = new Map<string, Sent>()
  const tookMs: number[] = []
  let [poisoned, ofAnotherCause, failedLooks] = [0, 0, 0]

  const publish = (): void => {
    const { messageId, queue, body, cause } = poisonOf(poisoned)
    poisoned += 1
    const sent: Sent = { cause, publishedAt: Date.now(), confirmedAt: null }
    underWay.set(messageId, sent)
    const properties = { persistent: true, messageId, contentType: 'application/cloudevents+json' }
    channel.publish('', queue, body, properties, (refusal: unknown) => {
      // A refused message never comes to quarantine, and so counts as missed.
      if (refusal === null) sent.confirmedAt = Date.now()
    })
  }

  const publishAll = async (count: number): Promise<void> => {
    const startedAt = performance.now()
    for (let sent = 0; sent < count; sent += 1) {
      await pause(Math.max(0, startedAt + (sent * 1_000) / poisonPerSecond - performance.now()))
      publish()
    }
  }

  const look = async (): Promise<void> => {
    if (underWay.size === 0) return
    const oldest = Math.min(...[...underWay.values()].map(({ publishedAt }) => publishedAt))
    // A failed look delays its messages, which is reported.
    const found = await quarantine.readSince(oldest - clockMarginMs).catch(() => {
      failedLooks += 1
      return []
    })
    const seenAt = Date.now()
    for (const { messageId, cause } of found) {
      const sent = underWay.get(messageId)
      if (sent === undefined || sent.confirmedAt === null) continue
      underWay.delete(messageId)
      tookMs.push(seenAt - sent.confirmedAt)
      if (cause !== sent.cause) ofAnotherCause += 1
    }
  }

  return {
    /** @returns once all are in quarantine, or have been waited for long enough */
    poison: async (count: number): Promise<void> => {
      let giveUpAt = Infinity
      const publishing = publishAll(count).then(
        () => (giveUpAt = performance.now() + giveUpAfterMs),
      )
      while (giveUpAt === Infinity || (underWay.size > 0 && performance.now() < giveUpAt)) {
        await look()
        await pause(lookEveryMs)
      }
      await publishing
    },
    counts: () => {
      const { p50, p99, max } = latencyOf(tookMs)
      return {
        poisoned,
        quarantined: tookMs.length,
        ofAnotherCause,
        /** Reads of the quarantine that the ledger did not answer. */
        failedLooks,
        /** From the broker's confirm until the quarantine showed it; up to one look too long. */
        quarantineP50Ms: p50,
        quarantineP99Ms: p99,
        quarantineMaxMs: max,
      }
    },
  }
}
